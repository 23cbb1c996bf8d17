using IspBilling.Engine.Accounts;
using PublicHoliday;

namespace IspBilling.Hosting;

/// <summary>Public holidays of the countries that providers of this program work in.</summary>
internal sealed class NationalHolidays : IHolidays
{
    public IEnumerable<DateOnly> Of(string country, int year) => country switch
    {
        "CZ" => Days(new CzechRepublicPublicHoliday(), year),
        "SK" => Days(new SlovakiaPublicHoliday(), year),
        _ => [],
    };

    private static IEnumerable<DateOnly> Days(PublicHolidayBase calendar, int year) => calendar.PublicHolidays(year).Select(DateOnly.FromDateTime);
}
