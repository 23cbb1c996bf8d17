using IspBilling.Domain.Tests.Properties;

namespace IspBilling.Domain.Tests.Charges;

/// <summary>One line for each stretch that changed, with the terms before and after, the event that did it, and factors that make its amount.</summary>
public class ChangedStretches
{
    private static LiveAccount Account(string today) => new(today, Given.Gross(1, 499), Given.Gross(2, 699), Given.Gross(3, 250));

    private static long Version(LiveAccount account) => account.State.Version;

    private static void MultipliesUp(DocumentLine line)
    {
        var factors = line.Factors();
        var (months, of) = factors.Share is { } share ? (share.Numerator, share.Denominator) : (1, 1);
        var numerator = (Int128)factors.Quantity.Thousandths * factors.UnitPrice.Minor * months * (10_000 - factors.DiscountBasisPoints);
        var denominator = (Int128)1000 * of * 10_000;
        var magnitude = ((2 * Int128.Abs(numerator)) + denominator) / (2 * denominator);
        Assert.Equal(line.Amount.Minor, (long)(numerator < 0 ? -magnitude : magnitude));
    }

    [Fact]
    public void A_quantity_that_changes_inside_a_month_is_charged_on_the_days_it_changed_on()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.On("2026-04-10").Has("net", "2026-04-01", 1, quantity: 2, from: "2026-04-16");
        var cause = Version(account);
        var line = Assert.Single(Assert.Single(account.Bill("2026-04-10")).Lines);

