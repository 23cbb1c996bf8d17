using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What a caller asks of an account. The <see cref="CommandId"/> travels beside it, and the <see cref="Actor"/> who asks.</summary>
public abstract record AccountCommand;

/// <summary>Creates the client or changes its particulars.</summary>
/// <param name="Revision">The CRM's own revision of the particulars: what is older than the last one it gave is <see cref="Stale"/>.</param>
public sealed record SetProfile(AccountProfile Profile, long? Revision = null) : AccountCommand;

/// <summary>Brings a service to what the CRM says it is; says nothing when it already is.</summary>
/// <param name="Start">First day of the service; cannot change once set.</param>
/// <param name="End">First day without the service; the start itself when it never began.</param>
/// <param name="EffectiveFrom">
/// First day of the terms; the day of the command when null. What is planned for a later day stays planned, see <see cref="PlannedTerms"/>.
/// </param>
/// <param name="Revision">The CRM's own revision of the service: what is older than the last one it gave is <see cref="Stale"/>.</param>
/// <param name="Contract">Reference of the contract that it belongs to; null for none. It changes no price.</param>
public sealed record PutService(
    string Reference,
    DateOnly Start,
    DateOnly? End,
    TariffId Tariff,
    Quantity Quantity,
    BillingCycle Cycle,
    BillingTiming Timing,
    DateOnly? EffectiveFrom,
    long? Revision = null,
    string? Contract = null) : AccountCommand;

/// <summary>Brings a contract to what the CRM says it is; says nothing when it already is.</summary>
/// <param name="Contract">With <see cref="Contract.PushRevision"/>: what is older than the last one the CRM gave is <see cref="Stale"/>.</param>
public sealed record PutContract(Contract Contract) : AccountCommand;

/// <summary>Takes back a contract that was entered by mistake: refused while a service belongs to it.</summary>
public sealed record RemoveContract(string Reference) : AccountCommand;

public sealed record PutPause(string Service, Pause Pause) : AccountCommand;

public sealed record RemovePause(string Service, string Pause) : AccountCommand;

/// <summary>Exactly one of <paramref name="MonthlyPrice"/> and <paramref name="DiscountBasisPoints"/>.</summary>
public sealed record PutSpecialPrice(
    string Service, string Id, DateOnly From, DateOnly? To, Money? MonthlyPrice, int? DiscountBasisPoints, string Reason) : AccountCommand;

public sealed record RemoveSpecialPrice(string Service, string Id) : AccountCommand;

public sealed record AddOneOff(
    string Id, DateOnly Date, string Text, Quantity Quantity, Money UnitPrice, PriceMode PriceMode, VatCategory VatCategory) : AccountCommand;

public sealed record CancelOneOff(string Id) : AccountCommand;

/// <summary>Bills the difference up to a date; with <paramref name="PreviewOnly"/> says what it would be and changes nothing.</summary>
/// <param name="Run">The billing run that asks; null for a single account.</param>
public sealed record Bill(DateOnly Through, RunId? Run, bool PreviewOnly) : AccountCommand;

/// <param name="Entry">Identity of the statement entry or part of it.</param>
/// <param name="Rule">How the account was found; the account itself refines a named document to an exact one.</param>
/// <param name="Reason">Why a clerk booked it here, where that needs a word.</param>
/// <param name="Received">What the bank received, where it is another currency; the amount is then what a clerk states it is worth.</param>
public sealed record BookPayment(
    string Entry,
    Money Amount,
    DateOnly BookedOn,
    VariableSymbol? Symbol,
    string? CounterAccount,
    string? OrderReference,
    MatchRule Rule,
    string? Reason = null,
    Money? Received = null) : AccountCommand;

/// <summary>Money went out to the client: it is taken from credit, and there must be enough.</summary>
/// <param name="Entry">Identity of the statement entry or part of it.</param>
/// <param name="Amount">Above 0.</param>
public sealed record BookRefund(
    string Entry,
    Money Amount,
    DateOnly BookedOn,
    VariableSymbol? Symbol,
    string? CounterAccount,
    string? OrderReference,
    MatchRule Rule,
    string? Reason = null) : AccountCommand;

/// <summary>A clerk says which payment went back, whole or in part, or which refund came back.</summary>
/// <param name="Entry">Identity of the statement entry or part of it.</param>
/// <param name="Payment">Ordinal.</param>
/// <param name="Amount">
/// Above 0 and at most what is left of the payment; without what the bank charged for the return. Of a refund that came back its own amount,
/// which is negative.
/// </param>
public sealed record ReturnPayment(string Entry, int Payment, Money Amount, DateOnly BookedOn, string Reason) : AccountCommand;

/// <summary>The bank took back a payment of this amount: the youngest one that has the order reference, else the symbol or counter-account.</summary>
/// <param name="Amount">Negative for a refund that came back.</param>
public sealed record ReversePayment(
    string Entry, Money Amount, DateOnly BookedOn, VariableSymbol? Symbol, string? CounterAccount, string? OrderReference) : AccountCommand;

/// <summary>Undoes what an entry did here: a payment, a refund, or the return of a payment.</summary>
public sealed record UnassignPayment(string Entry, string Reason) : AccountCommand;

/// <summary>Looks whether something of the account's own fell due: dunning steps, promises.</summary>
public sealed record Review : AccountCommand;

public sealed record PromiseToPay(DateOnly? Until) : AccountCommand;

public sealed record SetDispute(int Document, bool Disputed, string Reason) : AccountCommand;

