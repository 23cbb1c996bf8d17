using System.Globalization;

namespace IspBilling.Banking;

/// <summary>Dates of XML, JSON and CSV. A date is taken as the bank wrote it, in the bank's own time zone, and never converted.</summary>
internal static class BankDates
{
    private const int IsoLength = 10;

    /// <summary><c>2015-03-30</c>, or that with an offset or a time behind it: <c>2015-03-30+0200</c>, <c>2015-03-30T00:00:00Z</c>.</summary>
    public static bool TryIso(ReadOnlySpan<char> text, out DateOnly date)
    {
        date = default;
        if (text.Length < IsoLength) return false;
        if (text.Length > IsoLength && text[IsoLength] is not ('T' or 'Z' or '+' or '-' or ' ')) return false;
        return DateOnly.TryParseExact(text[..IsoLength], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    /// <summary><c>30.03.2015</c>, also with single digits.</summary>
    public static bool TryCzech(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "d.M.yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    /// <summary>
    /// Milliseconds since 1970 UTC that mean midnight in Prague, so 22:00 or 23:00 of the day before in UTC. Two hours later it is
    /// the right day in summer and in winter, without time zone data.
    /// </summary>
    public static bool TryEpochMilliseconds(ReadOnlySpan<char> text, out DateOnly date)
    {
        date = default;
        const long latest = 253_402_300_799_999 - (2 * 60 * 60 * 1000); // the end of the year 9999
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > latest) return false;
        date = DateOnly.FromDateTime(DateTime.UnixEpoch.AddMilliseconds(milliseconds).AddHours(2));
        return true;
    }
}
