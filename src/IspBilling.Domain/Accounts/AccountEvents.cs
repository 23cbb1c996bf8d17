using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Something that happened to an account. Stored for ever under the name the Engine's event catalogue gives it.</summary>
/// <remarks>Who asked for it stands beside it in the journal; events of earlier releases also said so themselves.</remarks>
public abstract record AccountEvent;

/// <param name="Revision">Ordinal of these particulars in the account, from 1.</param>
public sealed record ProfileChanged(AccountProfile Profile, int Revision, DateOnly On) : AccountEvent;

/// <summary>The CRM gave a higher revision with what it said than ever before; what it says with a lower one is out of date.</summary>
/// <param name="Service">Null for the client's particulars.</param>
public sealed record PushRevisionRaised(int? Service, long Revision) : AccountEvent;

public sealed record ServiceStarted(
    int Number,
    string Reference,
    DateOnly Start,
    DateOnly? End,
    TariffId Tariff,
    Quantity Quantity,
    BillingCycle Cycle,
    BillingTiming Timing) : AccountEvent;

/// <summary>Other terms apply from a day on, which may lie in the past; later terms of the service are replaced.</summary>
public sealed record ServiceTermsChanged(
    int Service,
    DateOnly From,
    TariffId Tariff,
    Quantity Quantity,
    BillingCycle Cycle,
    BillingTiming Timing) : AccountEvent;

/// <param name="End">First day without the service; null takes the end back.</param>
public sealed record ServiceEndSet(int Service, DateOnly? End) : AccountEvent;

/// <summary>A contract was agreed, or the one with the same reference changed.</summary>
public sealed record ContractAgreed(Contract Contract) : AccountEvent;

/// <summary>A contract that was entered by mistake was taken back.</summary>
public sealed record ContractRemoved(string Reference) : AccountEvent;

/// <summary>A service belongs to another contract: it changes no price.</summary>
/// <param name="Contract">Reference; null for none.</param>
public sealed record ServiceContractSet(int Service, string? Contract) : AccountEvent;

/// <summary>A pause began or its dates changed.</summary>
public sealed record ServicePaused(int Service, Pause Pause) : AccountEvent;

public sealed record PauseRemoved(int Service, string Pause) : AccountEvent;

/// <summary>A special price was agreed, or the one with the same id changed.</summary>
public sealed record SpecialPriceAgreed(
    int Service, string Id, DateOnly From, DateOnly? To, Money? MonthlyPrice, int? DiscountBasisPoints, string Reason) : AccountEvent;

/// <summary>Other words for why a special price was agreed: it changes no price and does not count as agreed later.</summary>
public sealed record SpecialPriceReasonChanged(int Service, string Id, string Reason) : AccountEvent;

public sealed record SpecialPriceRemoved(int Service, string Id) : AccountEvent;

public sealed record OneOffAdded(
    string Id, DateOnly Date, string Text, Quantity Quantity, Money UnitPrice, PriceMode PriceMode, VatCategory VatCategory) : AccountEvent;

/// <summary>Taken back; if it is on a document already, the next credit note returns it.</summary>
public sealed record OneOffCancelled(string Id) : AccountEvent;

/// <summary>A document was issued and settled what it could from credit at once.</summary>
/// <param name="Settlements">Credit that settles the invoice, or what the credit note settles.</param>
/// <param name="Recharged">For services whose earlier charges changed: what documents now charge for them, whole.</param>
public sealed record DocumentIssued(
    Document Document, ImmutableArray<Settlement> Settlements, ImmutableArray<Recharged> Recharged) : AccountEvent
{
    public Money Settled() => Settlements.Sum(Document.Currency, settlement => settlement.Amount);
}

/// <param name="Reason">Why a clerk booked it here, where that needed a word.</param>
/// <param name="Received">What the bank received, where that was another currency.</param>
public sealed record PaymentBooked(Payment Payment, string? Reason = null, Money? Received = null) : AccountEvent;

/// <summary>Money went out to the client: credit that was refunded, or a part of one payment that went back.</summary>
/// <param name="Payment">With a negative amount, and the credit that it uses.</param>
/// <param name="Released">What the payment that went back in part settled and no longer does; empty for a refund.</param>
/// <param name="Reason">Why a clerk decided so; null for a rule.</param>
public sealed record MoneyPaidBack(Payment Payment, ImmutableArray<Allocation> Released, string? Reason) : AccountEvent;

/// <summary>The bank took the money back; what the payment settled is open again. Of a refund: it came back, and is credit again.</summary>
/// <param name="Entry">Identity of the statement entry that says so.</param>
/// <param name="Reason">Why a clerk decided so; null for a rule.</param>
public sealed record PaymentReversed(int Payment, string Entry, DateOnly On, string? Reason = null) : AccountEvent;

/// <summary>A clerk had named the wrong payment: it was not this one that the entry took back.</summary>
public sealed record PaymentRestored(int Payment, string Entry, string Reason, DateOnly On) : AccountEvent;

/// <summary>The bank took money back, and no payment here was meant.</summary>
/// <remarks>
/// Only records that it happened. If the command arrives again, it must not take back a payment that was booked in the meantime:
/// a person has already been told that the entry found none.
/// </remarks>
/// <param name="Entry">Identity of the statement entry that says so.</param>
public sealed record ReversalFoundNothing(string Entry, Money Amount, DateOnly On) : AccountEvent;

