namespace IspBilling.Domain.Tests.Documents;

public class OneOffItems
{
    private static LiveAccount Account() => new("2026-03-01", Given.Gross(1, 499), Given.Net(2, 100));

    [Fact]
    public void An_item_is_billed_without_any_service()
    {
        var account = Account().Does(LiveAccount.Item("install", "2026-03-01", 990));

        var line = Assert.Single(Assert.Single(account.Bill("2026-03-01")).Lines);

        Assert.Equal((LineReason.OneOff, "install", Money.Czk(990)), (line.Reason, line.OneOff, line.Amount));
        Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today, null, false)));
    }

    [Fact]
    public void An_item_waits_for_its_date()
    {
        var account = Account().Does(LiveAccount.Item("install", "2026-03-15", 990));

        Assert.Empty(account.Bill("2026-03-14"));
        Assert.Single(account.Bill("2026-03-15"));
    }

    [Fact]
    public void A_quantity_multiplies_the_price_and_is_rounded_once()
    {
        var account = Account().Does(LiveAccount.Item("work", "2026-03-01", 333.33m, quantity: 1.5m));

        Assert.Equal(Money.Czk(500), Assert.Single(account.Bill("2026-03-01")).Total); // 499.995
    }

    [Fact]
    public void The_same_item_again_changes_nothing()
    {
        var account = Account().Does(LiveAccount.Item("install", "2026-03-01", 990)).Does(LiveAccount.Item("install", "2026-03-01", 990));

        Assert.True(account.Last.ChangesNothing);
        Assert.Single(account.State.OneOffs);
    }

    [Fact]
    public void A_discount_item_lowers_the_invoice()
    {
        var account = Account().Has("net", "2026-03-01", 1).Does(LiveAccount.Item("sorry", "2026-03-01", -99));

        var invoice = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal((DocumentKind.Invoice, Money.Czk(400)), (invoice.Kind, invoice.Total));
    }

    [Fact]
    public void A_discount_item_larger_than_the_invoice_becomes_a_credit_note_that_the_invoice_uses()
    {
        var account = Account().Has("net", "2026-03-01", 1).Does(LiveAccount.Item("sorry", "2026-03-01", -600));

        var pair = account.Bill("2026-03-01");

        Assert.Equal([(DocumentKind.CreditNote, Money.Czk(-600)), (DocumentKind.Invoice, Money.Czk(499))], pair.Select(document => (document.Kind, document.Total)));
        Assert.Equal(Money.Czk(0), account.Open(2));
        Assert.Equal(Money.Czk(101), account.Open(1));
        Assert.Equal(Money.Czk(-101), account.State.Balance);
    }

    [Fact]
    public void An_invoice_never_falls_below_zero_when_price_modes_are_mixed()
    {
        // Gross 121 for the service; the item is 133.10 with tax, although its net figure is below 121.
        var account = Account().Has("net", "2026-03-01", 1).SpecialPrice("net", "low", "2026-03-01", null, 121)
            .Does(LiveAccount.Item("sorry", "2026-03-01", -110, mode: PriceMode.Net));

        var documents = account.Bill("2026-03-01");

        Assert.All(documents, document => Assert.Equal(document.Kind == DocumentKind.CreditNote, document.Total.IsNegative));
        Assert.Equal(Money.Czk(-12.10m), account.State.Balance);
    }

    [Fact]
    public void An_unbilled_item_that_is_cancelled_disappears()
    {
        var account = Account().Does(LiveAccount.Item("install", "2026-03-01", 990)).Does(new CancelOneOff("install"));

        Assert.Empty(account.State.OneOffs);
        Assert.Empty(account.Bill("2026-03-01"));
    }

    [Fact]
    public void The_id_of_an_item_that_was_taken_back_stays_taken()
    {
        var account = Account().Does(LiveAccount.Item("install", "2026-03-01", 990)).Does(new CancelOneOff("install"));

        Assert.Equal(RefusalReason.AlreadyExistsDifferently, account.Refuses(LiveAccount.Item("install", "2026-03-01", 990)));
        Assert.True(account.Does(new CancelOneOff("install")).Last.ChangesNothing);

        account.Does(LiveAccount.Item("again", "2026-03-01", 990));
        account.Bill("2026-03-01");
        account.Does(new CancelOneOff("again"));
        account.Bill("2026-03-01");
        Assert.Empty(account.State.OneOffs);
        Assert.Equal(RefusalReason.AlreadyExistsDifferently, account.Refuses(LiveAccount.Item("again", "2026-03-01", 990)));
        Assert.True(account.Does(new CancelOneOff("again")).Last.ChangesNothing);
    }

    [Fact]
    public void An_item_pushed_again_after_its_history_was_settled_is_known()
    {
        var account = new LiveAccount("2026-01-01");
        account.Context = account.Context with { CorrectionHorizonMonths = 3 };
        for (var month = 0; month < 24; month++)
        {
            account.Does(LiveAccount.Item($"call-{month}", account.Today.ToString("yyyy-MM-dd"), 100));
            account.Pays($"e{month}", account.Bill(account.Today).Sum(document => document.Total.Major), null);
            account.Today = account.Today.AddMonths(1);
        }

        Assert.Null(account.State.FindOneOff("call-0"));
        for (var month = 0; month < 24; month++)
        {
            var first = new DateOnly(2026, 1, 1).AddMonths(month);
            Assert.True(account.Does(LiveAccount.Item($"call-{month}", first.ToString("yyyy-MM-dd"), 100)).Last.ChangesNothing);
        }

        Assert.Equal(RefusalReason.AlreadyExistsDifferently, account.Refuses(LiveAccount.Item("call-0", "2026-01-01", 200)));
        Assert.Equal(RefusalReason.PeriodIsSettledHistory, account.Refuses(new CancelOneOff("call-0")));
        Assert.Empty(account.Bill(account.Today));
    }

    [Fact]
    public void A_deduction_that_nothing_is_left_to_lower_says_that_it_is_an_allowance()
    {
        var account = Account().Does(LiveAccount.Item("sorry", "2026-03-01", -100));

        var note = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal((DocumentKind.CreditNote, "allowance"), (note.Kind, note.Correction));
        Assert.Null(Assert.Single(note.Lines).Corrects);
    }

    /// <summary>A lower price, an ended service, an item taken back and an apology come on one note, and none of them hides another.</summary>
    [Fact]
    public void A_credit_note_of_several_causes_says_each_of_them()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499), Given.Gross(2, 199)).Has("net", "2026-03-01", 1).Has("tv", "2026-03-01", 2)
            .Does(LiveAccount.Item("install", "2026-03-01", 990));
        account.Bill("2026-03-01");

        account.SpecialPrice("net", "loyal", "2026-03-01", null, 399).Has("tv", "2026-03-01", 2, end: "2026-03-01")
            .Does(new CancelOneOff("install")).Does(LiveAccount.Item("sorry", "2026-03-01", -50));
        var note = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal(
            [("net", "price-changed"), ("tv", "no-longer-supplied"), ("sorry", "allowance"), ("install", "item-taken-back")],
            note.Lines.Select(line => (line.OneOff ?? account.State.Services[line.Service!.Value - 1].Reference, note.CorrectionOf(line)!)));
        Assert.Equal(note.Lines.Select(note.CorrectionOf), note.Corrections());
        Assert.Equal((note.Correction, null), (note.CorrectionOf(note.Lines[0]), note.Lines[0].Correction));
    }

    [Fact]
    public void A_credit_note_of_one_cause_says_it_once()
    {
        var account = Account().Does(LiveAccount.Item("a", "2026-03-01", 990)).Does(LiveAccount.Item("b", "2026-03-01", 990));
        account.Bill("2026-03-01");

        var note = Assert.Single(account.Does(new CancelOneOff("a")).Does(new CancelOneOff("b")).Bill("2026-03-01"));

        Assert.Equal(["item-taken-back"], note.Corrections());
        Assert.All(note.Lines, line => Assert.Null(line.Correction));
    }

    [Fact]
    public void A_billed_item_that_is_cancelled_is_credited_once_and_names_its_line()
    {
        var account = Account().Does(LiveAccount.Item("install", "2026-03-01", 990));
        var invoice = Assert.Single(account.Bill("2026-03-01"));

        account.Does(new CancelOneOff("install"));
        Assert.True(account.State.NextBillOn <= account.Today);
        var note = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal((DocumentKind.CreditNote, Money.Czk(-990), "item-taken-back"), (note.Kind, note.Total, note.Correction));
        Assert.Equal(new LineReference(invoice.Ordinal, 1), Assert.Single(note.Lines).Corrects);
        Assert.Empty(account.Bill("2026-03-01"));
        Assert.Equal(Money.Czk(0), account.State.Balance);
    }

    [Fact]
    public void A_billed_discount_that_is_cancelled_is_charged_again_on_an_invoice()
    {
        var account = Account().Has("net", "2026-03-01", 1).Does(LiveAccount.Item("sorry", "2026-03-01", -99));
        account.Bill("2026-03-01");

        account.Does(new CancelOneOff("sorry"));
        var invoice = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal((DocumentKind.Invoice, Money.Czk(99)), (invoice.Kind, invoice.Total));
        Assert.Equal(Money.Czk(499), account.State.Balance);
        Assert.Empty(account.Bill("2026-03-01"));
    }

    [Fact]
    public void An_item_on_the_same_bill_as_a_credited_service_goes_on_the_invoice()
    {
        var account = Account().Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");

        account.Has("net", "2026-03-01", 1, end: "2026-03-15").Does(LiveAccount.Item("pickup", "2026-03-15", 200));
        var pair = account.Bill("2026-03-15");

        Assert.Equal([Money.Czk(-273.65m), Money.Czk(200)], pair.Select(document => document.Total));
        Assert.Equal(Money.Czk(425.35m), account.State.Balance);
    }
}
