using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IspBilling.Documents.PaymentQr;

/// <summary>
/// International bank account number (ISO 13616): country, two check digits, then 11 to 30 letters and digits;
/// without spaces, in capitals. Its check digits agree (ISO 7064, modulo 97-10).
/// </summary>
public sealed record Iban
{
    private const int MinLength = 15;
    private const int MaxLength = 34;

    public string Value { get; }

    private Iban(string value) => Value = value;

    /// <exception cref="FormatException">Not an account number, or the check digits disagree.</exception>
    public static Iban Parse(string text) =>
        TryParse(text, out var iban)
            ? iban
            : throw new FormatException($"'{text}' is not an IBAN: country, check digits that agree, and 11 to 30 letters or digits expected.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out Iban? iban)
    {
        iban = null;
        if (text is null) return false;
        var value = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (value.Length is < MinLength or > MaxLength) return false;
        if (!value.All(char.IsAsciiLetterOrDigit)) return false;
        if (!char.IsAsciiLetter(value[0]) || !char.IsAsciiLetter(value[1])) return false;
        if (!char.IsAsciiDigit(value[2]) || !char.IsAsciiDigit(value[3])) return false;
        if (CreditorReference.Modulo97(value) != 1) return false;
        iban = new Iban(value);
        return true;
    }

    /// <summary>From the local form <c>prefix-number/bank</c> that Czech people write; a missing prefix is zero.</summary>
    /// <exception cref="FormatException">Not a Czech account of that form.</exception>
    public static Iban OfCzechAccount(string local)
    {
        ArgumentNullException.ThrowIfNull(local);
        var slash = local.IndexOf('/', StringComparison.Ordinal);
        var dash = local.IndexOf('-', StringComparison.Ordinal);
        var prefix = dash < 0 ? "0" : local[..dash];
        var number = slash < 0 ? "" : local[(dash + 1)..Math.Max(slash, dash + 1)];
        var bank = local[(slash + 1)..];
        if (!AreDigits(prefix, 6) || !AreDigits(number, 10) || !AreDigits(bank, 4) || bank.Length != 4)
            throw new FormatException($"'{local}' is not a Czech account: prefix-number/bank expected, for example 19-2000145399/0800.");

        var body = bank + prefix.PadLeft(6, '0') + number.PadLeft(10, '0');
        var check = 98 - CreditorReference.Modulo97($"CZ00{body}");
        return new Iban(string.Create(CultureInfo.InvariantCulture, $"CZ{check:00}{body}"));
    }

    /// <summary>In groups of four, as people read it.</summary>
    public string Grouped => string.Join(' ', Value.Chunk(4).Select(group => new string(group)));

    public override string ToString() => Value;

    private static bool AreDigits(string text, int maxLength) =>
        text.Length > 0 && text.Length <= maxLength && text.All(char.IsAsciiDigit);
}
