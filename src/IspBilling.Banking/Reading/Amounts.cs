using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Banking;

/// <summary>Decimal amounts of XML, JSON and CSV into minor units.</summary>
internal static class Amounts
{
    public const string Expected = "an amount of at most two decimals";

    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>
    /// False for what is not a number, does not fit, or has more decimals than the currency. Extra zeros are accepted: the camt schema
    /// allows five decimals, and banks do write 5442.09000.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, Currency currency, out Money amount)
    {
        amount = default;
        if (!decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var major)) return false;
        if (Math.Abs(major) > long.MaxValue / Currency.MinorPerMajor) return false;
        var minor = major * Currency.MinorPerMajor;
        if (minor != decimal.Truncate(minor)) return false;
        amount = new Money((long)minor, currency);
        return true;
    }
}
