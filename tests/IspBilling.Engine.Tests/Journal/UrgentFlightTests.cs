using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Engine.Tests.Journal;

public sealed class UrgentFlightTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task What_somebody_waits_for_lands_while_every_lane_is_held_up()
    {
        await using var journal = new PostgresJournal(_database.Source, new PostgresJournalOptions());
        await (await new Writer(journal, 1).Subscribe()).Commit(Given.Bill("2026-01-01"), "2026-01-01");
        var clerk = await new Writer(journal, 2).Subscribe();
        var billed = new List<Writer>();
        for (var account = 3; account <= 5; account++) billed.Add(await new Writer(journal, account).Subscribe());

        // Whoever needs a number waits behind this lock, and everything queued behind them too.
        await using var holder = await _database.Source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var held = new NpgsqlCommand("SELECT FROM number_series FOR UPDATE", holder)) await held.ExecuteNonQueryAsync();
        var bills = billed.ConvertAll(writer => writer.Append(writer.Decide(Given.Bill("2026-01-01"), "2026-01-01") with { Bulk = true }));

        await clerk.Commit(new PromiseToPay(Given.Day("2026-01-20")), "2026-01-02");

        Assert.DoesNotContain(bills, bill => bill.IsCompleted);
        await transaction.RollbackAsync();
        Assert.All(await Task.WhenAll(bills), result => Assert.IsType<AppendResult.Committed>(result));
    }

    [Fact]
    public async Task Two_activations_of_an_account_that_both_have_somebody_waiting_are_told_apart()
    {
        await using var journal = new PostgresJournal(_database.Source, new PostgresJournalOptions());
        var one = await new Writer(journal, 1).Subscribe();
        var two = new Writer(journal, 1);
        await two.Load();

        var results = await Task.WhenAll(
            one.Append(one.Decide(new PromiseToPay(Given.Day("2026-01-20")), "2026-01-02")),
            two.Append(two.Decide(new PromiseToPay(Given.Day("2026-01-25")), "2026-01-02")));

        Assert.Single(results, result => result is AppendResult.Committed);
        Assert.Single(results, result => result is AppendResult.VersionConflict);
    }
}
