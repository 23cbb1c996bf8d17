using IspBilling.Documents.Invoices;
using IspBilling.Engine.Wording;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.Invoices;

public sealed class PrintedFormsTests
{
    [Theory]
    [InlineData("1234.50", "CZK", "1 234,50 Kč", "CZK 1,234.50")]
    [InlineData("-0.24", "CZK", "−0,24 Kč", "−CZK 0.24")]
    [InlineData("1234567.89", "EUR", "1 234 567,89 €", "€1,234,567.89")]
    [InlineData("-5.00", "EUR", "−5,00 €", "−€5.00")]
    [InlineData("0", "USD", "0,00 USD", "USD 0.00")]
    public void Amounts_keep_their_currency_on_the_line(string major, string currency, string czech, string english)
    {
        var amount = Money.FromMajor(decimal.Parse(major), Currency.Parse(currency));
        Assert.Equal(Unbreakable(czech), PrintedForms.Czech.Amount(amount));
        Assert.Equal(Unbreakable(czech), PrintedForms.In("sk").Amount(amount));
        Assert.Equal(Unbreakable(english), PrintedForms.English.Amount(amount));
    }

    [Theory]
    [InlineData("2026-07-01", "2026-08-01", "1. 7. – 31. 7. 2026", "1 Jul – 31 Jul 2026")]
    [InlineData("2026-12-15", "2027-01-15", "15. 12. 2026 – 14. 1. 2027", "15 Dec 2026 – 14 Jan 2027")]
    [InlineData("2026-12-01", "2027-01-01", "1. 12. – 31. 12. 2026", "1 Dec – 31 Dec 2026")]
    [InlineData("2024-02-29", "2024-03-01", "29. 2. 2024", "29 Feb 2024")]
    public void A_period_shows_its_last_day(string from, string to, string czech, string english)
    {
        var period = new Period(DateOnly.Parse(from), DateOnly.Parse(to));
        Assert.Equal(czech, PrintedForms.Czech.Dates(period).Replace('\u00A0', ' '));
        Assert.Equal(english, PrintedForms.English.Dates(period).Replace('\u00A0', ' '));
    }

    [Theory]
    [InlineData("0.7825", "0,7825")]
    [InlineData("412.4", "412,40")]
    [InlineData("1000", "1 000,00")]
    public void Unit_prices_have_two_to_four_decimals(string price, string printed) =>
        Assert.Equal(Unbreakable(printed), PrintedForms.Czech.UnitPrice(decimal.Parse(price)));

    [Theory]
    [InlineData("1.00", "1")]
    [InlineData("0.5", "0,5")]
    [InlineData("-12000", "−12 000")]
    public void Quantities_have_no_needless_decimals(string quantity, string printed) =>
        Assert.Equal(Unbreakable(printed), PrintedForms.Czech.Quantity(decimal.Parse(quantity)));

    private static string Unbreakable(string text) => text.Replace(' ', '\u00A0');
}
