using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Desk.Explanations;

/// <summary>A line's arithmetic as people write it: <c>499.00 × 15/31 = 241.45161… → 241.45 CZK</c>.</summary>
public static class LineFormula
{
    private const string DifferenceSign = "−";

    public static string Of(DocumentLine line)
    {
        if (line.OneOff is not null) return OneOff(line);
        if (line.Change is { } change) return Changed(line, change);
        if (line.Basis is not { } basis) return Gone(line);
        var owed = basis.Amount();
        var product = Product(basis, owed);
        if (owed == line.Amount) return product;

        // The line carries only what the terms now in force differ from what documents charged before.
        var before = Plain(line.ChargedBefore()!.Value);
        return $"{product}; charged before {before}; difference {Plain(owed)} {DifferenceSign} {before} = {line.Amount}";
    }

    /// <summary>What a stretch costs now, what documents charged for it, and how much of the difference this line is.</summary>
    private static string Changed(DocumentLine line, StretchChange change)
    {
        var (before, after) = (change.Before, line.Basis);
        var charged = before is null || IsPlain(before) ? Plain(change.Charged) : Part(before, change.Charged);
        var text = (before, after) switch
        {
            (null, { } fresh) when change.Charged.IsZero => Part(fresh, change.Owed),
            (_, { } now) => $"{Part(now, change.Owed)}; charged before {charged}; difference {Plain(change.Owed)} {DifferenceSign} {Plain(change.Charged)} = {change.Difference}",
            _ => $"charged {charged}, owed 0.00; difference {change.Difference}",
        };
        return change.Difference == line.Amount ? text : $"{text}; {line.Amount} of it on this line";
    }

    /// <summary>A stretch that was cut out of a longer one takes what the rest of that leaves.</summary>
    private static string Part(ChargeBasis basis, Money amount)
    {
        var product = basis.Amount();
        return product == amount ? Product(basis, product) : $"{Product(basis, product)}, {amount} as the rest of a longer stretch";
    }

    private static bool IsPlain(ChargeBasis basis) =>
        basis.Quantity == Quantity.One && basis.Share == MonthShare.OneMonth && basis.DiscountBasisPoints == 0;

    private static string Product(ChargeBasis basis, Money owed)
    {
        if (IsPlain(basis)) return owed.ToString();
        var factors = new List<string> { Plain(basis.MonthlyPrice) };
        if (basis.Quantity != Quantity.One) factors.Add(basis.Quantity.ToString());
        if (basis.Share != MonthShare.OneMonth) factors.Add(basis.Share.ToString());
        if (basis.DiscountBasisPoints != 0) factors.Add(string.Create(CultureInfo.InvariantCulture, $"(1 − {VatRate.PercentOf(basis.DiscountBasisPoints):0.##} %)"));
        return $"{string.Join(" × ", factors)} = {Rounded(basis, owed)}";
    }

    /// <summary>With the unrounded product before it when rounding changed something.</summary>
    private static string Rounded(ChargeBasis basis, Money owed)
    {
        var exact = basis.Exact();
        if (exact == owed.Major) return owed.ToString();
        var shown = decimal.Truncate(exact * 100_000) / 100_000;
        return string.Create(CultureInfo.InvariantCulture, $"{shown:0.00###}{(shown == exact ? "" : "…")} → {owed}");
    }

    private static string OneOff(DocumentLine line) => line.Amount.IsNegative != line.UnitPrice.IsNegative
        ? $"{DifferenceSign}({Plain(line.UnitPrice)} × {line.Quantity}) = {line.Amount}"
        : $"{Plain(line.UnitPrice)} × {line.Quantity} = {line.Amount}";

    private static string Gone(DocumentLine line) => $"charged {Plain(line.Amount.Abs)}, owed 0.00; difference {line.Amount}";

    private static string Plain(Money money) => money.Major.ToString("0.00", CultureInfo.InvariantCulture);
}
