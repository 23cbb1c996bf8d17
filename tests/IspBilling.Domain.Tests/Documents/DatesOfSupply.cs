namespace IspBilling.Domain.Tests.Documents;

/// <summary>A line's own date of supply decides its month and its rate; a document holds supplies of one month.</summary>
public class DatesOfSupply
{
    private static readonly Tariff Reduced = Given.Gross(1, 112) with { VatCategory = VatCategory.Reduced };

    private static LiveAccount Account(string today, SupplyDating dating, params Tariff[] tariffs) =>
        new LiveAccount(today, tariffs).Of(issuer => issuer with { SupplyDating = dating });

    [Fact]
    public void Arrears_of_two_months_are_two_documents_each_at_the_rate_of_its_month()
    {
        var account = Account("2024-01-31", SupplyDating.Period, Reduced).Has("net", "2023-12-01", 1, timing: BillingTiming.InArrears);

        var documents = account.Bill("2024-01-31");

        Assert.Equal(
            [(Given.Day("2023-12-31"), 1500, Money.Czk(112)), (Given.Day("2024-01-31"), 1200, Money.Czk(112))],
            documents.Select(document => (document.SuppliedOn, document.Vat.Single().Rate.BasisPoints, document.Total)));
        Assert.All(documents, document => Assert.Equal((Given.Day("2024-01-31"), DocumentKind.Invoice), (document.IssuedOn, document.Kind)));
        Assert.Equal([("2400000001", 1), ("2400000002", 2)], documents.Select(document => (document.Number, document.Ordinal)));
        Assert.Equal(2, Assert.IsType<Billed>(account.Last.Reply).Documents.Length);
        Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today, null, PreviewOnly: false)));
    }

    [Fact]
    public void With_the_day_of_billing_the_same_two_months_are_one_document_of_that_day()
    {
        var account = Account("2024-01-31", SupplyDating.BillingDay, Reduced).Has("net", "2023-12-01", 1, timing: BillingTiming.InArrears);

        var invoice = Assert.Single(account.Bill("2024-01-31"));

        Assert.Equal((Given.Day("2024-01-31"), 1200, Money.Czk(224)), (invoice.SuppliedOn, invoice.Vat.Single().Rate.BasisPoints, invoice.Total));
        Assert.All(invoice.Lines, line => Assert.Null(line.SuppliedOn));
    }

    [Fact]
    public void Arrears_beside_an_advance_are_two_documents()
    {
        var account = Account("2026-02-01", SupplyDating.Period, Given.Gross(1, 499), Given.Gross(2, 199))
            .Has("calls", "2026-01-01", 2, timing: BillingTiming.InArrears).Has("net", "2026-02-01", 1);

        Assert.Equal(
            [(Given.Day("2026-01-31"), Money.Czk(199)), (Given.Day("2026-02-01"), Money.Czk(499))],
            account.Bill("2026-02-01").Select(document => (document.SuppliedOn, document.Total)));
    }

    [Fact]
    public void Lines_of_one_month_share_a_document_that_prints_the_latest_of_their_dates()
    {
        var account = Account("2026-03-31", SupplyDating.Period, Given.Gross(1, 499)).Has("net", "2026-03-01", 1, end: "2026-03-21")
            .Does(LiveAccount.Item("install", "2026-03-05", 990));

        var invoice = Assert.Single(account.Bill("2026-03-31"));

        Assert.Equal(Given.Day("2026-03-20"), invoice.SuppliedOn);
        Assert.Equal([null, Given.Day("2026-03-05")], invoice.Lines.Select(line => line.SuppliedOn));
    }

    [Fact]
    public void What_is_no_electronic_communication_keeps_its_own_date_also_with_the_day_of_billing()
    {
        var account = Account("2026-04-05", SupplyDating.BillingDay, Given.Gross(1, 499), Given.Gross(2, 59) with { Kind = ServiceKind.Rental })
            .Has("net", "2026-03-01", 1, end: "2026-04-01").Has("router", "2026-03-01", 2, end: "2026-04-01").Does(LiveAccount.Item("install", "2026-03-10", 990));

        Assert.Equal(
            [(Given.Day("2026-03-31"), Money.Czk(1049)), (Given.Day("2026-04-05"), Money.Czk(499))],
            account.Bill("2026-04-05").Select(document => (document.SuppliedOn, document.Total)));
    }

    [Theory]
    [InlineData(SupplyDating.Period)]
    [InlineData(SupplyDating.BillingDay)]
    public void A_correction_is_supplied_on_the_day_it_is_issued_whatever_month_it_corrects(SupplyDating dating)
    {
        var account = Account("2026-03-01", dating, Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");

        account.On("2026-04-10").Has("net", "2026-03-01", 1, end: "2026-03-15");
        Assert.Equal(Given.Day("2026-04-10"), Assert.Single(account.Bill("2026-04-10")).SuppliedOn);
    }

    /// <summary>The rental is dated by its period and the internet before it by the bill, so the later days stand on the earlier invoice.</summary>
    [Fact]
    public void Periods_that_one_bill_puts_on_two_invoices_are_charged_once_whatever_their_order()
    {
        var account = Account("2026-02-01", SupplyDating.BillingDay, Given.Gross(1, 499), Given.Gross(2, 59) with { Kind = ServiceKind.Rental })
            .Has("net", "2026-02-01", 1, timing: BillingTiming.InArrears);
        account.On("2026-04-01").Has("net", "2026-02-01", 2, timing: BillingTiming.InArrears, from: "2026-03-08");

        Assert.Equal(2, account.Bill("2026-04-01").Count);

        var charged = account.Service("net").Charged;
        Assert.Equal(charged.OrderBy(segment => segment.Period.From).Select(segment => segment.Period), charged.Select(segment => segment.Period));
        Assert.Equal(Given.Day("2026-04-01"), account.Service("net").ChargedUpTo);
        Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today, null, PreviewOnly: false)));
    }

    [Fact]
    public void A_price_that_rose_adds_to_a_past_month_on_the_day_it_is_issued_at_the_rate_of_then()
    {
        var account = Account("2023-12-01", SupplyDating.Period, Reduced).Has("net", "2023-12-01", 1, end: "2024-01-01");
        account.Bill("2023-12-01");

        account.On("2024-01-10").SpecialPrice("net", "more", "2023-12-01", null, 212);
        var invoice = Assert.Single(account.Bill("2024-01-10"));

        Assert.Equal((Given.Day("2024-01-10"), 1500, Money.Czk(100)), (invoice.SuppliedOn, invoice.Vat.Single().Rate.BasisPoints, invoice.Total));
    }

    [Fact]
    public void A_deduction_without_a_month_of_its_own_goes_on_the_latest_invoice()
    {
        var account = Account("2026-02-01", SupplyDating.Period, Given.Gross(1, 499), Given.Gross(2, 199))
            .Has("calls", "2026-01-01", 2, timing: BillingTiming.InArrears).Has("net", "2026-02-01", 1).Does(LiveAccount.Item("sorry", "2025-12-05", -99));

        Assert.Equal([Money.Czk(199), Money.Czk(400)], account.Bill("2026-02-01").Select(document => document.Total));
    }

    [Fact]
    public void A_deduction_larger_than_its_invoice_becomes_a_credit_note_that_settles_both()
    {
        var account = Account("2026-02-01", SupplyDating.Period, Given.Gross(1, 499), Given.Gross(2, 199))
            .Has("calls", "2026-01-01", 2, timing: BillingTiming.InArrears).Has("net", "2026-02-01", 1).Does(LiveAccount.Item("sorry", "2026-02-01", -600));

        var documents = account.Bill("2026-02-01");

        Assert.Equal(
            [(DocumentKind.CreditNote, Money.Czk(-600)), (DocumentKind.Invoice, Money.Czk(199)), (DocumentKind.Invoice, Money.Czk(499))],
            documents.Select(document => (document.Kind, document.Total)));
        Assert.Equal([Money.Czk(0), Money.Czk(0), Money.Czk(98)], account.State.Documents.Select(document => document.Open));
    }

    [Fact]
    public void An_advance_over_the_new_year_is_supplied_on_the_day_it_is_issued()
    {
        var account = Account("2023-12-20", SupplyDating.Period, Reduced).Has("net", "2023-12-20", 1, months: 12, anchor: 20);

        var invoice = Assert.Single(account.Bill("2023-12-20"));

        Assert.Equal((Given.Day("2023-12-20"), 1500), (invoice.SuppliedOn, invoice.Vat.Single().Rate.BasisPoints));
    }
}
