using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Demo;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>What goes wrong below the journal: poison, cut connections, a killed server.</summary>
public sealed class PostgresJournalFaultTests
{
    /// <summary>A busy test machine may take its time to recover a server.</summary>
    private static readonly PostgresJournalOptions Patient = new() { Patience = TimeSpan.FromMinutes(3) };

    [Fact]
    public async Task A_text_that_PostgreSQL_refuses_fails_alone_while_hundreds_of_the_same_flight_land()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        await using var journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        var writers = Enumerable.Range(1, 500).Select(account => new Writer(journal, account)).ToList();

        var appended = writers.ConvertAll(writer => writer.Append(writer.Decide(writer.Account.Value % 250 == 7 ? Given.Poison() : Given.Client("Jana"), "2026-01-01")));

        for (var i = 0; i < appended.Count; i++)
        {
            if (writers[i].Account.Value % 250 == 7) Assert.IsType<PostgresException>(Assert.IsType<AppendResult.Unwritable>(await appended[i]).Cause);
            else Assert.IsType<AppendResult.Committed>(await appended[i]);
        }

        Assert.Equal(498, await database.Scalar<long>("SELECT count(*) FROM accounts"));
    }

    [Fact]
    public async Task What_is_queued_when_the_journal_is_disposed_becomes_durable()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        var journal = new PostgresJournal(database.Source, new PostgresJournalOptions { FlightSizeMax = 100 });
        var appended = Enumerable.Range(1, 2_000).Select(account => new Writer(journal, account)).Select(writer => writer.Append(writer.Decide(Given.Client(), "2026-01-01"))).ToList();

        await journal.DisposeAsync();

        Assert.All(appended, append => Assert.True(append.IsCompleted));
        foreach (var append in appended) Assert.IsType<AppendResult.Committed>(await append);
        Assert.Equal(2_000, await database.Scalar<long>("SELECT count(*) FROM accounts"));
    }

    [Fact]
    public async Task Bulk_that_shares_a_flight_with_poison_is_decided_again_and_lands()
    {
        const int accounts = 300, poisoned = 7;
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        await using var journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        var host = new DirectAccounts(journal, new LiveContext(new HandClock("2026-01-01"), TimeZoneInfo.Utc, Given.Settings));
        var all = Enumerable.Range(1, accounts).ToList();
        await Task.WhenAll(all.Select(account => Ask(account, Given.Client())));
        await Task.WhenAll(all.Select(account => Ask(account, Given.Service("net", "2026-01-01", Given.Slow))));

        var asked = all.ConvertAll(account => Ask(account, account == poisoned ? Given.Poison() : Given.Bill("2026-01-01")));

        Assert.Contains("22021", Assert.IsType<Parked>(await asked[poisoned - 1]).Reason, StringComparison.Ordinal);
        asked.RemoveAt(poisoned - 1);
        var numbers = (await Task.WhenAll(asked)).Select(reply => Assert.Single(Assert.IsType<Billed>(reply).Documents).Number);
        Assert.Equal(accounts - 1, numbers.Distinct().Count());
        var report = await LedgerAudit.Run(database.Source, progress: null, CancellationToken.None);
        Assert.Empty(report.Findings);
        Assert.Equal(accounts - 1, report.Documents);

        Task<AccountReply> Ask(int account, AccountCommand command) =>
            host.Ask(new AccountId(account), new Envelope(Writer.NewId(), command, Actor.System("test"), Bulk: true), CancellationToken.None).AsTask();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_that_are_cut_again_and_again_lose_and_repeat_nothing(bool bulk)
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        await using var journal = new PostgresJournal(database.Source, Patient);
        var workload = new Workload(journal, accounts: 200, months: 6, bulk);

        await workload.Run(every: 150, database.CutConnections);

        await IsWhole(database.Source, workload);
    }

    [Fact]
    public async Task A_server_that_is_killed_under_load_and_comes_back_loses_and_repeats_nothing()
    {
        await using var server = await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions { DataDirectory = TestDirectory.New(), Temporary = true }, CancellationToken.None);
        await server.EnsureDatabase("billing", CancellationToken.None);
        await using var database = NpgsqlDataSource.Create(server.ConnectionString("billing"));
        await new Migrator(database, MigrationSet.OfProgram).Apply(CancellationToken.None);
        await using var journal = new PostgresJournal(database, Patient);
        var workload = new Workload(journal, accounts: 200, months: 6);

        await workload.Run(every: 700, async () =>
        {
            await server.KillHard();
            await server.Restart();
        });

        await IsWhole(database, workload);
    }

    private static async Task IsWhole(NpgsqlDataSource database, Workload workload)
    {
        var report = await LedgerAudit.Run(database, progress: null, CancellationToken.None);
        Assert.Empty(report.Findings);
        Assert.Equal(workload.Documents, report.Documents);
    }
}
