using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Engine.Tests.Journal;

public sealed class BulkFlightTests
{
    [Fact]
    public async Task Enough_passengers_take_off_together_beside_a_flight_in_the_air()
    {
        await using var airfield = await Airfield.WithFlightInTheAir(flightSizeMin: 3);

        var promises = await airfield.PromiseOneAfterAnother(2, 3, 4);

        Assert.All(await Task.WhenAll(promises), result => Assert.IsType<AppendResult.Committed>(result));
        Assert.False(airfield.InTheAir.IsCompleted);
        Assert.Equal(1, await airfield.Flights(2, 3, 4));
        await airfield.Release();
        Assert.IsType<AppendResult.Committed>(await airfield.InTheAir);
    }

    [Fact]
    public async Task Few_passengers_wait_for_the_landing_and_take_off_together()
    {
        await using var airfield = await Airfield.WithFlightInTheAir(flightSizeMin: 3);

        var promises = await airfield.PromiseOneAfterAnother(2, 3);
        await airfield.Release();

        Assert.All(await Task.WhenAll([airfield.InTheAir, .. promises]), result => Assert.IsType<AppendResult.Committed>(result));
        Assert.Equal(1, await airfield.Flights(2, 3));
        Assert.Equal(2, await airfield.Flights(1, 2, 3));
    }

    /// <summary>A journal whose first flight, with account 1 on board, is held up by a lock.</summary>
    private sealed class Airfield(TestDatabase database, PostgresJournal journal, NpgsqlConnection holder) : IAsyncDisposable
    {
        public required Task<AppendResult> InTheAir { get; init; }

        public static async Task<Airfield> WithFlightInTheAir(int flightSizeMin)
        {
            var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
            var journal = new PostgresJournal(database.Source, new PostgresJournalOptions { FlightSizeMin = flightSizeMin });
            var first = await new Writer(journal, 1).Subscribe();
            var holder = await database.Source.OpenConnectionAsync();
            await Execute(holder, "BEGIN");
            await Execute(holder, "SELECT FROM accounts WHERE id = 1 FOR UPDATE");
            var airfield = new Airfield(database, journal, holder) { InTheAir = Promise(first) };
            const string waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            while (await database.Scalar<long>(waiting) == 0) Assert.False(airfield.InTheAir.IsCompleted);
            return airfield;
        }

        public Task Release() => Execute(holder, "ROLLBACK");

        /// <summary>Between two of them there is time enough for the one before to take off alone.</summary>
        public async Task<List<Task<AppendResult>>> PromiseOneAfterAnother(params long[] accounts)
        {
            var promises = new List<Task<AppendResult>>();
            foreach (var account in accounts) promises.Add(Promise(await new Writer(journal, account).Subscribe()));
            return promises;
        }

        /// <summary>How many transactions were the last to write these accounts.</summary>
        public async Task<long> Flights(params long[] accounts) =>
            await database.Scalar<long>($"SELECT count(DISTINCT xmin::text) FROM accounts WHERE id IN ({string.Join(", ", accounts)})");

        public async ValueTask DisposeAsync()
        {
            await holder.DisposeAsync();
            await journal.DisposeAsync();
            await database.DisposeAsync();
        }

        private static Task<AppendResult> Promise(Writer writer) =>
            writer.Append(writer.Decide(new PromiseToPay(Given.Day("2026-01-20")), "2026-01-02") with { Bulk = true });

        private static async Task Execute(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
