namespace IspBilling.Domain.Tests.Charges;

/// <summary>Days that were charged, taken back and come back: why, at which price, and which line has them.</summary>
public class DaysChargedAgain
{
    private static LiveAccount Account(string today) => new(today, Given.Gross(1, 499), Given.Gross(2, 699));

    private static long Version(LiveAccount account) => account.State.Version;

    /// <summary>June and July at 499.00 are invoiced.</summary>
    private static LiveAccount TwoMonths()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-07-01");
        return account;
    }

    private static DocumentLine OnlyLine(IEnumerable<Document> documents) => Assert.Single(Assert.Single(documents).Lines);

    [Fact]
    public void An_end_taken_back_charges_a_whole_period_again_and_is_its_cause()
    {
        var account = TwoMonths().Has("net", "2026-06-01", 1, end: "2026-07-01");
        account.Bill("2026-06-10");

        account.Has("net", "2026-06-01", 1);
        var cause = Version(account);
        var line = OnlyLine(account.On("2026-07-01").Bill("2026-07-01"));

        Assert.Equal((LineReason.ChargedAgain, Given.Period("2026-07-01", "2026-08-01"), Money.Czk(499), cause), (line.Reason, line.Period, line.Amount, line.Change!.Cause));
        Assert.Equal(LineReason.NewPeriod, OnlyLine(account.Bill("2026-08-01")).Reason);
    }

    [Fact]
    public void A_pause_taken_back_is_the_cause_also_when_another_document_came_in_between()
    {
        var account = TwoMonths().Pause("net", "holiday", "2026-07-01", "2026-08-01");
        account.Bill("2026-06-10");

        account.Does(new RemovePause("net", "holiday"));
        var cause = Version(account);
        account.Does(LiveAccount.Item("router", "2026-06-15", 100));
        account.On("2026-06-15").Bill("2026-06-15");
        Assert.Empty(account.Service("net").Changes);
        var line = OnlyLine(account.On("2026-07-01").Bill("2026-07-01"));

        Assert.Equal((LineReason.ChargedAgain, cause), (line.Reason, line.Change!.Cause));
        Assert.Empty(account.Service("net").TakenBack);
        Assert.Empty(account.Service("net").PastChanges);
    }

    [Fact]
    public void What_was_never_charged_is_a_line_beside_what_is_charged_again()
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1, months: 3, end: "2026-03-15");
        account.Bill("2026-01-01");
        account.Has("net", "2026-01-01", 1, months: 3, end: "2026-02-01");
        account.Bill("2026-01-10");

        account.Has("net", "2026-01-01", 1, months: 3);
        var lines = Assert.Single(account.Bill("2026-01-20")).Lines;

        Assert.Equal(
            [(LineReason.ChargedAgain, Given.Period("2026-02-01", "2026-03-15")), (LineReason.NewPeriod, Given.Period("2026-03-15", "2026-04-01"))],
            lines.Select(line => (line.Reason, line.Period!.Value)));
        Assert.Equal(Money.Czk(998), lines.Sum(Currency.Czk, line => line.Amount));
    }

    [Fact]
    public void Another_tariff_charges_days_again_that_documents_charged_and_then_days_that_none_did()
    {
        var account = TwoMonths().On("2026-07-10").Has("net", "2026-06-01", 2, from: "2026-07-16");
        var cause = Version(account);

        var invoice = account.Bill("2026-08-01").Single(document => document.Kind == DocumentKind.Invoice);

        Assert.Equal(
            [(LineReason.ChargedAgain, Given.Period("2026-07-16", "2026-08-01")), (LineReason.NewPeriod, Given.Period("2026-08-01", "2026-09-01"))],
            invoice.Lines.Select(line => (line.Reason, line.Period!.Value)));
        Assert.Equal(cause, invoice.Lines[0].Change!.Cause);
    }

    /// <summary>2026 at 499.00 a month, invoiced in January; from April on it is taken back; 599.00 from May is entered in between.</summary>
    private static LiveAccount DearerMeanwhile(Action<LiveAccount> takesBack, bool reprices = false)
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1, months: 12);
        account.Bill("2026-01-01");
        takesBack(account.On("2026-03-20"));
        account.Bill("2026-03-20");
        return account.On("2026-04-02").Priced(1, "2026-05-01", 599, reprices);
    }

    [Fact]
    public void A_pause_taken_back_brings_invoiced_days_back_at_the_price_they_were_invoiced_at()
    {
        var account = DearerMeanwhile(account => account.Pause("net", "holiday", "2026-04-01", "2026-07-01"));

        account.Does(new RemovePause("net", "holiday"));
        Assert.Equal(Money.Czk(499), OwedCharges.PriceOn(account.Service("net"), account.Context.Catalogue, Given.Day("2026-06-15")).Amount());
        Assert.Equal(Money.Czk(3 * 499), Assert.Single(account.Bill("2026-04-02")).Total);

        Assert.Empty(account.Bill("2026-12-31"));
        Assert.Equal(Money.Czk(12 * 599), Assert.Single(account.On("2027-01-01").Bill("2027-01-01")).Total);
    }

    [Fact]
    public void So_does_an_end_taken_back_and_a_change_of_tariff_undone()
    {
        var ended = DearerMeanwhile(account => account.Has("net", "2026-01-01", 1, months: 12, end: "2026-04-01")).Has("net", "2026-01-01", 1, months: 12);
        Assert.Equal(Money.Czk(9 * 499), Assert.Single(ended.Bill("2026-04-02")).Total);

        var changed = DearerMeanwhile(account => account.Has("net", "2026-01-01", 2, months: 12, from: "2026-04-01")).Has("net", "2026-01-01", 1, months: 12, from: "2026-04-01");
        Assert.Equal(Money.Czk(9 * (499 - 699)), changed.Bill("2026-04-02").Sum(Currency.Czk, document => document.Total));
    }

    [Fact]
    public void Who_enters_a_price_may_want_it_for_days_that_come_back_as_well()
    {
        var account = DearerMeanwhile(account => account.Pause("net", "holiday", "2026-04-01", "2026-07-01"), reprices: true);
        account.Bill("2026-04-02");

        account.Does(new RemovePause("net", "holiday"));

        Assert.Equal(Money.Czk(499 + (2 * 599)), Assert.Single(account.Bill("2026-04-02")).Total);
    }

    [Fact]
    public void Days_that_were_never_invoiced_cost_what_the_catalogue_says_now()
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1, months: 12, end: "2026-06-01");
        account.Bill("2026-01-01");
        account.On("2026-02-01").Has("net", "2026-01-01", 1, months: 12, end: "2026-03-01");
        account.Bill("2026-02-01");

        account.On("2026-02-10").Priced(1, "2026-02-01", 599).Has("net", "2026-01-01", 1, months: 12);

        Assert.Equal(Money.Czk((3 * 499) + (7 * 599)), account.Bill("2026-02-10").Sum(Currency.Czk, document => document.Total));
    }

    [Fact]
    public void A_credit_over_days_of_two_lines_names_of_each_the_days_that_it_still_has()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");
        account.Has("net", "2026-06-01", 1, end: "2026-06-16");
        account.Bill("2026-06-02");
        account.Has("net", "2026-06-01", 1);
        account.Bill("2026-06-03");

        account.Has("net", "2026-06-01", 1, end: "2026-06-11");
        var note = Assert.Single(account.Bill("2026-06-04"));

        Assert.Equal(
            [
                (1, Given.Period("2026-06-11", "2026-06-16"), Money.Czk(-83.17m)),
                (3, Given.Period("2026-06-16", "2026-07-01"), Money.Czk(-249.50m)),
            ],
            note.Lines.Select(line => (line.Corrects!.Value.Document, line.Period!.Value, line.Amount)));
        Assert.Equal([new MonthShare(0, 5, 30, 0, 1), new MonthShare(0, 15, 30, 0, 1)], note.Lines.Select(line => line.Factors().Share!.Value));
        Assert.Equal([Money.Czk(83.17m), Money.Czk(249.50m)], note.Lines.Select(line => line.Change!.Charged));
    }

    [Fact]
    public void A_credit_within_the_days_of_one_line_corrects_that_line()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");
        account.Has("net", "2026-06-01", 1, end: "2026-06-16");
        account.Bill("2026-06-02");
        account.Has("net", "2026-06-01", 1);
        account.Bill("2026-06-03");

        account.Pause("net", "holiday", "2026-06-05", "2026-06-10");
        var line = OnlyLine(account.Bill("2026-06-04"));

        Assert.Equal((1, Given.Period("2026-06-05", "2026-06-10")), (line.Corrects!.Value.Document, line.Period));
    }

    [Fact]
    public void A_quantity_and_a_special_price_that_change_on_one_day_are_both_named()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1, quantity: 2);
        account.Bill("2026-06-01");

        account.SpecialPrice("net", "loyal", "2026-06-16", null, 399);
        var price = Version(account);
        account.Has("net", "2026-06-01", 1, quantity: 1, from: "2026-06-16");
        var terms = Version(account);
        var line = OnlyLine(account.Bill("2026-06-10"));

        Assert.Equal((terms, Money.Czk(-299.50m)), (line.Change!.Cause, line.Amount));
        Assert.Equal([price], line.Change.OtherCauses!.Value);
    }

    [Fact]
    public void A_special_price_and_a_discount_of_one_day_are_both_named_and_what_was_agreed_besides_is_not()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1).SpecialPrice("net", "old", "2026-06-01", null, 450);
        account.Bill("2026-06-01");

        account.SpecialPrice("net", "loyal", "2026-06-16", null, 400);
        var price = Version(account);
        account.Discount("net", "summer", "2026-06-16", null, 10);
        var discount = Version(account);
        account.Does(new RemoveSpecialPrice("net", "old"));
        var taken = Version(account);
        var lines = account.Bill("2026-06-10").SelectMany(document => document.Lines).ToDictionary(line => line.Period!.Value);

        var both = lines[Given.Period("2026-06-16", "2026-07-01")].Change!;
        Assert.Equal((discount, price), (both.Cause, Assert.Single(both.OtherCauses!.Value)));
        var removed = lines[Given.Period("2026-06-01", "2026-06-16")].Change!;
        Assert.Equal((taken, null), (removed.Cause, removed.OtherCauses));
    }

    [Fact]
    public void The_catalogue_is_named_beside_the_quantity()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1, quantity: 2);
        account.Bill("2026-06-01");

        account.Priced(1, "2026-06-16", 399, reprices: true).Has("net", "2026-06-01", 1, quantity: 1, from: "2026-06-16");
        var line = OnlyLine(account.Bill("2026-06-10"));

        Assert.Equal((Version(account) - 1, 0), (line.Change!.Cause, Assert.Single(line.Change.OtherCauses!.Value)));
    }

    [Fact]
    public void A_price_of_nothing_is_a_price_and_names_the_revision_that_brought_it()
    {
        var account = TwoMonths();
        var tariff = account.Context.Catalogue[new TariffId(1)];
        var free = new TariffVersion(Given.Day("2026-07-01"), Money.Czk(0), Entered: 2, Reprices: true, Revision: 41);
        account.Context = account.Context with { Catalogue = TariffCatalogue.Of(2, tariff with { Versions = [.. tariff.Versions, free] }) };

        var note = Assert.Single(account.Bill("2026-06-10"));
        var line = Assert.Single(note.Lines);

        Assert.Equal((LineReason.PriceChanged, "price-changed", 0, 41), (line.Reason, note.Correction, line.Change!.Cause, line.TariffRevision));
        Assert.Equal((Money.Czk(0), Given.Day("2026-07-01"), Money.Czk(-499)), (line.Basis!.MonthlyPrice, line.Basis.TariffVersion, line.Amount));
        Assert.Equal((Money.Czk(-499), Money.Czk(499)), (line.Factors().UnitPrice, line.Change.Charged));
        Assert.Empty(account.Bill("2026-06-10"));
    }

    [Fact]
    public void A_special_price_of_nothing_names_what_agreed_it_and_what_ends_it_charges_the_days_again()
    {
        var account = TwoMonths().SpecialPrice("net", "gift", "2026-07-01", "2026-07-16", 0);
        var gift = Version(account);
        var credit = OnlyLine(account.Bill("2026-06-10"));
        Assert.Equal((LineReason.PriceChanged, "gift", gift), (credit.Reason, credit.Basis!.SpecialPrice, credit.Change!.Cause));

        account.Does(new RemoveSpecialPrice("net", "gift"));
        var removed = Version(account);
        var line = OnlyLine(account.Bill("2026-06-11"));

        Assert.Equal((LineReason.ChargedAgain, removed, -credit.Amount), (line.Reason, line.Change!.Cause, line.Amount));
    }
}