        Assert.Equal((Given.Period("2026-04-16", "2026-05-01"), Money.Czk(249.50m)), (line.Period, line.Amount));
        Assert.Equal((Quantity.One, Money.Czk(499), new MonthShare(0, 15, 30, 0, 1)), (line.Factors().Quantity, line.Factors().UnitPrice, line.Factors().Share!.Value));
        Assert.Equal((Quantity.One, Quantity.From(2)), (line.Change!.Before!.Quantity, line.Basis!.Quantity));
        Assert.Equal(cause, line.Change.Cause);
    }

    [Theory]
    [InlineData(true, false, "quantity-changed")]
    [InlineData(false, true, "price-changed")]
    [InlineData(true, true, "price-and-quantity-changed")]
    public void What_a_note_credits_is_a_change_of_quantity_or_of_price_or_of_both(bool isFewer, bool isCheaper, string correction)
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1, quantity: 3);
        account.Bill("2026-04-01");

        if (isFewer) account.On("2026-04-10").Has("net", "2026-04-01", 1, quantity: 1, from: "2026-04-16");
        if (isCheaper) account.On("2026-04-10").SpecialPrice("net", "loyal", "2026-04-16", null, 300);
        var note = Assert.Single(account.Bill("2026-04-10"));

        Assert.Equal((DocumentKind.CreditNote, correction), (note.Kind, note.Correction));
        Assert.Equal(correction, note.CorrectionOf(Assert.Single(note.Lines)));
    }

    [Fact]
    public void A_credit_of_three_units_prints_factors_that_make_its_amount()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 3, quantity: 3);
        account.Bill("2026-04-01");

        account.Has("net", "2026-04-01", 3, quantity: 3, end: "2026-04-11");
        var line = Assert.Single(Assert.Single(account.Bill("2026-04-05")).Lines);

        // 3 × −250.00 × 20/30
        Assert.Equal((Money.Czk(-500), Quantity.From(3), Money.Czk(-250)), (line.Amount, line.Quantity, line.UnitPrice));
        Assert.Equal(new MonthShare(0, 20, 30, 0, 1), line.Factors().Share);
        MultipliesUp(line);
    }

    [Fact]
    public void Where_no_price_makes_a_credit_it_prints_its_amount_once()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");

        account.Pause("net", "holiday", "2026-06-11", "2026-06-21");
        var line = Assert.Single(Assert.Single(account.Bill("2026-06-10")).Lines);

        // 499 − 2 × 166.33 is 166.34, and 499 × 10/30 is 166.33.
        Assert.Equal((Quantity.One, Money.Czk(-166.34m), (MonthShare?)null), (line.Factors().Quantity, line.Factors().UnitPrice, line.Factors().Share));
        Assert.Equal((Money.Czk(166.34m), Money.Czk(0)), (line.Change!.Charged, line.Change.Owed));
        Assert.Equal(Money.Czk(166.33m), line.Change.Before!.Amount());
    }

    [Fact]
    public void A_cut_and_a_cancellation_at_once_are_two_lines()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.SpecialPrice("net", "loyal", "2026-04-01", null, 399);
        var cut = Version(account);
        account.Has("net", "2026-04-01", 1, end: "2026-04-16");
        var end = Version(account);
        var note = Assert.Single(account.Bill("2026-04-10"));

        Assert.Equal(
            [
                (LineReason.PriceChanged, Given.Period("2026-04-01", "2026-04-16"), Money.Czk(-50), cut),
                (LineReason.NoLongerOwed, Given.Period("2026-04-16", "2026-05-01"), Money.Czk(-249.50m), end),
            ],
            note.Lines.Select(line => (line.Reason, line.Period!.Value, line.Amount, line.Change!.Cause)));
    }

    [Fact]
    public void A_special_price_that_is_removed_is_the_cause_of_what_follows()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1).SpecialPrice("net", "loyal", "2026-04-01", null, 399);
        account.Bill("2026-04-01");

        account.Does(new RemoveSpecialPrice("net", "loyal"));
        var cause = Version(account);
        var line = Assert.Single(Assert.Single(account.Bill("2026-04-05")).Lines);

        Assert.Equal((Money.Czk(100), cause), (line.Amount, line.Change!.Cause));
        Assert.Equal(("loyal", (string?)null), (line.Change.Before!.SpecialPrice, line.Basis!.SpecialPrice));
        Assert.Equal((Money.Czk(399), Money.Czk(499)), (line.Change.Charged, line.Change.Owed));
    }

    [Fact]
    public void A_price_of_the_catalogue_is_not_blamed_on_what_was_agreed_besides()
    {
        var account = Account("2026-03-01").Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");

        account.On("2026-03-10").Priced(1, "2026-03-11", 599, reprices: true).Has("net", "2026-03-01", 1, end: "2026-03-31");
        account.Pause("net", "holiday", "2026-03-16", "2026-03-21", bills: true);
        var end = Version(account) - 1;
        var lines = account.Bill("2026-03-10").SelectMany(document => document.Lines).ToList();

        Assert.Contains(lines, line => line.Reason == LineReason.PriceChanged);
        Assert.All(lines, line => Assert.Equal(line.Reason == LineReason.PriceChanged ? 0 : end, line.Change!.Cause));
    }

    [Fact]
    public void A_pause_that_bills_is_no_cause_of_a_price_agreed_before_it()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.SpecialPrice("net", "loyal", "2026-04-01", null, 399);
        var cut = Version(account);
        account.Pause("net", "holiday", "2026-04-05", "2026-04-20", bills: true);
        var line = Assert.Single(Assert.Single(account.Bill("2026-04-10")).Lines);

        Assert.Equal((Money.Czk(-100), cut), (line.Amount, line.Change!.Cause));
    }

    [Fact]
    public void A_second_upgrade_of_an_annual_service_is_charged_on_the_months_it_changed()
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 3, months: 12);
        account.Bill("2026-01-01");
        account.On("2026-02-01").Has("net", "2026-01-01", 3, months: 12, quantity: 2, from: "2026-02-01");
        account.Bill("2026-02-01");

        account.On("2026-03-01").Has("net", "2026-01-01", 3, months: 12, quantity: 3, from: "2026-03-01");
        var cause = Version(account);
        var line = Assert.Single(Assert.Single(account.Bill("2026-03-01")).Lines);

        Assert.Equal((Given.Period("2026-03-01", "2027-01-01"), Money.Czk(2500), cause), (line.Period, line.Amount, line.Change!.Cause));
        Assert.Equal((Money.Czk(5000), Money.Czk(7500)), (line.Change.Charged, line.Change.Owed));
        Assert.Equal((Quantity.One, Money.Czk(250), new MonthShare(10, 0, 1, 0, 1)), (line.Quantity, line.UnitPrice, line.Factors().Share!.Value));
    }

    private static IEnumerable<(Period Period, Money Amount, long Cause)> Causes(IEnumerable<Document> documents) =>
        documents.SelectMany(document => document.Lines).Select(line => (line.Period!.Value, line.Amount, line.Change!.Cause));

    [Fact]
    public void A_pause_and_an_end_that_adjoin_are_two_lines_each_with_its_own_cause()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");

        account.Pause("net", "holiday", "2026-06-11", "2026-06-21");
        var pause = Version(account);
        account.Has("net", "2026-06-01", 1, end: "2026-06-21");
        var end = Version(account);

        Assert.Equal(
            [(Given.Period("2026-06-11", "2026-06-21"), Money.Czk(-166.34m), pause), (Given.Period("2026-06-21", "2026-07-01"), Money.Czk(-166.33m), end)],
            Causes(account.Bill("2026-06-10")));
    }

    [Fact]
    public void Two_pauses_that_adjoin_are_two_lines()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");

        account.Pause("net", "one", "2026-06-11", "2026-06-16");
        account.Pause("net", "two", "2026-06-16", "2026-06-21");
        var second = Version(account);

        Assert.Equal([second - 1, second], Causes(account.Bill("2026-06-10")).Select(line => line.Cause));
    }

    [Fact]
    public void One_push_that_changes_quantity_and_end_names_each_where_it_had_effect()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1, quantity: 2);
        account.Bill("2026-06-01");

        account.On("2026-06-10").Has("net", "2026-06-01", 1, quantity: 1, from: "2026-06-11", end: "2026-06-21");
        var terms = Version(account);
        Assert.Equal([typeof(ServiceEndSet), typeof(ServiceTermsChanged)], account.Last.Events.Select(happened => happened.GetType()));

        Assert.Equal(
            [(Given.Period("2026-06-11", "2026-06-21"), terms), (Given.Period("2026-06-21", "2026-07-01"), terms - 1)],
            Causes(account.Bill("2026-06-10")).Select(line => (line.Period, line.Cause)));
    }

    [Fact]
    public void An_end_after_a_pause_of_the_same_days_took_nothing_more()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");

        account.Pause("net", "holiday", "2026-06-21", null);
        var pause = Version(account);
        account.Has("net", "2026-06-01", 1, end: "2026-06-11");

        Assert.Equal(
            [(Given.Period("2026-06-11", "2026-06-21"), pause + 1), (Given.Period("2026-06-21", "2026-07-01"), pause)],
            Causes(account.Bill("2026-06-10")).Select(line => (line.Period, line.Cause)));
    }

    [Fact]
    public void An_end_and_a_pause_that_are_taken_back_are_two_lines()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Pause("net", "holiday", "2026-06-11", "2026-06-21");
        account.Has("net", "2026-06-01", 1, end: "2026-06-21");
        account.Bill("2026-06-01");

        account.Has("net", "2026-06-01", 1);
        var end = Version(account);
        account.Does(new RemovePause("net", "holiday"));

        Assert.Equal(
            [(Given.Period("2026-06-11", "2026-06-21"), end + 1), (Given.Period("2026-06-21", "2026-07-01"), end)],
            Causes(account.Bill("2026-06-10")).Select(line => (line.Period, line.Cause)));
    }

    [Fact]
    public void A_price_agreed_for_days_after_which_the_service_ended_is_not_the_end_s_cause()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");

        account.Has("net", "2026-06-01", 1, end: "2026-06-16");
        var end = Version(account);
        account.SpecialPrice("net", "loyal", "2026-06-01", null, 399);

        Assert.Equal([end + 1, end], Causes(account.Bill("2026-06-10")).Select(line => line.Cause));
    }

    [Fact]
    public void A_change_of_tariff_names_itself_on_the_credit_and_on_the_charge()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.On("2026-04-10").Has("net", "2026-04-01", 2, from: "2026-04-16");
        var cause = Version(account);
        var pair = account.Bill("2026-04-10");

        var (credit, charge) = (Assert.Single(pair[0].Lines), Assert.Single(pair[1].Lines));
        Assert.Equal((cause, cause), (credit.Change!.Cause, charge.Basis!.Cause));
        Assert.Equal((Money.Czk(-499), Money.Czk(699)), (credit.UnitPrice, charge.UnitPrice));
    }

    [Fact]
    public void A_price_of_the_catalogue_has_no_event_of_the_account_as_its_cause()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.Context = account.Context with { Catalogue = TariffCatalogue.Of(2, Given.Gross(1, 399)) };
        var line = Assert.Single(Assert.Single(account.Bill("2026-04-05")).Lines);

        Assert.Equal((Money.Czk(-100), 0), (line.Amount, line.Change!.Cause));
    }

    [Fact]
    public void Earlier_releases_lines_that_do_not_multiply_up_show_their_amount_once()
    {
        var line = new DocumentLine(
            1, LineReason.NoLongerOwed, 1, null, new TariffId(3), "Internet", Given.Period("2026-04-11", "2026-05-01"), Quantity.From(3), Money.Czk(-250),
            PriceMode.Gross, VatCategory.Standard, new VatRate(2100), Money.Czk(-250), new LineReference(1, 1), null);

        Assert.Equal(LineFactors.Whole(Money.Czk(-250)), line.Factors());
    }

    [Fact]
    public void On_every_line_of_a_thousand_histories_the_factors_make_the_amount_and_the_terms_explain_the_change() => Histories.Each(Histories.OfEverything, 1_000, history =>
    {
        var life = new Life();
        var billed = 0;
        foreach (var act in history.Acts)
        {
            var before = life.Account.State;
            life.Play(act);
            var issued = life.Account.Documents.Skip(billed).SelectMany(document => document.Lines).ToList();
            billed = life.Account.Documents.Count;
            Assert.All(issued, MultipliesUp);
            foreach (var stretch in issued.Where(line => line.Change is not null).GroupBy(line => (line.Service, line.Tariff, line.Period)))
            {
                var change = stretch.First().Change!;
                Assert.Equal(change.Difference.Minor, stretch.Sum(line => line.Amount.Minor));
                Assert.InRange(change.Charged.Minor, 0, long.MaxValue);
                Assert.InRange(change.Owed.Minor, 0, long.MaxValue);
                Assert.InRange(change.Cause, 1, before.Version);
                var service = before.Services.First(known => known.Number == stretch.Key.Service);
                Assert.True(change.Before is null || service.Changes.Any(known => known.Cause == change.Cause), $"{change} by none of {string.Join(", ", service.Changes)}");
            }
        }
    });
}
