using System.Collections.Immutable;

namespace IspBilling.Domain;

public enum AccountStatus
{
    /// <summary>The CRM has not described the client yet.</summary>
    New,
    Open,
    Closed,
}

/// <summary>
/// Everything an account decides from. Changed only by <see cref="AccountEvolution"/>; the journal's events fold to exactly this.
/// </summary>
/// <param name="Version">Number of events so far.</param>
/// <param name="ProfileRevision">Grows with each change of particulars; documents name it.</param>
/// <param name="Documents">Within the correction horizon, or open.</param>
/// <param name="Payments">Within the correction horizon, or with money left.</param>
/// <param name="Balance">Invoices − credit notes − payments, over all time; positive is debt.</param>
public sealed record AccountState(
    AccountId Id,
    long Version,
    AccountStatus Status,
    AccountProfile? Profile,
    int ProfileRevision,
    ImmutableArray<Service> Services,
    ImmutableArray<OneOff> OneOffs,
    ImmutableArray<OpenDocument> Documents,
    ImmutableArray<Payment> Payments,
    int LastDocument,
    int LastPayment,
    Money Balance,
    DunningState Dunning,
    ServiceLevel Level)
{
    public static AccountState New(AccountId id) => new(
        id, 0, AccountStatus.New, null, 0, [], [], [], [], 0, 0, default, DunningState.None, ServiceLevel.Full);

    /// <summary>The highest revision that the CRM gave with the client's particulars; null when it gives none.</summary>
    public long? PushRevision { get; init; }

    /// <summary>What is known against the client's e-mail address; null when nothing is.</summary>
    public EmailMark? EmailMark { get; init; }

    /// <summary>Whether a message may go to the client's e-mail address.</summary>
    public bool TakesByEmail(OutgoingMessage message) => Profile?.Email is not null && EmailMark?.Stops(message) is not true;

    /// <summary>One-off items that left <see cref="OneOffs"/>: their ids stay taken.</summary>
    public ImmutableArray<PastItem> PastItems { get; init; } = [];

    /// <summary>Empty in an account whose CRM knows of none.</summary>
    public ImmutableArray<Contract> Contracts { get; init; } = [];

    /// <summary>Where the tax that is left of a document does not follow from what it still charges; empty in nearly every account.</summary>
    public ImmutableArray<TaxRemainder> TaxRemainders { get; init; } = [];

    /// <summary>The part of the state that drafting looks at.</summary>
    internal ChargedSoFar ChargedSoFar => new(Services, OneOffs, TaxRemainders, LastDocument);

    public AccountProfile RequiredProfile => Profile ?? throw new InvariantBrokenException("an account without a profile decides nothing");

    /// <summary>The first day on which billing may have something to do; null when never. Early is harmless, late is not.</summary>
    public DateOnly? NextBillOn => BillingProposal.NextDueOn(Services, OneOffs);

    /// <summary>The part of the state that dunning looks at.</summary>
    public Debtor Debtor => new(Documents, Dunning, Level);

    /// <summary>What is open of invoices past their due date.</summary>
    /// <param name="currency">The issuer's: an account without documents has none of its own.</param>
    public Money OverdueOn(DateOnly day, Currency currency)
    {
        var sum = Money.Zero(currency);
        foreach (var document in Documents)
        {
            if (document.IsReceivable && document.DueOn < day) sum += document.Open;
        }

        return sum;
    }

    /// <summary>Payments and credit notes that nothing has used yet.</summary>
    /// <param name="currency">The issuer's.</param>
    public Money UnusedCredit(Currency currency)
    {
        var sum = Money.Zero(currency);
        foreach (var payment in Payments) sum += payment.Unallocated;
        foreach (var document in Documents)
        {
            if (document.IsCredit) sum += document.Open;
        }

        return sum;
    }

    public Service? FindService(string reference)
    {
        foreach (var service in Services)
        {
            if (CallerReference.AreSame(service.Reference, reference)) return service;
        }

        return null;
    }

    public Contract? FindContract(string reference)
    {
        foreach (var contract in Contracts)
        {
            if (CallerReference.AreSame(contract.Reference, reference)) return contract;
        }

        return null;
    }

    public OneOff? FindOneOff(string id)
    {
        foreach (var item in OneOffs)
        {
            if (CallerReference.AreSame(item.Id, id)) return item;
        }

        return null;
    }

    /// <summary>What is left of an item that is no longer among <see cref="OneOffs"/>.</summary>
    public PastItem? FindPastItem(string id)
    {
        if (PastItems.IsEmpty) return null;
        var key = PastItem.KeyOf(id);
        foreach (var item in PastItems)
        {
            if (item.Key == key) return item;
        }

        return null;
    }

    public OpenDocument? FindDocument(int ordinal)
    {
        foreach (var document in Documents)
        {
            if (document.Ordinal == ordinal) return document;
        }

        return null;
    }
}
