namespace IspBilling.Domain.Tests.Charges;

/// <summary>The worked cases of billing, with the amounts a clerk would compute by hand.</summary>
public class WorkedCases
{
    [Fact]
    public void A_service_that_starts_inside_a_month_pays_that_month_by_days_and_the_next_in_full()
    {
        var account = new LiveAccount("2026-01-17", Given.Gross(1, 499)).Has("net", "2026-01-17", 1);

        var january = Assert.Single(Assert.Single(account.Bill("2026-01-17")).Lines);
        var february = Assert.Single(Assert.Single(account.On("2026-02-01").Bill("2026-02-01")).Lines);

        Assert.Equal((Given.Period("2026-01-17", "2026-02-01"), Money.Czk(241.45m)), (january.Period, january.Amount));
        Assert.Equal(new MonthShare(0, 15, 31, 0, 1), january.Basis!.Share);
        Assert.Equal((Given.Period("2026-02-01", "2026-03-01"), Money.Czk(499)), (february.Period, february.Amount));
    }

    [Fact]
    public void An_anchor_on_the_31st_falls_back_to_the_last_day_of_short_months_and_comes_back()
    {
        var account = new LiveAccount("2026-01-31", Given.Gross(1, 499)).Has("net", "2026-01-31", 1, anchor: 31);

        var lines = Assert.Single(account.Bill("2026-04-29")).Lines;

        Assert.Equal(
            [Given.Period("2026-01-31", "2026-02-28"), Given.Period("2026-02-28", "2026-03-31"), Given.Period("2026-03-31", "2026-04-30")],
            lines.Select(line => line.Period!.Value));
        Assert.All(lines, line => Assert.Equal(Money.Czk(499), line.Amount));
    }

    [Theory]
    [InlineData(29, "2028-01-29", "2028-02-29", "2028-03-29", "2028-04-29")]
    [InlineData(30, "2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30")]
    [InlineData(31, "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30")]
    public void Late_anchors_cross_a_leap_February_without_gap_or_overlap(int anchor, string first, string second, string third, string fourth)
    {
        var account = new LiveAccount(first, Given.Gross(1, 499)).Has("net", first, 1, anchor: anchor);

        var lines = Assert.Single(account.Bill(Given.Day(fourth).AddDays(-1))).Lines;

        Assert.Equal([Given.Period(first, second), Given.Period(second, third), Given.Period(third, fourth)], lines.Select(line => line.Period!.Value));
    }

    [Theory]
    [InlineData("2026-03-10", "2026-03-11", 31, "16.10")] // 499/31
    [InlineData("2028-02-29", "2028-03-01", 29, "17.21")] // 499/29, the leap day itself
    [InlineData("2026-02-28", "2026-03-01", 28, "17.82")]
    public void A_service_of_one_day_pays_one_day(string start, string end, int days, string amount)
    {
        var account = new LiveAccount(start, Given.Gross(1, 499)).Has("net", start, 1, end);

        var line = Assert.Single(Assert.Single(account.Bill("2028-12-31")).Lines);

        Assert.Equal((Given.Period(start, end), Given.Czk(amount)), (line.Period, line.Amount));
        Assert.Equal((1, days), (line.Basis!.Share.LeadingDays, line.Basis.Share.LeadingOf));
    }

    [Fact]
    public void A_start_on_the_last_day_of_a_leap_February_pays_that_day_and_then_whole_months()
    {
        var account = new LiveAccount("2028-02-29", Given.Gross(1, 499)).Has("net", "2028-02-29", 1);

        var lines = Assert.Single(account.Bill("2028-03-01")).Lines;

        Assert.Equal([Given.Period("2028-02-29", "2028-03-01"), Given.Period("2028-03-01", "2028-04-01")], lines.Select(line => line.Period!.Value));
        Assert.Equal([Money.Czk(17.21m), Money.Czk(499)], lines.Select(line => line.Amount));
    }

    [Theory]
    [InlineData(300, 3, "2026-02-10", "2026-04-01", "503.57")] // 300 × 19/28 + 300
    [InlineData(100, 12, "2026-03-10", "2027-01-01", "970.97")] // 100 × 22/31 + 900
    public void A_long_cycle_counts_whole_months_and_the_broken_month_by_its_own_days(
        decimal net, int months, string start, string to, string amount)
    {
        var account = new LiveAccount(start, Given.Net(1, net)).Has("net", start, 1, months: months);

        var line = Assert.Single(Assert.Single(account.Bill(start)).Lines);

        Assert.Equal((Given.Period(start, to), Given.Czk(amount)), (line.Period, line.Amount));
    }

