using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Postgres.Reading;

namespace IspBilling.Desk.Runs;

/// <summary>In which currency each account of a run is billed.</summary>
internal sealed class RunCurrencies
{
    private readonly Currency? _ofAll;
    private readonly IReadOnlyDictionary<AccountId, Currency> _each;

    private RunCurrencies(Currency? ofAll, IReadOnlyDictionary<AccountId, Currency> each) => (_ofAll, _each) = (ofAll, each);

    /// <summary>Looks at the accounts only where issuers of the run differ.</summary>
    public static async Task<RunCurrencies> Of(
        BillingRun run, IEnumerable<AccountId> accounts, TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation)
    {
        if (OfAll(run, contexts) is { } one) return new RunCurrencies(one, new Dictionary<AccountId, Currency>());
        var issuers = await totals.IssuersOf([.. accounts], cancellation);
        return new RunCurrencies(null, issuers.ToDictionary(entry => entry.Key, entry => contexts.Settings.Issuers[entry.Value].Currency));
    }

    /// <summary>The one currency of the run; null when its issuers have several.</summary>
    public static Currency? OfAll(BillingRun run, LiveContext contexts) =>
        run.Filter.Issuer is { } issuer ? contexts.Settings.Issuers[issuer].Currency : contexts.Settings.OnlyCurrency();

    public Money? Of(AccountId account, long? minor) => minor is { } amount ? new Money(amount, _ofAll ?? _each[account]) : null;
}
