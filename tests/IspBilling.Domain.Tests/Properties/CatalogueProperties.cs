using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>What holds whatever is entered into the catalogue while services are billed and corrected.</summary>
public class CatalogueProperties
{
    [Fact]
    public void Every_day_costs_what_the_catalogue_said_when_it_was_invoiced() => Prop.ForAll(Histories.OfPrices, history =>
    {
        var life = new Life();
        var account = life.Account;
        var upTo = new Dictionary<int, DateOnly>();
        var invoiced = new Dictionary<int, Dictionary<NaiveBilling.Invoiced, long>>();
        foreach (var act in history.Acts)
        {
            life.Play(act);
            if (act is not Bills bill) continue;
            foreach (var service in account.State.Services)
            {
                var days = invoiced.GetValueOrDefault(service.Number) ?? [];
                var owed = NaiveBilling.Owed(service, account.Context.Catalogue, life.Day(bill.Through), upTo.GetValueOrDefault(service.Number), days);
                var billed = account.Documents.SelectMany(document => document.Lines).Where(line => line.Service == service.Number).Sum(line => line.Amount.Minor);
                Assert.Equal(owed.Sum(stretch => stretch.AmountMinor), billed);
                invoiced[service.Number] = DaysOf(owed, days, account.Context.Catalogue.Revision);
                upTo[service.Number] = owed.Count > 0 ? owed[^1].To : default;
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithMaxRejected(0));

    [Fact]
    public void A_price_that_is_entered_bills_nothing_that_was_billed() => Prop.ForAll(Histories.OfPrices, BillsNothingAgain)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithMaxRejected(0));

    /// <summary>A period that was billed in advance ends on a tariff that costs nothing: those days stand on no document, and are charged once they cost something.</summary>
    [Fact]
    public void A_price_that_is_entered_charges_the_rest_of_a_period_that_cost_nothing()
    {
        var history = new History(
        [
            new Subscribes(14, 1, -61, null, Tariff: 2, 1000, Months: 1, Anchor: 15, Arrears: false),
            new EntersPrice(52, Tariff: 4, -15, OnDayOf: null, Price: 43_227, Reprices: false),
            new EntersPrice(19, Tariff: 1, -34, OnDayOf: 5, Price: 0, Reprices: false),
            new Bills(12, 0),
            new ChangesTerms(0, 1, 14, Tariff: 1, 1000, null, Anchor: 1, Arrears: false),
        ]);
        BillsNothingAgain(history);

        var life = Life.Of(history);
        var (service, account) = (life.Account.State.Services[0], life.Account);
        var planned = service.Terms[^1].From;
        account.Do(new Bill(account.Today, null, PreviewOnly: false));
        Assert.Equal(planned, account.State.Services[0].ChargedUpTo);
        Assert.False(CostsSomethingOnEachDay(account.State.Services[0], account.Context.Catalogue, account.Today));

        account.Priced(1, "2013-01-01", 290);
        var line = Assert.Single(Assert.Single(account.Bill(account.Today)).Lines);
        // Days that an earlier document charged, in the tariff before.
        Assert.Equal((LineReason.ChargedAgain, planned), (line.Reason, line.Period!.Value.From));
        Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today, null, PreviewOnly: false)));
    }

    private static void BillsNothingAgain(History history)
    {
        var life = Life.Of(history);
        var account = life.Account;
        account.Do(new Bill(account.Today, null, PreviewOnly: false));
        var isWhole = account.State.Services.All(service => CostsSomethingOnEachDay(service, account.Context.Catalogue, account.Today));

        foreach (var tariff in new[] { 1, 2, 3, 4 })
        {
            account.Priced(tariff, account.Today.AddDays(-200).ToString("yyyy-MM-dd"), 1234.56m);
            account.Priced(tariff, "2013-01-01", 0.01m);
        }

        // What cost nothing has never stood on a document.
        if (isWhole) Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today, null, PreviewOnly: false)));
    }

    /// <summary>Whether documents charge every day that is due: as many days as there would be to charge if everything cost something.</summary>
    private static bool CostsSomethingOnEachDay(Service service, TariffCatalogue catalogue, DateOnly today)
    {
        var costly = TariffCatalogue.Of(1, catalogue.Tariffs.Values.Select(tariff => tariff with { Versions = [new TariffVersion(new DateOnly(2000, 1, 1), Money.Czk(1000))] }));
        var due = NaiveBilling.Owed(service with { SpecialPrices = [] }, costly, today, service.ChargedUpTo ?? default);
        return due.Sum(stretch => stretch.To.DayNumber - stretch.From.DayNumber) == service.Charged.Sum(segment => segment.Period.To.DayNumber - segment.Period.From.DayNumber);
    }

    /// <summary>A day keeps the revision under which it was first invoiced on a tariff, also when it is taken back and comes back.</summary>
    private static Dictionary<NaiveBilling.Invoiced, long> DaysOf(
        List<NaiveBilling.Stretch> owed, Dictionary<NaiveBilling.Invoiced, long> before, long revision)
    {
        var days = new Dictionary<NaiveBilling.Invoiced, long>(before);
        foreach (var stretch in owed)
        {
            for (var day = stretch.From; day < stretch.To; day = day.AddDays(1)) days.TryAdd(new NaiveBilling.Invoiced(day, stretch.Tariff), revision);
        }

        return days;
    }
}
