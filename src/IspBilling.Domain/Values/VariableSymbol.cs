using System.Globalization;

namespace IspBilling.Domain;

/// <summary>
/// Variable symbol: up to ten digits that identify a Czech or Slovak bank payment. Compared without leading zeros;
/// empty and all zeros mean none, so a value of this type is never zero.
/// </summary>
public readonly record struct VariableSymbol
{
    public const int MaxDigits = 10;
    private const long MaxValue = 9_999_999_999;

    public long Value { get; }

    public VariableSymbol(long value)
    {
        Invariant.Require(value is > 0 and <= MaxValue);
        Value = value;
    }

    /// <summary>Reads what a bank or a person wrote. Null when it means none or is not a symbol (letters, over ten digits).</summary>
    public static VariableSymbol? Read(ReadOnlySpan<char> text)
    {
        text = text.Trim().TrimStart('0');
        if (text.Length is 0 or > MaxDigits) return null;
        long value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit)) return null;
            value = (value * 10) + (digit - '0');
        }

        return new VariableSymbol(value);
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
