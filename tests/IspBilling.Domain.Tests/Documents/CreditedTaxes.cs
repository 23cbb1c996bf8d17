using System.Collections.Immutable;

namespace IspBilling.Domain.Tests.Documents;

/// <summary>A credit's tax is what it takes from the tax of its original, so that what is credited whole ends at exactly zero.</summary>
public class CreditedTaxes
{
    private static LiveAccount Account(params Tariff[] tariffs) => new("2026-03-01", tariffs);

    private static IEnumerable<(decimal Base, decimal Tax)> Credits(LiveAccount account) =>
        account.Documents.Where(document => document.Kind == DocumentKind.CreditNote).SelectMany(note => note.Vat).Select(vat => (vat.Base.Major, vat.Tax.Major));

    private static void EndsAtZero(LiveAccount account)
    {
        var groups = account.Documents.SelectMany(document => document.Vat).GroupBy(vat => (vat.Category, vat.Rate, vat.PriceMode)).ToList();
        Assert.All(groups, group => Assert.Equal((0, 0), (group.Sum(vat => vat.Base.Minor), group.Sum(vat => vat.Tax.Minor))));
        Assert.Equal(0, account.Documents.Sum(document => document.Total.Minor));
        Assert.All(account.State.Documents, document => Assert.True(document.Open.IsZero, $"{document.Open} of {document.Number} is open"));
    }

    [Fact]
    public void A_month_credited_in_two_parts_gives_back_the_tax_it_had()
    {
        var account = new LiveAccount("2026-08-01", Given.Gross(1, 499)).Has("net", "2026-08-01", 1);
        account.Bill("2026-08-01");
        var september = Assert.Single(account.On("2026-09-01").Bill("2026-09-01"));

        var first = Assert.Single(account.Has("net", "2026-08-01", 1, end: "2026-09-05").Bill("2026-09-01"));
        var second = Assert.Single(account.Has("net", "2026-08-01", 1, end: "2026-09-01").Bill("2026-09-01"));

        Assert.Equal(Money.Czk(86.60m), Assert.Single(september.Vat).Tax);
        Assert.Equal((Money.Czk(-432.47m), Money.Czk(-75.05m)), (first.Total, Assert.Single(first.Vat).Tax));
        Assert.Equal((Money.Czk(-66.53m), Money.Czk(-11.55m)), (second.Total, Assert.Single(second.Vat).Tax));
    }

    /// <summary>100.00 off an invoice of 499.00: the tax of 499.00 less that of 399.00.</summary>
    [Fact]
    public void Goodwill_on_an_invoice_names_it_and_takes_its_tax_from_what_it_leaves()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        var invoice = Assert.Single(account.Bill("2026-03-01"));

        var note = Assert.Single(account.SpecialPrice("net", "outage", "2026-03-01", "2026-04-01", 399).Bill("2026-03-01"));

