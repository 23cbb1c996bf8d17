using System.Globalization;

namespace IspBilling.Banking.Gpc;

/// <summary>Texts of numbers up to 9999, made once: constant symbols repeat in every record of a large file.</summary>
internal static class SmallNumbers
{
    private static readonly string?[] Made = new string?[10_000];

    /// <summary>Without leading zeros; null for zero. Races are harmless: both sides make the same text.</summary>
    public static string? Text(long number) => number switch
    {
        0 => null,
        < 10_000 => Made[number] ??= number.ToString(CultureInfo.InvariantCulture),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>Bank codes as four digits, made once.</summary>
internal static class BankCodes
{
    private static readonly string?[] Made = new string?[10_000];

    public static string Text(int code) => Made[code] ??= code.ToString("0000", CultureInfo.InvariantCulture);
}
