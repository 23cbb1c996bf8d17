using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>Two processes that bill at the same time take numbers of one series.</summary>
public sealed class SharedSeriesTests
{
    private const int Accounts = 200;
    private static readonly PostgresJournalOptions Small = new() { FlightSizeMin = 1, FlightSizeMax = 10, LongestTurn = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task They_number_without_a_gap_and_none_keeps_the_turn()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);

        await BillOnBoth(database, Small with { LongestTurn = TimeSpan.FromMinutes(1) });

        Assert.Equal(Accounts, await database.Scalar<long>("SELECT count(DISTINCT sequence) FROM documents"));
        Assert.Equal(Accounts, await database.Scalar<long>("SELECT max(sequence) FROM documents"));
        Assert.Equal(0, await database.Scalar<long>(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task A_third_one_that_hangs_with_the_turn_holds_nobody_up()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        await using var hanging = await database.Source.OpenConnectionAsync();
        await using var transaction = await hanging.BeginTransactionAsync();
        await using (var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('ispbilling number series', 0))", hanging)) await turn.ExecuteNonQueryAsync();

        await BillOnBoth(database, Small);

        Assert.Equal(Accounts, await database.Scalar<long>("SELECT max(sequence) FROM documents"));
    }

    /// <summary>Every other account lives in the one process, the rest in the other.</summary>
    private static async Task BillOnBoth(TestDatabase database, PostgresJournalOptions options)
    {
        await using var one = new PostgresJournal(database.Source, options);
        await using var other = new PostgresJournal(database.Source, options);
        var writers = await Task.WhenAll(Enumerable.Range(1, Accounts).Select(account => new Writer(account % 2 == 0 ? one : other, account).Subscribe()));

        var billed = await Task.WhenAll(writers.Select(writer => writer.Append(writer.Decide(Given.Bill("2026-01-31"), "2026-01-05") with { Bulk = true })));

        Assert.All(billed, result => Assert.IsType<AppendResult.Committed>(result));
    }
}
