using System.Globalization;

namespace IspBilling.Banking.Mt940;

/// <summary>Days as MT940 writes them.</summary>
internal static class Mt940Dates
{
    /// <summary>Two-digit years from here are of the last century: SWIFT statements are older than this one.</summary>
    private const int LastCenturyFrom = 80;

    /// <summary>yymmdd; null for what is no day of the calendar, such as 30 February, which banks do write as a value date.</summary>
    public static DateOnly? Day(ReadOnlySpan<char> digits)
    {
        var year = Number(digits[..2]);
        return Of(year < LastCenturyFrom ? 2000 + year : 1900 + year, Number(digits[2..4]), Number(digits[4..6]));
    }

    /// <summary>mmdd in the year that brings it nearest to the day given: a booking in January of a value in December.</summary>
    public static DateOnly? DayNear(ReadOnlySpan<char> digits, DateOnly near)
    {
        DateOnly? nearest = null;
        for (var year = near.Year - 1; year <= near.Year + 1; year++)
        {
            if (Of(year, Number(digits[..2]), Number(digits[2..4])) is not { } day) continue;
            if (nearest is null || Math.Abs(day.DayNumber - near.DayNumber) < Math.Abs(nearest.Value.DayNumber - near.DayNumber)) nearest = day;
        }

        return nearest;
    }

    private static DateOnly? Of(int year, int month, int day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
