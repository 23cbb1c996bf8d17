using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Banking.Gpc;

/// <summary>The order of an account's 16 digits in the file.</summary>
internal enum GpcAccountOrder
{
    /// <summary>As people write it: prefix, then number.</summary>
    Shown,

    /// <summary>Shown P1–P6 C1–C9 C0 is stored C0 C8 C9 C6 C1 C2 C3 C4 C5 C7 P1–P6.</summary>
    Internal,
}

/// <summary>
/// An account as a GPC record holds it: 16 digits, whose order differs by bank and is told by the modulo-11 check of both parts.
/// About one account in a hundred passes in both orders; then the order of the statement's own account decides.
/// </summary>
internal readonly record struct GpcAccount(int Prefix, long Number)
{
    private const long NumberRange = 10_000_000_000;

    public static GpcAccount Read(long stored, GpcAccountOrder preferred)
    {
        var (first, second) = preferred == GpcAccountOrder.Shown ? (Shown(stored), Internal(stored)) : (Internal(stored), Shown(stored));
        return first.IsValid || !second.IsValid ? first : second;
    }

    /// <summary>The order in which a statement stores its own account: a known account is believed before check digits.</summary>
    public static GpcAccountOrder OrderOf(long stored, IReadOnlyCollection<OwnAccount> known)
    {
        var (shown, inner) = (Shown(stored), Internal(stored));
        if (known.Any(own => shown.Is(own.Account))) return GpcAccountOrder.Shown;
        if (known.Any(own => inner.Is(own.Account))) return GpcAccountOrder.Internal;
        return !shown.IsValid && inner.IsValid ? GpcAccountOrder.Internal : GpcAccountOrder.Shown;
    }

    public bool Is(CzechAccount account) => account.Prefix == Prefix && account.Number == Number;

    /// <param name="bankCode">Null or 0000 where the file does not say: then the account is written without a bank.</param>
    public string WithBank(string? bankCode) => bankCode is null or "0000" ? ToString() : $"{ToString()}/{bankCode}";

    public override string ToString() => Prefix == 0
        ? Number.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Number}");

    private bool IsValid => new CzechAccount(Prefix, Number, 0).HasValidCheckDigits;

    private static GpcAccount Shown(long stored) => new((int)(stored / NumberRange), stored % NumberRange);

    private static GpcAccount Internal(long stored)
    {
        Span<int> s = stackalloc int[16];
        for (var i = 15; i >= 0; i--, stored /= 10) s[i] = (int)(stored % 10);
        ReadOnlySpan<int> numberAt = [4, 5, 6, 7, 8, 3, 9, 1, 2, 0];
        var number = 0L;
        foreach (var at in numberAt) number = (number * 10) + s[at];
        var prefix = 0;
        foreach (var digit in s[10..]) prefix = (prefix * 10) + digit;
        return new GpcAccount(prefix, number);
    }
}
