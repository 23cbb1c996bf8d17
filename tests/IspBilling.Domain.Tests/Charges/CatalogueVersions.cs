namespace IspBilling.Domain.Tests.Charges;

/// <summary>A version of the catalogue prices what was not invoiced when it was entered, unless whoever enters it says otherwise.</summary>
public class CatalogueVersions
{
    /// <summary>2026 at 499.00 a month, invoiced in January; 599.00 from July is entered in May.</summary>
    private static LiveAccount AnnualBeforeThePriceRose(bool reprices = false)
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, months: 12);
        Assert.Equal(Money.Czk(5_988), Assert.Single(account.Bill("2026-01-01")).Total);
        return account.On("2026-05-15").Priced(1, "2026-07-01", 599, reprices);
    }

    [Fact]
    public void What_is_invoiced_is_not_billed_again_by_a_later_price()
    {
        var account = AnnualBeforeThePriceRose();

        foreach (var day in new[] { "2026-05-15", "2026-06-01", "2026-07-01", "2026-12-31" }) Assert.Empty(account.On(day).Bill(day));

        Assert.Equal(Money.Czk(7_188), Assert.Single(account.On("2027-01-01").Bill("2027-01-01")).Total);
    }

    [Fact]
    public void A_service_that_ends_is_credited_from_the_price_it_was_invoiced_at()
    {
        var account = AnnualBeforeThePriceRose().On("2026-06-15").Has("net", "2026-01-01", 1, months: 12, end: "2026-06-15");

        var note = Assert.Single(account.Bill("2026-06-15"));

        Assert.Equal((DocumentKind.CreditNote, Money.Czk(-3_260.13m)), (note.Kind, note.Total)); // 16/30 × 499.00 + 6 × 499.00
    }

    [Fact]
    public void Whoever_enters_a_price_may_say_that_it_applies_to_what_is_invoiced()
    {
        var account = AnnualBeforeThePriceRose(reprices: true);

        var invoice = Assert.Single(account.Bill("2026-05-15"));

        Assert.Equal((DocumentKind.Invoice, Money.Czk(600)), (invoice.Kind, invoice.Total));
        Assert.Empty(account.On("2026-07-01").Bill("2026-07-01"));
    }

    [Fact]
    public void A_price_entered_before_the_period_was_invoiced_prices_it_also_when_the_period_began_before()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, months: 12).Priced(1, "2026-07-01", 599);

        Assert.Equal(Money.Czk(6_588), Assert.Single(account.Bill("2026-01-01")).Total);
        Assert.Empty(account.Bill("2026-12-31"));
    }

    [Fact]
    public void In_arrears_a_period_is_not_invoiced_until_it_has_passed()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, months: 12, timing: BillingTiming.InArrears)
            .On("2026-05-15").Priced(1, "2026-07-01", 599);

        Assert.Equal(Money.Czk(6_588), Assert.Single(account.On("2026-12-31").Bill("2026-12-31")).Total);
    }

    [Fact]
    public void A_corrected_price_stands_beside_the_one_it_corrects()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1);
        account.Bill("2026-03-01");

        account.On("2026-03-20").Priced(1, "2013-01-01", 399);

        Assert.Equal(Money.Czk(399), Assert.Single(account.On("2026-04-01").Bill("2026-04-01")).Total);
        Assert.Equal(Money.Czk(1_896), account.State.Balance);
    }

    [Fact]
    public void A_corrected_price_that_applies_to_what_is_invoiced_is_credited_month_by_month()
    {
        var account = new LiveAccount("2026-02-01", Given.Gross(1, 499)).Has("net", "2026-02-01", 1);
        account.Bill("2026-03-01");

        account.On("2026-03-20").Priced(1, "2026-02-01", 399, reprices: true);

        var note = Assert.Single(account.Bill("2026-03-20"));
        Assert.Equal([Money.Czk(-100), Money.Czk(-100)], note.Lines.Select(line => line.Amount));
        Assert.All(note.Lines, line => Assert.Equal(1, line.Corrects!.Value.Document));
    }

    [Fact]
    public void More_of_a_service_in_an_invoiced_period_costs_what_the_period_was_invoiced_at()
    {
        var account = AnnualBeforeThePriceRose().On("2026-08-01").Has("net", "2026-01-01", 1, months: 12, quantity: 2);

        var documents = account.Bill("2026-08-01");

        Assert.Equal(Money.Czk(5 * 499), documents.Sum(Currency.Czk, document => document.Total));
    }

    [Fact]
    public void Days_that_were_not_invoiced_have_the_new_price_although_their_neighbours_keep_the_old()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, months: 12, end: "2026-06-01");
        account.Bill("2026-01-01");

        account.On("2026-05-15").Priced(1, "2026-04-01", 599).Has("net", "2026-01-01", 1, months: 12);

        Assert.Equal(Money.Czk(7 * 599), Assert.Single(account.Bill("2026-05-15")).Total);
        Assert.Empty(account.Bill("2026-12-31"));
    }

    [Fact]
    public void Without_its_special_price_an_invoiced_period_costs_what_the_tariff_cost_when_it_was_invoiced()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, months: 12).SpecialPrice("net", "loyal", "2026-01-01", null, 399);
        account.Bill("2026-01-01");

        account.On("2026-05-15").Priced(1, "2026-07-01", 599).Does(new RemoveSpecialPrice("net", "loyal"));

        Assert.Equal(Money.Czk(1_200), account.Bill("2026-05-15").Sum(Currency.Czk, document => document.Total));
    }

    [Fact]
    public void Another_tariff_in_an_invoiced_period_costs_what_it_costs_today()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499), Given.Gross(2, 699)).Has("net", "2026-01-01", 1, months: 12);
        account.Bill("2026-01-01");

        account.On("2026-07-01").Priced(2, "2026-07-01", 799).Has("net", "2026-01-01", 2, months: 12);

        Assert.Equal(Money.Czk(6 * (799 - 499)), account.Bill("2026-07-01").Sum(Currency.Czk, document => document.Total));
    }

    [Fact]
    public void What_an_earlier_release_invoiced_keeps_its_price_from_the_next_entry_on()
    {
        // Stored without revisions: neither the stretch nor the price that was valid then tells when it came.
        var account = new LiveAccount("2026-01-01", Given.Tariff(1, PriceMode.Gross, ("2013-01-01", 499), ("2026-04-01", 549))).Has("net", "2026-01-01", 1, months: 12);
        account.Context = account.Context with { Catalogue = account.Context.Catalogue with { Revision = 0 } };
        account.Bill("2026-01-01");
        Assert.All(account.Service("net").Charged, segment => Assert.Equal(0, segment.BilledUnder));
        account.Context = account.Context with { Catalogue = account.Context.Catalogue with { Revision = 17 } };

        Assert.Empty(account.On("2026-05-15").Bill("2026-05-15"));
        Assert.Empty(account.Priced(1, "2026-07-01", 599).Bill("2026-07-01"));
    }

    [Fact]
    public void The_card_shows_the_price_that_an_invoiced_day_has()
    {
        var account = AnnualBeforeThePriceRose();

        Assert.Equal(Money.Czk(499), OwedCharges.PriceOn(account.Service("net"), account.Context.Catalogue, Given.Day("2026-08-01")).Amount());
        Assert.Equal(Money.Czk(599), OwedCharges.PriceOn(account.Service("net"), account.Context.Catalogue, Given.Day("2027-01-01")).Amount());
    }
}