    [Fact]
    public void A_cancellation_in_an_invoiced_month_credits_what_is_left_of_it()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        var march = Assert.Single(account.Bill("2026-03-01"));

        account.On("2026-03-10").Has("net", "2026-03-01", 1, end: "2026-03-15");
        var note = Assert.Single(account.Bill("2026-03-10"));

        Assert.Equal((DocumentKind.CreditNote, Money.Czk(-273.65m)), (note.Kind, note.Total));
        var line = Assert.Single(note.Lines);
        Assert.Equal((Given.Period("2026-03-15", "2026-04-01"), LineReason.NoLongerOwed), (line.Period, line.Reason));
        Assert.Equal(new LineReference(march.Ordinal, 1), line.Corrects);
        Assert.Equal("no-longer-supplied", note.Correction);
        var kept = Assert.Single(account.Service("net").Charged);
        Assert.Equal((Given.Period("2026-03-01", "2026-03-15"), Money.Czk(225.35m)), (kept.Period, kept.Amount));
    }

    [Fact]
    public void A_price_that_turns_out_lower_two_months_back_is_credited_line_by_line()
    {
        var account = new LiveAccount("2026-02-01", Given.Gross(1, 499)).Has("net", "2026-02-01", 1);
        var february = Assert.Single(account.Bill("2026-02-01"));
        var march = Assert.Single(account.On("2026-03-01").Bill("2026-03-01"));

        account.On("2026-03-20").SpecialPrice("net", "loyal", "2026-02-01", null, 399);
        var note = Assert.Single(account.Bill("2026-03-20"));

        Assert.Equal(DocumentKind.CreditNote, note.Kind);
        Assert.Equal(
            [
                (Money.Czk(-100), Given.Period("2026-02-01", "2026-03-01"), new LineReference(february.Ordinal, 1)),
                (Money.Czk(-100), Given.Period("2026-03-01", "2026-04-01"), new LineReference(march.Ordinal, 1)),
            ],
            note.Lines.Select(line => (line.Amount, line.Period!.Value, line.Corrects!.Value)));
        Assert.All(note.Lines, line => Assert.Equal("loyal", line.Basis!.SpecialPrice));
    }

    [Fact]
    public void A_change_of_tariff_inside_an_invoiced_month_credits_the_old_and_charges_the_new()
    {
        var account = new LiveAccount("2026-04-01", Given.Gross(1, 499), Given.Gross(2, 699)).Has("net", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.On("2026-04-16").Has("net", "2026-04-01", 2);
        var pair = account.Bill("2026-04-16");

        Assert.Equal([DocumentKind.CreditNote, DocumentKind.Invoice], pair.Select(document => document.Kind));
        Assert.Equal("tariff-changed", pair[0].Correction);
        var credit = Assert.Single(pair[0].Lines);
        var charge = Assert.Single(pair[1].Lines);
        Assert.Equal((Given.Period("2026-04-16", "2026-05-01"), new TariffId(1), Money.Czk(-249.50m)), (credit.Period, credit.Tariff, credit.Amount));
        Assert.Equal((Given.Period("2026-04-16", "2026-05-01"), new TariffId(2), Money.Czk(349.50m)), (charge.Period, charge.Tariff, charge.Amount));
        Assert.Equal(
            [(Given.Period("2026-04-01", "2026-04-16"), Money.Czk(249.50m)), (Given.Period("2026-04-16", "2026-05-01"), Money.Czk(349.50m))],
            account.Service("net").Charged.Select(segment => (segment.Period, segment.Amount)));
    }

    [Fact]
    public void A_credit_says_of_each_line_what_became_of_its_service()
    {
        var account = new LiveAccount("2026-04-01", Given.Gross(1, 499), Given.Gross(2, 699)).Has("net", "2026-04-01", 1).Has("tv", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.On("2026-04-16").Has("net", "2026-04-01", 2).Has("tv", "2026-04-01", 1, end: "2026-04-20");

        var note = account.Bill("2026-04-16")[0];
        Assert.Equal(["tariff-changed", "no-longer-supplied"], note.Lines.Select(note.CorrectionOf));
        Assert.Equal(["tariff-changed", "no-longer-supplied"], note.Corrections());
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void A_pause_of_a_month_is_charged_only_when_it_bills(bool bills, int months)
    {
        var account = new LiveAccount("2026-05-01", Given.Gross(1, 499)).Has("net", "2026-05-01", 1);

        account.Pause("net", "holiday", "2026-06-01", "2026-07-01", bills);

        var invoice = Assert.Single(account.On("2026-07-01").Bill("2026-07-01"));
        Assert.Equal(Money.Czk(499 * months), invoice.Total);
        Assert.Equal(bills, invoice.Lines.Any(line => line.Period == Given.Period("2026-06-01", "2026-07-01")));
    }

    [Fact]
    public void A_free_pause_of_a_month_that_was_invoiced_is_credited()
    {
        var account = new LiveAccount("2026-06-01", Given.Gross(1, 499)).Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");

        account.Pause("net", "holiday", "2026-06-01", "2026-07-01");

        var note = Assert.Single(account.Bill("2026-06-01"));
        Assert.Equal((DocumentKind.CreditNote, Money.Czk(-499)), (note.Kind, note.Total));
        Assert.Equal(Money.Zero(Currency.Czk), account.State.Balance);
        Assert.Empty(account.Service("net").Charged);
    }

    [Fact]
    public void A_discount_for_six_months_ends_by_itself()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1)
            .Discount("net", "welcome", "2026-01-01", "2026-07-01", percent: 10);

        var totals = Enumerable.Range(1, 8).Select(month => account.Bill(new DateOnly(2026, month, 1)).Single().Total).ToList();

        Assert.Equal([.. Enumerable.Repeat(Money.Czk(449.10m), 6), Money.Czk(499), Money.Czk(499)], totals);
    }

    [Fact]
    public void Two_services_share_one_document_and_one_tax_total()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499), Given.Gross(2, 199)).Has("net", "2026-01-01", 1).Has("tv", "2026-01-01", 2);

        var invoice = Assert.Single(account.Bill("2026-01-01"));

        var vat = Assert.Single(invoice.Vat);
        Assert.Equal((Money.Czk(698), Money.Czk(576.86m), Money.Czk(121.14m)), (invoice.Total, vat.Base, vat.Tax));
    }

    [Fact]
    public void Tax_on_net_lines_is_computed_once_per_group()
    {
        var account = new LiveAccount("2026-01-01", Given.Net(1, 412.40m), Given.Net(2, 165.29m), Given.Net(3, 82.64m))
            .Has("net", "2026-01-01", 1).Has("tv", "2026-01-01", 2).Has("box", "2026-01-01", 3);

        var invoice = Assert.Single(account.Bill("2026-01-01"));

        var vat = Assert.Single(invoice.Vat);
        Assert.Equal((Money.Czk(660.33m), Money.Czk(138.67m), Money.Czk(799)), (vat.Base, vat.Tax, invoice.Total));
    }

    [Fact]
    public void A_repeated_run_charges_nothing_twice()
    {
        var account = new LiveAccount("2026-01-17", Given.Gross(1, 499)).Has("net", "2026-01-17", 1);
        account.Bill("2026-03-01");

        Assert.IsType<NothingToBill>(account.Do(new Bill(Given.Day("2026-03-01"), null, PreviewOnly: false)));
        Assert.True(account.Last.ChangesNothing);
        Assert.IsType<NothingToBill>(account.Do(new Bill(Given.Day("2026-01-17"), null, PreviewOnly: false)));
    }

    [Fact]
    public void A_broken_tariff_reference_names_itself()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1);
        account.Context = Given.Context(account.Today, Given.Gross(2, 199));

        var broken = Assert.Throws<BrokenReferenceException>(() => account.Do(new Bill(account.Today, null, PreviewOnly: false)));

        Assert.Contains("tariff 1", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tariff_without_a_price_on_the_day_names_itself_and_the_day()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499, from: "2026-02-01")).Has("net", "2026-01-01", 1);

        var broken = Assert.Throws<BrokenReferenceException>(() => account.Do(new Bill(account.Today, null, PreviewOnly: false)));

        Assert.Contains("2026-01-01", broken.Message, StringComparison.Ordinal);
    }
}
