using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.Wording;

/// <summary>
/// How numbers, amounts, dates and periods look in a language. Written out here, because the process runs without
/// culture data, and what is printed or sent must look the same on every machine.
/// </summary>
public sealed class PrintedForms
{
    private const string NoBreakSpace = "\u00A0";
    private const string Minus = "\u2212";

    private static readonly string[] EnglishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private readonly NumberFormatInfo _numbers;
    private readonly bool _isCzech;

    private PrintedForms(bool isCzech)
    {
        _isCzech = isCzech;
        _numbers = new NumberFormatInfo
        {
            NegativeSign = Minus,
            NumberDecimalSeparator = isCzech ? "," : ".",
            NumberGroupSeparator = isCzech ? NoBreakSpace : ",",
        };
    }

    public static readonly PrintedForms Czech = new(isCzech: true);
    public static readonly PrintedForms English = new(isCzech: false);

    /// <summary>Slovak writes numbers, amounts and dates as Czech does.</summary>
    /// <param name="language">See <see cref="ClientLanguages"/>.</param>
    public static PrintedForms In(string language) => language == ClientLanguages.English ? English : Czech;

    /// <summary><c>1 234,50</c> or <c>1,234.50</c>, without the currency: for columns.</summary>
    public string Number(Money amount) => amount.Major.ToString("#,##0.00", _numbers);

    /// <summary><c>1 234,50 Kč</c>, <c>€1,234.50</c>, <c>CZK 1,234.50</c>.</summary>
    public string Amount(Money amount)
    {
        if (_isCzech) return Number(amount) + NoBreakSpace + CzechSign(amount.Currency);
        var sign = amount.IsNegative ? Minus : "";
        return amount.Currency == Currency.Eur
            ? $"{sign}€{Number(amount.Abs)}"
            : $"{sign}{amount.Currency.Code}{NoBreakSpace}{Number(amount.Abs)}";
    }

    /// <summary>At least two decimals, at most four: a minute of a call costs 0.7825.</summary>
    public string UnitPrice(decimal price) => price.ToString("#,##0.00##", _numbers);

    public string Quantity(decimal quantity) => quantity.ToString("#,##0.####", _numbers);

    /// <summary><c>1. 7. 2026</c> or <c>1 Jul 2026</c>.</summary>
    public string Date(DateOnly day) => DayAndMonth(day) + NoBreakSpace + Year(day);

    /// <summary>With its last day: <c>1. 7. – 31. 7. 2026</c>; one day alone is a date.</summary>
    public string Dates(Period period)
    {
        if (period.Days == 1) return Date(period.From);
        var from = period.From.Year == period.LastDay.Year ? DayAndMonth(period.From) : Date(period.From);
        return $"{from} – {Date(period.LastDay)}";
    }

    private string DayAndMonth(DateOnly day) => _isCzech
        ? string.Create(CultureInfo.InvariantCulture, $"{day.Day}.{NoBreakSpace}{day.Month}.")
        : string.Create(CultureInfo.InvariantCulture, $"{day.Day}{NoBreakSpace}{EnglishMonths[day.Month - 1]}");

    private static string Year(DateOnly day) => day.Year.ToString(CultureInfo.InvariantCulture);

    private static string CzechSign(Currency currency)
    {
        if (currency == Currency.Czk) return "Kč";
        return currency == Currency.Eur ? "€" : currency.Code;
    }
}
