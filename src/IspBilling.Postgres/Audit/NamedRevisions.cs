using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>The youngest revision of the settings journal that an event names: so far the journal must reach. Accounts are checked side by side.</summary>
internal sealed class NamedRevisions
{
    private readonly Lock _gate = new();

    public (long Revision, AccountId Account) Youngest { get; private set; }

    public void Add(AccountId account, AccountEvent happened)
    {
        var named = happened switch
        {
            DunningStepTaken { PolicyRevision: { } policy } => policy,
            DocumentIssued { Document: var document } => document.Lines.Max(line => line.TariffRevision) ?? 0,
            _ => 0,
        };
        lock (_gate)
        {
            if (named > Youngest.Revision) Youngest = (named, account);
        }
    }
}