        Assert.Equal(new LineReference(invoice.Ordinal, 1), Assert.Single(note.Lines).Corrects);
        Assert.Equal((Money.Czk(-82.65m), Money.Czk(-17.35m)), (Assert.Single(note.Vat).Base, note.Vat[0].Tax));
    }

    /// <summary>There is nothing whose rest would say how much tax goes with it: 100.00 × 21/121 = 17.355….</summary>
    [Fact]
    public void A_deduction_against_nothing_in_particular_is_taxed_by_itself()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");

        var note = Assert.Single(account.Does(LiveAccount.Item("sorry", "2026-03-01", -100)).Bill("2026-03-01"));

        Assert.Null(Assert.Single(note.Lines).Corrects);
        Assert.Equal((Money.Czk(-82.64m), Money.Czk(-17.36m)), (Assert.Single(note.Vat).Base, note.Vat[0].Tax));

        // It takes nothing from the invoice, which is credited with the whole of its own tax.
        var whole = Assert.Single(account.Has("net", "2026-03-01", 1, end: "2026-03-01").Bill("2026-03-01"));
        Assert.Equal(Money.Czk(-86.60m), Assert.Single(whole.Vat).Tax);
    }

    [Fact]
    public void Net_items_credited_one_by_one_give_back_what_they_were_charged_together()
    {
        var account = Account();
        decimal[] prices = [68.33m, 68.33m, 57.50m, 85m];
        for (var i = 0; i < prices.Length; i++) account.Does(LiveAccount.Item($"i{i}", "2026-03-01", prices[i], mode: PriceMode.Net));
        var invoice = Assert.Single(account.Bill("2026-03-01"));

        for (var i = 0; i < prices.Length; i++) account.Does(new CancelOneOff($"i{i}")).Bill("2026-03-01");

        Assert.Equal((Money.Czk(337.78m), Money.Czk(58.62m)), (invoice.Total, Assert.Single(invoice.Vat).Tax));
        Assert.Equal([-14.35m, -14.34m, -12.08m, -17.85m], Credits(account).Select(credit => credit.Tax));
        EndsAtZero(account);
    }

    [Fact]
    public void Seven_net_items_of_424_in_all_are_credited_as_424()
    {
        var account = Account();
        for (var i = 0; i < 7; i++) account.Does(LiveAccount.Item($"i{i}", "2026-03-01", 0.50m, mode: PriceMode.Net));
        Assert.Equal(Money.Czk(4.24m), Assert.Single(account.Bill("2026-03-01")).Total);

        for (var i = 0; i < 7; i++) account.Does(new CancelOneOff($"i{i}")).Bill("2026-03-01");

        Assert.Equal(-4.24m, account.Documents.Where(document => document.Kind == DocumentKind.CreditNote).Sum(note => note.Total.Major));
        EndsAtZero(account);
    }

    [Fact]
    public void Eleven_services_that_end_one_by_one_leave_nothing_open()
    {
        var account = Account([.. Enumerable.Range(1, 11).Select(id => Given.Net(id, 71.50m + (id * 0.01m)))]);
        for (var id = 1; id <= 11; id++) account.Has($"s{id}", "2026-02-01", id, end: "2026-04-01");
        account.On("2026-03-01").Bill("2026-03-01");

        for (var id = 1; id <= 11; id++) account.Pause($"s{id}", "never", "2026-02-01", null).Bill("2026-03-01");

        EndsAtZero(account);
    }

    [Fact]
    public void A_deduction_that_is_taken_back_gives_back_the_tax_that_it_had_saved()
    {
        var account = Account(Given.Gross(1, 499)).Has("net", "2026-03-01", 1, end: "2026-04-01").Does(LiveAccount.Item("sorry", "2026-03-01", -99));
        account.Bill("2026-03-01");

        account.Pause("net", "never", "2026-03-01", null).Bill("2026-03-01");
        account.Does(new CancelOneOff("sorry")).Bill("2026-03-01");

        // 400.00 bears 69.42; without the service −99.00 is left, which bears −17.18.
        Assert.Equal([69.42m, -86.60m, 17.18m], account.Documents.SelectMany(document => document.Vat).Select(vat => vat.Tax.Major));
        EndsAtZero(account);
    }

    [Fact]
    public void What_an_earlier_release_credited_by_itself_ends_at_zero_with_the_next_credit()
    {
        var account = Account();
        for (var i = 0; i < 7; i++) account.Does(LiveAccount.Item($"i{i}", "2026-03-01", 0.50m, mode: PriceMode.Net));
        account.Bill("2026-03-01");
        for (var i = 0; i < 5; i++) account.Does(new CancelOneOff($"i{i}")).Happened(new Bill(account.Today, null, PreviewOnly: false), AsBefore);
        Assert.Equal(-3.05m, account.Documents.Skip(1).Sum(note => note.Total.Major));
        Assert.NotEmpty(account.State.TaxRemainders);

        account.Does(new CancelOneOff("i5")).Bill("2026-03-01");
        account.Does(new CancelOneOff("i6")).Bill("2026-03-01");

        Assert.Empty(account.State.TaxRemainders);
        Assert.Equal(0, account.Documents.Sum(document => document.Total.Minor));
        Assert.Equal(0, account.Documents.SelectMany(document => document.Vat).Sum(vat => vat.Tax.Minor));
    }

    [Fact]
    public void A_thousand_accounts_credited_in_any_order_and_cut_end_at_exactly_zero()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var account = Account([.. Enumerable.Range(1, 6).Select(id => RandomTariff(id, random))]);
            var services = random.Next(0, 6);
            for (var s = 0; s < services; s++)
                account.Has($"s{s}", "2026-03-01", random.Next(1, 7), end: "2026-05-01", quantity: random.Next(1, 4), months: random.Next(1, 3));
            var items = random.Next(services == 0 ? 1 : 0, 8);
            for (var i = 0; i < items; i++)
                account.Does(LiveAccount.Item($"i{i}", "2026-03-01", random.Next(1, 30_000) / 100m, mode: Mode(random), vat: Category(random)));
            account.Bill("2026-03-01");

            var takings = Takings(services, items, random);
            foreach (var taking in takings)
            {
                account.Does(taking);
                if (random.Next(3) > 0) account.Bill("2026-03-01");
            }

            account.Bill("2026-03-01");
            EndsAtZero(account);
        }
    }

    /// <summary>Each service in a few cuts from its end to its start, and each item, shuffled.</summary>
    private static List<AccountCommand> Takings(int services, int items, Random random)
    {
        var queues = new List<Queue<AccountCommand>>();
        for (var s = 0; s < services; s++)
        {
            var cuts = Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(1, 60)).Distinct().OrderDescending();
            var froms = cuts.Append(0).Select(days => Given.Day("2026-03-01").AddDays(days));
            queues.Add(new Queue<AccountCommand>(froms.Select(from => new PutPause($"s{s}", new Pause("away", from, null, Bills: false, "")))));
        }

        for (var i = 0; i < items; i++) queues.Add(new Queue<AccountCommand>([new CancelOneOff($"i{i}")]));
        var shuffled = new List<AccountCommand>();
        while (queues.Count > 0)
        {
            var at = random.Next(queues.Count);
            shuffled.Add(queues[at].Dequeue());
            if (queues[at].Count == 0) queues.RemoveAt(at);
        }

        return shuffled;
    }

    private static Tariff RandomTariff(int id, Random random) =>
        Given.Tariff(id, Mode(random), ("2013-01-01", random.Next(1, 90_000) / 100m)) with { VatCategory = Category(random) };

    private static PriceMode Mode(Random random) => random.Next(2) == 0 ? PriceMode.Gross : PriceMode.Net;

    private static VatCategory Category(Random random) => random.Next(4) == 0 ? VatCategory.Reduced : VatCategory.Standard;

    /// <summary>A note as earlier releases taxed it: by itself.</summary>
    private static AccountEvent AsBefore(AccountEvent happened)
    {
        if (happened is not DocumentIssued { Document: { Kind: DocumentKind.CreditNote } note } issued) return happened;
        var vat = note.Vat.Select(total => Vat.Total(total.Category, total.Rate, total.PriceMode, total.PriceMode == PriceMode.Net ? total.Base : total.Gross)).ToImmutableArray();
        var total = vat.Sum(note.Currency, group => group.Gross);
        return issued with { Document = note with { Vat = vat, Total = total }, Settlements = [] };
    }
}
