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
        var invoiced = new Dictionary<int, Dictionary<DateOnly, NaiveBilling.Invoiced>>();
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
    public void A_price_that_is_entered_bills_nothing_that_was_billed() => Prop.ForAll(Histories.OfPrices, history =>
    {
        var life = Life.Of(history);
        var account = life.Account;
        account.Do(new Bill(account.Today, null, PreviewOnly: false));

        foreach (var tariff in new[] { 1, 2, 3, 4 })
        {
            account.Priced(tariff, account.Today.AddDays(-200).ToString("yyyy-MM-dd"), 1234.56m);
            account.Priced(tariff, "2013-01-01", 0.01m);
        }

        // What cost nothing has never stood on a document.
        if (account.State.Services.All(service => IsWhole(service, account.Today)))
            Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today, null, PreviewOnly: false)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithMaxRejected(0));

    private static bool IsWhole(Service service, DateOnly today)
    {
        var day = service.Start;
        foreach (var segment in service.Charged)
        {
            if (segment.Period.From != day) return false;
            day = segment.Period.To;
        }

        return day > today || day == service.End;
    }

    /// <summary>A day that stays on its tariff keeps the revision under which it was invoiced first.</summary>
    private static Dictionary<DateOnly, NaiveBilling.Invoiced> DaysOf(
        List<NaiveBilling.Stretch> owed, Dictionary<DateOnly, NaiveBilling.Invoiced> before, long revision)
    {
        var days = new Dictionary<DateOnly, NaiveBilling.Invoiced>();
        foreach (var stretch in owed)
        {
            for (var day = stretch.From; day < stretch.To; day = day.AddDays(1))
                days[day] = before.TryGetValue(day, out var known) && known.Tariff == stretch.Tariff ? known : new NaiveBilling.Invoiced(stretch.Tariff, revision);
        }

        return days;
    }
}
