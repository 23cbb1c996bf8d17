namespace IspBilling.Domain.Tests.Documents;

public class IssuedDocuments
{
    [Fact]
    public void An_invoice_says_who_what_when_and_how_to_pay()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Does(new SetProfile(Given.Client with { DueDays = 10 }));

        var invoice = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal(("2600000001", new VariableSymbol(2600000001)), (invoice.Number, invoice.Symbol));
        Assert.Equal((Given.Day("2026-03-01"), Given.Day("2026-03-11")), (invoice.IssuedOn, invoice.DueOn));
        Assert.Equal((2, 1, Currency.Czk), (invoice.CustomerRevision, invoice.IssuerRevision, invoice.Currency));
        Assert.Null(invoice.Correction);
        var line = Assert.Single(invoice.Lines);
        Assert.Equal(("Internet 1", Quantity.One, Money.Czk(499), 1), (line.Text, line.Quantity, line.UnitPrice, line.Service));
        Assert.Equal([new DeliverDocument(1, DeliveryPreference.Email)], account.Messages);
    }

    [Fact]
    public void One_symbol_for_everything_is_printed_when_the_account_wants_it()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1)
            .Does(new SetProfile(Given.Client with { SymbolPolicy = SymbolPolicy.PerAccount }));

        Assert.Equal(Given.Client.AccountSymbol, Assert.Single(account.Bill("2026-03-01")).Symbol);
        Assert.Equal(MatchRule.AccountSymbol, account.Pays("e1", 499, Given.Client.AccountSymbol).Rule);
        Assert.Equal(Money.Czk(0), account.Open(1));
    }

    [Fact]
    public void A_document_is_numbered_once()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        var issued = Assert.Single(account.Bill("2026-03-01"));

        var draft = account.Last.Events.OfType<DocumentIssued>().Single().Document;
        Assert.False(draft.IsNumbered);
        Assert.Null(draft.Symbol);
        Assert.True(issued.IsNumbered);
        Assert.Throws<InvariantBrokenException>(() => issued.Numbered(2));
    }

    [Fact]
    public void A_series_begins_anew_each_year_and_kinds_count_apart()
    {
        var account = new LiveAccount("2026-12-01", Given.Gross(1, 499)).Has("net", "2026-12-01", 1);
        account.Bill("2026-12-01");
        account.Has("net", "2026-12-01", 1, end: "2026-12-15").Bill("2026-12-05");
        account.On("2027-01-01").Has("net", "2026-12-01", 1).Bill("2027-01-01");

        Assert.Equal(["2600000001", "D2600000001", "2700000001"], account.Documents.Select(document => document.Number));
        Assert.Equal([1, 2, 3], account.Documents.Select(document => document.Ordinal));
    }

    [Fact]
    public void A_bill_names_its_run_and_the_total_before()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        var run = new RunId(new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]));

        var first = Assert.IsType<Billed>(account.Do(new Bill(account.Today, run, PreviewOnly: false)));
        Assert.Null(first.PreviousTotal);
        Assert.Equal(run, account.Documents[0].Run);
        Assert.Equal(Money.Czk(499), Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today, run, PreviewOnly: false))).PreviousTotal);
        account.Has("net", "2026-03-01", 1, quantity: 2, from: "2026-04-01").On("2026-04-01");
        var second = Assert.IsType<Billed>(account.Do(new Bill(account.Today, null, PreviewOnly: true)));
        Assert.Equal((Money.Czk(499), Money.Czk(998)), (second.PreviousTotal, second.Documents[0].Total));
        Assert.NotEqual(first.Hash, second.Hash);
    }

    [Fact]
    public void A_tariff_in_another_currency_from_before_such_were_refused_is_a_broken_reference_and_can_be_left()
    {
        var euro = Given.Gross(1, 1) with { Versions = [new TariffVersion(Given.Day("2013-01-01"), Money.Eur(20))] };
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 1), Given.Gross(2, 499)).Has("net", "2026-03-01", 1);
        account.Context = account.Context with { Catalogue = TariffCatalogue.Of(2, euro, Given.Gross(2, 499)) };

        var broken = Assert.Throws<BrokenReferenceException>(() => account.Do(new Bill(account.Today, null, PreviewOnly: false)));
        Assert.Contains("EUR", broken.Message, StringComparison.Ordinal);
        account.Has("net", "2026-03-01", 1, end: "2026-04-01").Has("net", "2026-03-01", 2, end: "2026-04-01", from: "2026-03-01");
        Assert.Equal(Money.Czk(499), Assert.Single(account.Bill(account.Today)).Total);
    }

    [Fact]
    public void An_issuer_that_is_gone_is_a_broken_reference()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Context = account.Context with { Issuers = account.Context.Issuers.Clear() };

        Assert.Throws<BrokenReferenceException>(() => account.Do(new Bill(account.Today, null, PreviewOnly: false)));
    }
}
