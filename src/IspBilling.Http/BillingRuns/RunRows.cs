using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Contract;

namespace IspBilling.Http.BillingRuns;

/// <summary>Rows of a run in the interface's words: clients by reference, money with its currency.</summary>
internal static class RunRows
{
    public static RunItemView Item(RunItem item, IReadOnlyDictionary<AccountId, string> names, string? currency) => new(
        names[item.Account], item.Account.Value, item.Outcome, item.Documents,
        item.Documents > 0 ? Money(item.TotalMinor, currency) : null, Money(item.PreviousTotalMinor, currency), item.Detail);

    public static RunDifferenceView Difference(RunDifference row, IReadOnlyDictionary<AccountId, string> names, string? currency) =>
        new(names[row.Account], row.Account.Value, row.Kind, Money(row.BeforeMinor, currency), Money(row.NowMinor, currency));

    public static RunDeviationView Deviation(RunDeviation row, IReadOnlyDictionary<AccountId, string> names, string? currency) => new(
        names[row.Account], row.Account.Value, row.Previewed, Money(row.PreviewedMinor, currency), row.Issued, Money(row.IssuedMinor, currency));

    /// <summary>Where issuers of one run differ in currency, an amount stands without one; the documents say which it is.</summary>
    private static MoneyAmount? Money(long? minor, string? currency) => minor is { } amount ? MoneyAmount.Of(amount, currency ?? "") : null;
}
