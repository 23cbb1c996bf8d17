namespace IspBilling.Domain.Tests.Documents;

public class Taxes
{
    [Theory]
    [InlineData(PriceMode.Gross, "698.00", 2100, "576.86", "121.14")]
    [InlineData(PriceMode.Gross, "499.00", 2100, "412.40", "86.60")]
    [InlineData(PriceMode.Gross, "121.00", 2100, "100.00", "21.00")]
    [InlineData(PriceMode.Gross, "112.00", 1200, "100.00", "12.00")]
    [InlineData(PriceMode.Gross, "0.01", 2100, "0.01", "0.00")]
    [InlineData(PriceMode.Gross, "0.03", 2100, "0.02", "0.01")]
    [InlineData(PriceMode.Gross, "-273.65", 2100, "-226.16", "-47.49")]
    [InlineData(PriceMode.Gross, "100.00", 0, "100.00", "0.00")]
    [InlineData(PriceMode.Net, "660.33", 2100, "660.33", "138.67")]
    [InlineData(PriceMode.Net, "100.00", 2100, "100.00", "21.00")]
    [InlineData(PriceMode.Net, "0.50", 2100, "0.50", "0.11")] // 0.105
    [InlineData(PriceMode.Net, "-0.50", 2100, "-0.50", "-0.11")]
    [InlineData(PriceMode.Net, "0.02", 2100, "0.02", "0.00")]
    [InlineData(PriceMode.Net, "333.33", 1200, "333.33", "40.00")]
    [InlineData(PriceMode.Net, "250.00", 0, "250.00", "0.00")]
    public void Tax_is_taken_out_of_gross_sums_and_put_on_net_ones(PriceMode mode, string sum, int rate, string taxBase, string tax)
    {
        var total = Vat.Total(VatCategory.Standard, new VatRate(rate), mode, Given.Czk(sum));

        Assert.Equal((Given.Czk(taxBase), Given.Czk(tax)), (total.Base, total.Tax));
        if (mode == PriceMode.Gross) Assert.Equal(Given.Czk(sum), total.Gross);
    }

    [Fact]
    public void The_gross_price_promised_stands_also_where_no_base_leads_to_it()
    {
        var without = 0;
        for (var minor = 1L; minor <= 121_000; minor++)
        {
            var total = Vat.Total(VatCategory.Standard, new VatRate(2100), PriceMode.Gross, new Money(minor, Currency.Czk));
            Assert.Equal(minor, total.Gross.Minor);
            var again = Vat.Total(VatCategory.Standard, new VatRate(2100), PriceMode.Net, total.Base);

            // Seen from the base, the tax is at most a haléř away: what an e-invoice carries as rounding.
            Assert.InRange(again.Tax.Minor - total.Tax.Minor, -1, 1);
            if (again.Gross.Minor != minor) without++;
        }

        // "About one in six": 21 of 121.
        Assert.Equal(21_000, without);
    }

    [Theory]
    [InlineData("698.00", "0.00")]
    [InlineData("698.49", "-0.49")]
    [InlineData("698.50", "0.50")]
    [InlineData("698.51", "0.49")]
    [InlineData("0.49", "-0.49")]
    [InlineData("-698.50", "-0.50")]
    [InlineData("-698.49", "0.49")]
    public void Cash_rounds_to_whole_crowns_outside_the_base(string total, string rounding)
    {
        Assert.Equal(Given.Czk(rounding), Vat.CashRounding(Given.Czk(total)));
        Assert.Equal(0, (Given.Czk(total) + Vat.CashRounding(Given.Czk(total))).Minor % 100);
    }

    [Theory]
    [InlineData(VatCategory.Standard, "2013-01-01", 2100)]
    [InlineData(VatCategory.Standard, "2026-01-01", 2100)]
    [InlineData(VatCategory.Reduced, "2023-12-31", 1500)]
    [InlineData(VatCategory.Reduced, "2024-01-01", 1200)]
    [InlineData(VatCategory.Zero, "1990-01-01", 0)]
    [InlineData(VatCategory.ReverseCharge, "2026-01-01", 0)]
    [InlineData(VatCategory.Exempt, "2026-01-01", 0)]
    [InlineData(VatCategory.OutOfScope, "2026-01-01", 0)]
    public void The_rate_follows_category_and_date_of_supply(VatCategory category, string day, int rate) =>
        Assert.Equal(new VatRate(rate), VatRates.Known.On("CZ", category, Given.Day(day)));

    [Theory]
    [InlineData(VatCategory.Standard, "2024-12-31", 2000)]
    [InlineData(VatCategory.Standard, "2025-01-01", 2300)]
    [InlineData(VatCategory.Reduced, "2024-12-31", 1000)]
    [InlineData(VatCategory.Reduced, "2025-01-01", 1900)]
    [InlineData(VatCategory.ReverseCharge, "2025-01-01", 0)]
    public void Slovakia_has_rates_of_its_own(VatCategory category, string day, int rate) =>
        Assert.Equal(new VatRate(rate), VatRates.Known.On("SK", category, Given.Day(day)));