/// <summary>A clerk took the payment off this account; what it settled is open again. Of money paid back: it is credit again.</summary>
public sealed record PaymentUnassigned(int Payment, string Reason, DateOnly On) : AccountEvent;

/// <summary>Unused credit settled invoices.</summary>
public sealed record CreditUsed(ImmutableArray<Settlement> Settlements, DateOnly On) : AccountEvent;

/// <param name="Step">Index in the policy of that day, for people; what counts later is the code.</param>
/// <param name="PolicyRevision">Revision of the settings journal that the policy came from; null where none told of it, and in earlier releases.</param>
public sealed record DunningStepTaken(int Step, string Code, DunningActions Actions, Money Debt, DateOnly On, long? PolicyRevision = null) : AccountEvent
{
    /// <summary>Which of e-mail and SMS its message leaves by; null where none of them delivered that day, as in every earlier release.</summary>
    public DunningActions? By { get; init; }
}

/// <summary>A target accepted a step's message: from that day on the client was told, and the least days of the next step count.</summary>
/// <param name="Delivery">Which one, by <see cref="DeliveryId"/>.</param>
public sealed record ReminderReached(string Code, DateOnly On, string Delivery) : AccountEvent
{
    /// <summary>Null in releases that did not say: e-mail.</summary>
    public MessageChannel? Channel { get; init; }
}

/// <summary>Why a step's message did not reach the client.</summary>
/// <remarks>Stored by name: never rename.</remarks>
public enum ReminderLoss
{
    /// <summary>A target refused it for good.</summary>
    Refused,

    /// <summary>It was tried as often as it may be.</summary>
    GivenUp,

    /// <summary>It was accepted, and came back.</summary>
    Bounced,

    /// <summary>What it was about did not hold when it was about to be sent.</summary>
    Withdrawn,

    /// <summary>It had failed where the client is no longer to be reached: another address or number is known since.</summary>
    Readdressed,
}

/// <summary>A step's message did not reach the client on a channel, or did so no longer.</summary>
/// <param name="Delivery">Which one, by <see cref="DeliveryId"/>.</param>
/// <param name="Reason">What the target said; null where it said nothing.</param>
public sealed record ReminderLost(string Code, MessageChannel Channel, string Delivery, ReminderLoss Why, DateOnly On, string? Reason = null) : AccountEvent;

/// <summary>A step's message that did not arrive by e-mail goes another way.</summary>
/// <param name="StepOn">The day on which the step was taken.</param>
/// <param name="Delivery">The one that did not arrive, by <see cref="DeliveryId"/>.</param>
/// <param name="PolicyRevision">Of the message that did not arrive.</param>
public sealed record ReminderRerouted(
    string Code, DateOnly StepOn, MessageChannel To, Money Debt, string Delivery, DateOnly On, long? PolicyRevision = null) : AccountEvent;

/// <summary>A document that did not arrive by e-mail goes another way.</summary>
/// <param name="Document">Ordinal.</param>
/// <param name="Delivery">The one that did not arrive, by <see cref="DeliveryId"/>.</param>
public sealed record DocumentRerouted(int Document, DeliveryPreference To, string Delivery, DateOnly On) : AccountEvent;

/// <summary>Something is known against the client's e-mail address; another address clears it.</summary>
/// <param name="Reason">What a server or its owner said.</param>
public sealed record EmailMarked(EmailFault Fault, DateOnly On, string? Reason = null) : AccountEvent;

/// <summary>A person knows better.</summary>
public sealed record EmailMarkCleared(string Reason, DateOnly On) : AccountEvent;

/// <summary>The debt is gone or too small to matter: dunning starts over.</summary>
public sealed record DunningCleared(DateOnly On) : AccountEvent;

public sealed record ServiceLevelChanged(ServiceLevel Level, string? Profile, DateOnly On) : AccountEvent;

/// <summary>About the invoices there were on that day: when they are settled the promise is over, whatever its date.</summary>
/// <param name="Until">Last day of the promise; null withdraws it.</param>
public sealed record PromiseMade(DateOnly? Until, DateOnly On) : AccountEvent;

public sealed record DocumentDisputeSet(int Document, bool Disputed, string Reason, DateOnly On) : AccountEvent;

public sealed record DunningExemptionSet(bool Exempt, string Reason, DateOnly On) : AccountEvent;

/// <summary>A person gave the service back although nothing was paid: what was taken so far counts no more.</summary>
public sealed record RestoredByHand(string Reason, DateOnly On) : AccountEvent;

public sealed record AccountClosed(DateOnly On) : AccountEvent;

public sealed record AccountReopened(DateOnly On) : AccountEvent;

/// <summary>Settled history before a day left the account's state; it stays in the journal and the read models.</summary>
/// <param name="KeepsTax">
/// What left of a document that partly stays is remembered for the tax of credits; releases that did not do so did not say so.
/// </param>
public sealed record HistorySettled(DateOnly Before, bool KeepsTax = false) : AccountEvent
{
    /// <summary>
    /// Charges on documents that stay have stayed, and payments that something happened to; null of releases that went by the period of supply
    /// and the bank's day alone.
    /// </summary>
    public bool? KeepsDocuments { get; init; }
}
