using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IspBilling.Documents.PaymentQr;

/// <summary>
/// The account that a payment QR pays to, as a valid IBAN (ISO 13616): without spaces, in capitals, its check digits agree.
/// </summary>
public sealed record PayeeIban
{
    public string Value { get; }

    private PayeeIban(string value) => Value = value;

    /// <exception cref="FormatException">Not an account number, or the check digits disagree.</exception>
    public static PayeeIban Parse(string text) =>
        TryParse(text, out var iban)
            ? iban
            : throw new FormatException($"'{text}' is not an IBAN: country, check digits that agree, and 11 to 30 letters or digits expected.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out PayeeIban? iban)
    {
        iban = null;
        if (text is null) return false;
        var value = Domain.Iban.Compact(text);
        if (!Domain.Iban.IsValid(value)) return false;
        iban = new PayeeIban(value);
        return true;
    }

    /// <summary>From the local form <c>prefix-number/bank</c> that Czech people write; a missing prefix is zero.</summary>
    /// <exception cref="FormatException">Not a Czech account of that form.</exception>
    public static PayeeIban OfCzechAccount(string local)
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
        return new PayeeIban(string.Create(CultureInfo.InvariantCulture, $"CZ{check:00}{body}"));
    }

    /// <summary>In groups of four, as people read it.</summary>
    public string Grouped => string.Join(' ', Value.Chunk(4).Select(group => new string(group)));

    public override string ToString() => Value;

    private static bool AreDigits(string text, int maxLength) =>
        text.Length > 0 && text.Length <= maxLength && text.All(char.IsAsciiDigit);
}