public sealed record SetDunningExemption(bool Exempt, string Reason) : AccountCommand;

/// <summary>Gives the service back although the debt that took it away is open; nothing when nothing was taken away.</summary>
public sealed record RestoreByHand(string Reason) : AccountCommand;

/// <summary>What became of a message that this account decided to send. Says nothing more when the state does not depend on it.</summary>
/// <param name="On">The day of the outcome: of a delivered one, when its target accepted it.</param>
public sealed record RecordDelivery(DeliveryId Delivery, MessageChannel Channel, OutgoingMessage Message, DeliveryOutcome Outcome, DateOnly On) : AccountCommand;

/// <summary>Asks whether what a message says still holds, right before it is sent. Nothing changes.</summary>
public sealed record ConfirmMessage(OutgoingMessage Message) : AccountCommand;

/// <summary>
/// A message that a target had accepted came back for good. Who was told by it alone was not told: what stood on it is given back.
/// </summary>
/// <param name="Message">What was delivered.</param>
/// <param name="Reason">What came back says; at most <see cref="MaxReason"/> characters of it are kept.</param>
/// <param name="On">The day on which it came back.</param>
public sealed record TakeBackDelivery(
    DeliveryId Delivery, MessageChannel Channel, OutgoingMessage Message, string Reason, DateOnly On) : AccountCommand
{
    public const int MaxReason = 500;
}

/// <summary>Something is known against the client's e-mail address.</summary>
/// <param name="Recipients">To whom the mail had gone, as the report says; when none of them is the client's address any more, nothing happens. Empty where it says nothing.</param>
/// <param name="Reason">What the report says; at most <see cref="TakeBackDelivery.MaxReason"/> characters of it are kept.</param>
public sealed record MarkEmail(EmailFault Fault, ValueList<string> Recipients, string Reason) : AccountCommand;

/// <summary>A person knows that mails to the client's address arrive, and are wanted.</summary>
public sealed record ClearEmailMark(string Reason) : AccountCommand;

/// <summary>A mail did not arrive: what it says goes another way, where the policy of the client's group has one. Asked for once for each mail.</summary>
/// <param name="Message">What the mail said.</param>
public sealed record SendAnotherWay(DeliveryId Delivery, OutgoingMessage Message) : AccountCommand;

/// <summary>The client leaves: refused while a service or a contract runs on.</summary>
public sealed record CloseAccount : AccountCommand;

public sealed record ReopenAccount : AccountCommand;

/// <summary>What deciding needs besides state and command; all of it values.</summary>
/// <param name="Today">The business date.</param>
/// <param name="CorrectionHorizonMonths">Settled history older than this leaves the state.</param>
public sealed record DecisionContext(
    DateOnly Today,
    TariffCatalogue Catalogue,
    VatRates VatRates,
    ImmutableDictionary<IssuerId, Issuer> Issuers,
    DunningPolicy DunningPolicy,
    int CorrectionHorizonMonths)
{
    /// <summary>Revision of the settings journal that the dunning policy comes from; null where none tells of it.</summary>
    public long? PolicyRevision { get; init; }

    /// <summary>Which of e-mail and SMS deliver: what no channel takes tells nobody.</summary>
    public DunningActions Delivering { get; init; } = DunningPolicy.Channels;

    /// <summary>Whether documents are printed and posted to those whom no mail reaches.</summary>
    public bool PostsLetters { get; init; }

    /// <summary>Which days are free, and on which nothing is taken away.</summary>
    public RestrictionDays RestrictionDays { get; init; } = RestrictionDays.Every;

    /// <summary>Why nothing may be taken away from anybody today; null when it may. Restores never wait.</summary>
    public RestrictionHold? Hold { get; init; }

    /// <summary>Policies of groups of clients; whoever is of no such group goes by <see cref="DunningPolicy"/>.</summary>
    public ImmutableDictionary<string, GroupPolicy> GroupPolicies { get; init; } = ImmutableDictionary<string, GroupPolicy>.Empty;

    /// <summary>Days after which what is known of the bank is too old to take anything away by it; null where that is never so.</summary>
    public int? BankDataDays { get; init; }

    /// <summary>By issuer, the last day that a statement of theirs tells of.</summary>
    public ImmutableDictionary<IssuerId, DateOnly> BankDataThrough { get; init; } = ImmutableDictionary<IssuerId, DateOnly>.Empty;

    /// <summary>What dunning of an account goes by today.</summary>
    public DunningTerms DunningOf(AccountState account)
    {
        var group = account.Profile?.Group is { } name && GroupPolicies.TryGetValue(name, out var own) ? own : new GroupPolicy(DunningPolicy, PolicyRevision);
        return new DunningTerms(group.Policy)
        {
            Revision = group.Revision,
            Delivering = Delivering,
            Days = RestrictionDays,
            Hold = IsBankDataStale(account.Profile) ? RestrictionHold.StaleBankData : Hold,
        };
    }

    private bool IsBankDataStale(AccountProfile? profile) =>
        BankDataDays is { } days && profile is not null
        && !(BankDataThrough.TryGetValue(profile.Issuer, out var through) && through.AddDays(days) >= Today);

    /// <exception cref="BrokenReferenceException">The account's issuer does not exist.</exception>
    public Issuer IssuerOf(AccountProfile profile) =>
        Issuers.TryGetValue(profile.Issuer, out var issuer) ? issuer : throw new BrokenReferenceException($"issuer {profile.Issuer} does not exist");
}
