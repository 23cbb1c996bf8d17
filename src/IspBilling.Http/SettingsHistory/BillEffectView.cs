using IspBilling.Domain;
using IspBilling.Engine.Effects;
using IspBilling.Http.Contract;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.SettingsHistory;

/// <summary>Sums by currency, before and after; a currency without any money is left out.</summary>
public sealed record DifferenceView(IReadOnlyList<MoneyAmount> Before, IReadOnlyList<MoneyAmount> After, IReadOnlyList<MoneyAmount> Difference)
{
    public static DifferenceView Of(CurrencyTotals before, CurrencyTotals after) => new(Amounts(before), Amounts(after), Amounts(after.Less(before)));

    private static IReadOnlyList<MoneyAmount> Amounts(CurrencyTotals sums) => [.. sums.All.Select(MoneyAmount.Of)];
}

/// <summary>What accounts would be billed next, by the settings in force and by the draft.</summary>
/// <param name="Through">Through-date of the bill that is compared.</param>
/// <param name="Accounts">Accounts whose bill differs.</param>
/// <param name="Failing">Accounts that could not be billed by the draft; a run would park them.</param>
/// <param name="Total">Of all documents of all accounts that were looked at; credit notes are negative.</param>
/// <param name="Tax">Of the same documents.</param>
/// <param name="Examples">The first accounts whose bill differs, at most <see cref="ExamplesMax"/>.</param>
public sealed record NextBillView(DateOnly Through, long Accounts, long Failing, DifferenceView Total, DifferenceView Tax, IReadOnlyList<BillExampleView> Examples)
{
    public const int ExamplesMax = 20;

    public static async Task<NextBillView> Of(BillEffect effect, DateOnly through, ClientDirectory directory, CancellationToken cancellation)
    {
        var references = await directory.ReferencesOf([.. effect.Examples.Select(example => example.Account)], cancellation);
        return new NextBillView(
            through, effect.Changed, effect.Failing, DifferenceView.Of(effect.TotalBefore, effect.TotalAfter), DifferenceView.Of(effect.TaxBefore, effect.TaxAfter),
            [.. effect.Examples.Select(example => new BillExampleView(
                references.GetValueOrDefault(example.Account) ?? $"{example.Account}",
                MoneyAmount.Of(example.Before.Total), MoneyAmount.Of(example.After.Total), MoneyAmount.Of(example.Before.Tax), MoneyAmount.Of(example.After.Tax)))]);
    }
}

/// <param name="Client">The CRM's reference.</param>
public sealed record BillExampleView(string Client, MoneyAmount Before, MoneyAmount After, MoneyAmount TaxBefore, MoneyAmount TaxAfter);