    [Fact]
    public void A_country_without_known_rates_names_itself() => Assert.Contains(
        "DE", Assert.Throws<BrokenReferenceException>(() => VatRates.Known.On("DE", VatCategory.Standard, Given.Day("2026-01-01"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_slovak_issuer_charges_slovak_tax()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 123)).Has("net", "2026-03-01", 1)
            .Of(issuer => issuer with { Address = issuer.Address with { Country = "SK" } });

        var vat = Assert.Single(Assert.Single(account.Bill("2026-03-01")).Vat);

        Assert.Equal((new VatRate(2300), Money.Czk(100), Money.Czk(23)), (vat.Rate, vat.Base, vat.Tax));
    }

    [Fact]
    public void A_date_before_any_known_rate_names_itself() => Assert.Contains(
        "2012-12-31", Assert.Throws<BrokenReferenceException>(() => VatRates.Known.On("CZ", VatCategory.Standard, Given.Day("2012-12-31"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_document_has_one_total_for_each_category_rate_and_price_mode()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499), Given.Net(2, 100)).Has("net", "2026-03-01", 1).Has("tv", "2026-03-01", 2)
            .Does(LiveAccount.Item("book", "2026-03-01", 112, vat: VatCategory.Reduced))
            .Does(LiveAccount.Item("penalty", "2026-03-01", 50, vat: VatCategory.OutOfScope))
            .Does(LiveAccount.Item("build", "2026-03-01", 1000, mode: PriceMode.Net, vat: VatCategory.ReverseCharge));

        var invoice = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal(
            [
                (VatCategory.OutOfScope, 0, 50m, 0m), (VatCategory.Reduced, 1200, 100m, 12m), (VatCategory.ReverseCharge, 0, 1000m, 0m),
                (VatCategory.Standard, 2100, 100m, 21m), (VatCategory.Standard, 2100, 412.40m, 86.60m),
            ],
            invoice.Vat.Select(total => (total.Category, total.Rate.BasisPoints, total.Base.Major, total.Tax.Major))
                .OrderBy(row => row.Category.ToString(), StringComparer.Ordinal).ThenBy(row => row.Item3));
        Assert.Equal(Money.Czk(1782), invoice.Total);
        var postings = Postings.Of(invoice);
        Assert.Equal(Money.Czk(1782), Assert.Single(postings, posting => posting.Account == LedgerAccount.Receivables).Amount);
        Assert.Equal(-1662.40m, postings.Where(posting => posting.Account == LedgerAccount.Revenue).Sum(posting => posting.Amount.Major));
        Assert.Equal(-119.60m, postings.Where(posting => posting.Account == LedgerAccount.Vat).Sum(posting => posting.Amount.Major));
    }

    [Fact]
    public void Rounding_is_posted_to_its_own_account()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499.50m)).Has("net", "2026-03-01", 1);
        var invoice = Assert.Single(account.Bill("2026-03-01"));
        var rounding = Vat.CashRounding(invoice.Total);

        var postings = Postings.Of(invoice with { Rounding = rounding, Total = invoice.Total + rounding });

        Assert.Equal(Money.Czk(-0.50m), Assert.Single(postings, posting => posting.Account == LedgerAccount.Rounding).Amount);
        Assert.Equal(0, postings.Sum(posting => posting.Amount.Minor));
    }

    [Theory]
    [InlineData("2026-03-01", "2026-03-01")] // in advance: supplied on the day of issue
    [InlineData("2026-04-05", "2026-03-31")] // issued late: the last day supplied
    public void The_date_of_supply_is_the_last_day_supplied_or_the_day_of_issue(string issued, string supplied)
    {
        var account = new LiveAccount(issued, Given.Gross(1, 499)).Has("net", "2026-03-01", 1, end: "2026-04-01")
            .Of(issuer => issuer with { SupplyDating = SupplyDating.Period });

        Assert.Equal(Given.Day(supplied), Assert.Single(account.Bill(issued)).SuppliedOn);
    }

    [Fact]
    public void A_provider_that_is_no_payer_charges_no_tax()
    {
        var account = Registered(null, new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1));

        var vat = Assert.Single(Assert.Single(account.Bill("2026-03-01")).Vat);

        Assert.Equal((VatCategory.OutOfScope, Money.Czk(499), Money.Czk(0)), (vat.Category, vat.Base, vat.Tax));
    }

    [Theory]
    [InlineData("CZ12345678", null, 2100, VatCategory.Standard)]
    [InlineData(null, "CZ12345678", 0, VatCategory.OutOfScope)]
    public void A_correction_keeps_the_tax_of_what_it_corrects(string? before, string? after, int rate, VatCategory category)
    {
        var account = Registered(before, new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1));
        account.Bill("2026-03-01");

        Registered(after, account).Has("net", "2026-03-01", 1, end: "2026-03-15");
        var line = Assert.Single(Assert.Single(account.Bill("2026-03-10")).Lines);

        Assert.Equal((new VatRate(rate), category), (line.VatRate, line.VatCategory));
    }

    [Fact]
    public void A_credit_note_takes_the_rate_in_force_when_the_original_was_supplied()
    {
        var reduced = Given.Gross(1, 112) with { VatCategory = VatCategory.Reduced };
        var account = new LiveAccount("2023-12-01", reduced).Has("book", "2023-12-01", 1);
        account.Bill("2023-12-01");

        account.On("2024-01-05").Has("book", "2023-12-01", 1, end: "2023-12-16");
        var documents = account.Bill("2024-01-05");

        Assert.Equal(new VatRate(1500), Assert.Single(Assert.Single(documents).Lines).VatRate);
    }

    private static LiveAccount Registered(string? vatNumber, LiveAccount account)
    {
        account.Context = account.Context with { Issuers = account.Context.Issuers.SetItem(IssuerId.Default, Given.Provider with { VatNumber = vatNumber }) };
        return account;
    }
}
