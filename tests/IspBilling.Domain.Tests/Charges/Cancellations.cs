namespace IspBilling.Domain.Tests.Charges;

/// <summary>Whatever the day and the price: what is kept and what is credited is together what was invoiced.</summary>
public class Cancellations
{
    private static readonly decimal[] Prices = [499m, 399m, 333.33m, 100m, 0.99m, 0.01m, 12_345.67m];

    [Theory]
    [InlineData("2026-03-01", 1, null)]
    [InlineData("2026-02-01", 1, null)]
    [InlineData("2028-02-01", 1, null)]
    [InlineData("2026-04-01", 1, null)]
    [InlineData("2026-01-31", 1, 31)]
    [InlineData("2026-01-17", 1, 15)]
    [InlineData("2026-02-10", 3, null)]
    [InlineData("2028-01-01", 12, null)]
    public void Kept_and_credited_is_the_original_for_every_day_of_cancellation(string start, int months, int? anchor)
    {
        foreach (var price in Prices)
        {
            var invoiced = new LiveAccount(start, Given.Gross(1, price)).Has("net", start, 1, months: months, anchor: anchor);
            invoiced.Bill(start);
            if (invoiced.Documents.Count == 0) continue;
            var original = Assert.Single(invoiced.Service("net").Charged);

            for (var end = original.Period.From.AddDays(1); end < original.Period.To; end = end.AddDays(1))
            {
                var ended = AccountDecider.Decide(invoiced.State, LiveAccount.Subscription("net", start, 1, $"{end:yyyy-MM-dd}", months, anchor), invoiced.Context).State;
                var decision = AccountDecider.Decide(ended, new Bill(invoiced.Today, null, PreviewOnly: false), invoiced.Context);

                var credited = decision.Events.OfType<DocumentIssued>().SelectMany(issued => issued.Document.Lines).Sum(line => -line.Amount.Minor);
                var kept = decision.State.Services[0].Charged.Sum(segment => segment.Amount.Minor);
                Assert.Equal(original.Amount.Minor, kept + credited);
                Assert.Equal(decision.State.Services[0].Charged.Sum(segment => segment.Amount.Minor), decision.State.Balance.Minor);
                // A month of one haléř costs as much as half of it: then there is nothing to credit.
                if (kept > 0 && credited > 0) Assert.Equal(end, decision.State.Services[0].ChargedUpTo ?? end);
            }
        }
    }

    [Fact]
    public void Moving_the_end_back_and_forth_never_loses_a_cent()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");

        for (var i = 0; i < 60; i++)
        {
            account.Has("net", "2026-03-01", 1, end: $"2026-03-{2 + (i * 7 % 30):00}");
            account.Bill("2026-03-01");
            account.Has("net", "2026-03-01", 1);
            account.Bill("2026-03-01");
            Assert.Equal(Money.Czk(499), account.State.Balance);
            Assert.Equal(Money.Czk(499), Assert.Single(account.Service("net").Charged).Amount);
        }
    }
}
