using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Contract;
using IspBilling.Postgres.Reading;

namespace IspBilling.Http.BillingRuns;

/// <summary>In which currency each account of a run is billed.</summary>
internal sealed class RunCurrencies
{
    private readonly string? _ofAll;
    private readonly IReadOnlyDictionary<AccountId, string> _each;

    private RunCurrencies(string? ofAll, IReadOnlyDictionary<AccountId, string> each) => (_ofAll, _each) = (ofAll, each);

    /// <summary>Looks at the accounts only where issuers of the run differ.</summary>
    public static async Task<RunCurrencies> Of(
        BillingRun run, IEnumerable<AccountId> accounts, TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation)
    {
        if (OfAll(run, contexts) is { } one) return new RunCurrencies(one, new Dictionary<AccountId, string>());
        var issuers = await totals.IssuersOf([.. accounts], cancellation);
        return new RunCurrencies(null, issuers.ToDictionary(entry => entry.Key, entry => contexts.Settings.Issuers[entry.Value].Currency.Code));
    }

    /// <summary>The one currency of the run; null when its issuers have several.</summary>
    public static string? OfAll(BillingRun run, LiveContext contexts) =>
        run.Filter.Issuer is { } issuer ? contexts.Settings.Issuers[issuer].Currency.Code : Currencies.OfAll(contexts);

    public MoneyAmount? Of(AccountId account, long? minor) => minor is { } amount ? MoneyAmount.Of(amount, _ofAll ?? _each[account]) : null;
}
