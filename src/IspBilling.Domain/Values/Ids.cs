using System.Globalization;

namespace IspBilling.Domain;

/// <summary>One client's account; assigned when the CRM first names the client. Positive.</summary>
public readonly record struct AccountId(long Value) : IComparable<AccountId>
{
    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A legal entity of the provider that invoices; 1 is the default issuer.</summary>
public readonly record struct IssuerId(int Value)
{
    public static readonly IssuerId Default = new(1);
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A tariff of the catalogue.</summary>
public readonly record struct TariffId(int Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Names one request of a caller; the same id again gets the first reply and changes nothing.</summary>
public readonly record struct CommandId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One billing run.</summary>
public readonly record struct RunId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A document by its account and its ordinal there (from 1); the legal number comes with the commit.</summary>
public readonly record struct DocumentId(AccountId Account, int Ordinal)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Account.Value}-{Ordinal}");
}

/// <summary>
/// One message on one channel, for ever the same: the account, its version after the commit that decided the message, and the place of the
/// delivery in that commit, from 1. Receivers are given <see cref="ToString()"/>, by which they know a repeated one.
/// </summary>
public readonly record struct DeliveryId(AccountId Account, long Version, int Ordinal) : ISpanFormattable, ISpanParsable<DeliveryId>
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Account.Value}-{Version}-{Ordinal}");

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"{Account.Value}-{Version}-{Ordinal}", out charsWritten);

    public static DeliveryId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' names no delivery: account-version-ordinal expected");

    public static DeliveryId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    public static bool TryParse(string? s, IFormatProvider? provider, out DeliveryId result) => TryParse(s.AsSpan(), provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out DeliveryId result)
    {
        result = default;
        Span<Range> parts = stackalloc Range[4];
        if (s.Split(parts, '-') != 3) return false;
        if (!Read(s[parts[0]], out var account) || !Read(s[parts[1]], out var version) || !Read(s[parts[2]], out var ordinal)) return false;
        if (ordinal > short.MaxValue) return false;
        result = new DeliveryId(new AccountId(account), version, (int)ordinal);
        return true;

        static bool Read(ReadOnlySpan<char> digits, out long number) =>
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }
}
