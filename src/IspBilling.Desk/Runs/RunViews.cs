using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Contract;

namespace IspBilling.Http.BillingRuns;

/// <summary>Rows of a run in the interface's words: clients by reference, money with its currency.</summary>
internal static class RunRows
{
    public static RunItemView Item(RunItem item, IReadOnlyDictionary<AccountId, string> names, RunCurrencies currencies) => new(
        names[item.Account], item.Account.Value, item.Outcome, item.Documents,
        item.Documents > 0 ? currencies.Of(item.Account, item.TotalMinor) : null, currencies.Of(item.Account, item.PreviousTotalMinor), item.Detail);

    public static RunDifferenceView Difference(RunDifference row, IReadOnlyDictionary<AccountId, string> names, RunCurrencies currencies) =>
        new(names[row.Account], row.Account.Value, row.Kind, currencies.Of(row.Account, row.BeforeMinor), currencies.Of(row.Account, row.NowMinor));

    public static RunDeviationView Deviation(RunDeviation row, IReadOnlyDictionary<AccountId, string> names, RunCurrencies currencies) => new(
        names[row.Account], row.Account.Value, row.Previewed, currencies.Of(row.Account, row.PreviewedMinor), row.Issued, currencies.Of(row.Account, row.IssuedMinor));
}
