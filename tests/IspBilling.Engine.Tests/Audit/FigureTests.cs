using IspBilling.Domain;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Figures;

namespace IspBilling.Engine.Tests.Audit;

public sealed class FigureTests : IAsyncLifetime
{
    private SmallBooks _books = null!;

    public async Task InitializeAsync() => _books = await SmallBooks.Write();

    public async Task DisposeAsync() => await _books.DisposeAsync();

    [Fact]
    public async Task Folding_moves_every_change_into_the_sums_and_alters_none()
    {
        var before = await Figures();
        var folding = new FigureFolding(_books.Database.Source);

        Assert.Equal(await _books.Database.Scalar<long>("SELECT count(*) FROM figure_changes"), await folding.Fold(CancellationToken.None));

        Assert.Equal(0, await _books.Database.Scalar<long>("SELECT count(*) FROM figure_changes"));
        Assert.Equal(before, await Figures());
        Assert.Equal(0, await folding.Fold(CancellationToken.None));
        Assert.True((await _books.Audit()).IsClean);
    }

    /// <summary>Amounts that no reader lets in any more: ninety of them fill what one account's money can be, and twice as many what a bigint holds.</summary>
    [Fact]
    public async Task Absurd_amounts_in_old_books_are_folded_reported_and_named()
    {
        const int Payments = 90;
        var (absurd, day) = (new Money(99_999_999_999_999_999, Currency.Czk), Given.Day("2026-05-01"));
        for (var round = 0; round < 2; round++)
        {
            await _books.Forge(state =>
            [
                .. Enumerable.Range(1, Payments).Select(i => new PaymentBooked(new Payment(
                    state.LastPayment + i, $"absurd-{state.LastPayment + i}", absurd, day, null, null, null, MatchRule.Clerk, PaymentStatus.Booked, []))),
            ]);
            await _books.Forge(state =>
            [
                .. Enumerable.Range(1, Payments).Select(i => new PaymentUnassigned(state.LastPayment - Payments + i, "absurd", day)),
                new PaymentBooked(new Payment(
                    state.LastPayment + 1, $"kept-{state.LastPayment}", absurd, day, null, null, null, MatchRule.Clerk, PaymentStatus.Booked, [])),
            ]);
        }

        Assert.True(await new FigureFolding(_books.Database.Source).Fold(CancellationToken.None) > 0);

        var received = Assert.Single(await new FigureReading(_books.Database.Source).Payments(day, day.AddDays(1), CancellationToken.None));
        Assert.Equal(((2m * Payments) + 2) * absurd.Minor, received.Received);
        var report = await _books.Audit();
        Assert.All(report.Findings, finding => Assert.Equal(AuditCode.AbsurdAmount, finding.Code));
        Assert.Equal(["payment 183", "payment 92"], report.Findings.Select(finding => finding.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_commits_after_a_folding_is_added_to_the_sums_by_the_next()
    {
        var folding = new FigureFolding(_books.Database.Source);
        await folding.Fold(CancellationToken.None);
        await using (var journal = _books.OpenJournal())
        {
            var writer = new Writer(journal, 3);
            await writer.Load();
            await writer.Commit(Given.Bill("2026-05-01"), "2026-05-01");
        }

        Assert.True((await _books.Audit()).IsClean);
        Assert.True(await folding.Fold(CancellationToken.None) > 0);
        Assert.True((await _books.Audit()).IsClean);
    }

    [Theory]
    [InlineData("UPDATE figure_changes SET amount = amount + 1 WHERE ctid = (SELECT min(ctid) FROM figure_changes WHERE measure = 1)")]
    [InlineData("DELETE FROM figure_changes WHERE ctid = (SELECT min(ctid) FROM figure_changes WHERE measure = 11)")]
    [InlineData("INSERT INTO figure_sums VALUES (1, 10, '2026-01-01', 0, 0, 1)")]
    public async Task A_figure_tampered_with_is_named(string tampering)
    {
        await _books.Database.Execute(tampering);

        Assert.Equal(AuditCode.FigureDiffers, Assert.Single((await _books.Audit()).Findings).Code);
    }

    [Fact]
    public async Task Recurring_revenue_follows_discounts_agreed_prices_pauses_and_ends()
    {
        await using (var journal = _books.OpenJournal())
        {
            var writer = new Writer(journal, 4);
            await writer.Commit(Given.Client(issuer: Given.OtherIssuer), "2030-01-01");
            await writer.Commit(Given.Service("net", "2030-01-01", Given.Fast, end: "2030-12-01"), "2030-01-01");
            await writer.Commit(new PutSpecialPrice("net", "a", Given.Day("2030-03-01"), Given.Day("2030-05-01"), null, 1_000, "off"), "2030-01-01");
            await writer.Commit(new PutSpecialPrice("net", "b", Given.Day("2030-04-01"), null, Money.Czk(500), null, "agreed"), "2030-01-01");
            await writer.Commit(new PutPause("net", new Pause("p", Given.Day("2030-06-01"), Given.Day("2030-07-01"), false, "holiday")), "2030-01-01");
        }

        Assert.Equal((0, 0, 0), await On("2029-12-31"));
        Assert.Equal((1, 10_000_000, 0), await On("2030-01-01"));
        Assert.Equal((1, 9_000_000, 0), await On("2030-03-15"));
        Assert.Equal((1, 0, 45_000), await On("2030-04-15"));
        Assert.Equal((1, 0, 50_000), await On("2030-05-15"));
        Assert.Equal((0, 0, 0), await On("2030-06-15"));
        Assert.Equal((1, 0, 50_000), await On("2030-11-30"));
        Assert.Equal((0, 0, 0), await On("2030-12-01"));
        Assert.True((await _books.Audit()).IsClean);
    }

    /// <summary>What the other issuer's fast tariff brings on a day.</summary>
    private async Task<(long Services, decimal ListUnits, decimal Agreed)> On(string day)
    {
        var rows = await new FigureReading(_books.Database.Source).RecurringOn(Given.Day(day), CancellationToken.None);
        return rows.Where(row => row.Issuer == Given.OtherIssuer.Value && row.Tariff == Given.Fast.Value)
            .Select(row => (row.Services, row.ListUnits, row.Agreed)).SingleOrDefault();
    }

    private Task<string?> Figures() => _books.Database.Scalar<string>(
        """
        SELECT string_agg(f::text, ' ' ORDER BY f::text)
        FROM (SELECT issuer, measure, day, key, sum(amount), sum(count) FROM figures GROUP BY 1, 2, 3, 4) f
        """);
}
