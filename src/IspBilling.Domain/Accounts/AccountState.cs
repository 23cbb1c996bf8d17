using System.Collections.Immutable;

namespace IspBilling.Domain;

public enum AccountStatus
{
    /// <summary>The CRM has not described the client yet.</summary>
    New,
    Open,
    Closed,
}

/// <summary>A document as the account remembers it: enough to settle, remind and correct.</summary>
/// <param name="Settled">How much of <see cref="Total"/>'s magnitude is allocated, to it (invoice) or from it (credit note).</param>
/// <param name="Disputed">The client contests it: it leaves the debt that dunning looks at.</param>
/// <param name="Allocations">What a credit note settled; empty on invoices.</param>
public sealed record OpenDocument(
    int Ordinal,
    DocumentKind Kind,
    string Number,
    DateOnly IssuedOn,
    DateOnly DueOn,
    VariableSymbol? Symbol,
    Money Total,
    Money Settled,
    bool Disputed,
    ImmutableArray<Allocation> Allocations)
{
    /// <summary>What is left to pay (invoice) or to use (credit note); never negative.</summary>
    public Money Open => Total.Abs - Settled;
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

    public AccountProfile RequiredProfile => Profile ?? throw new InvariantBrokenException("an account without a profile decides nothing");

    public Service? FindService(string reference)
    {
        foreach (var service in Services)
        {
            if (service.Reference == reference) return service;
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
