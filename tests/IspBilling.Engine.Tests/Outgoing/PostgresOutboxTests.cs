using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Outgoing;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Outgoing;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Outgoing;

public sealed class PostgresOutboxTests : OutboxConformance
{
    private readonly List<PostgresJournal> _journals = [];
    private TestDatabase _database = null!;

    protected override int Worlds => 4;

    public override async Task DisposeAsync()
    {
        foreach (var journal in _journals) await journal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_is_not_to_be_delivered_is_in_no_index_of_dispatchers()
    {
        for (var account = 1; account <= 300; account++) await Write(account, DateTimeOffset.UnixEpoch, new SendThanks());
        await SwitchOn(MessageChannel.Email);
        await Write(301, DateTimeOffset.UnixEpoch, new SendThanks());

        await _database.Execute("VACUUM ANALYZE outbox");

        Assert.Equal(1, await _database.Scalar<float>("SELECT reltuples FROM pg_class WHERE relname = 'outbox_due'"));
        Assert.Equal(301, await _database.Scalar<float>("SELECT reltuples FROM pg_class WHERE relname = 'outbox_pkey'"));
    }

    [Fact]
    public async Task A_flight_that_was_prepared_before_a_channel_was_switched_is_written_anew()
    {
        await using var another = new PostgresJournal(_database.Source, new PostgresJournalOptions());
        var before = await new Writer(another, 1).Subscribe();
        await before.Commit(Given.Bill("2026-01-01"), "2026-01-01");
        await SwitchOn(MessageChannel.Email);

        // Neither journal has heard of it.
        await before.Commit(Given.Bill("2026-02-01"), "2026-02-01");
        await Write(2, DateTimeOffset.UnixEpoch, new SendThanks());

        Assert.Equal("0 1 1", await _database.Scalar<string>("SELECT string_agg(status::text, ' ' ORDER BY account_id, version) FROM outbox"));
        Assert.Equal(2, await _database.Scalar<long>("SELECT count(*) FROM documents"));
    }

    [Fact]
    public async Task What_a_claim_reads_is_the_index_alone_however_many_rows_there_are()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, DateTimeOffset.UnixEpoch, new SendThanks());
        await _database.Execute(
            """
            INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload)
            SELECT 1000 + n, 1, now(), 1, 3, 1, 0, '{"$type":"send-thanks.v1"}' FROM generate_series(1, 20000) n;
            ANALYZE outbox
            """);
        var plan = new List<string>();
        await using var explain = _database.Source.CreateCommand(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            EXPLAIN SELECT account_id, version, ordinal FROM outbox
            WHERE status IN (1, 2, 3) AND channel = {(short)MessageChannel.Email} AND due_at <= now()
            ORDER BY due_at, account_id, version, ordinal LIMIT 100 FOR UPDATE SKIP LOCKED
            """));
        await using var rows = await explain.ExecuteReaderAsync();
        while (await rows.ReadAsync()) plan.Add(rows.GetString(0));

        Assert.Contains(plan, line => line.Contains("outbox_due", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal) || line.Contains("Sort", StringComparison.Ordinal));
    }

    protected override async Task<(IJournal Journal, IOutbox Outbox)> Open()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        var journal = new PostgresJournal(_database.Source, new PostgresJournalOptions());
        _journals.Add(journal);
        return (journal, new PostgresOutbox(_database.Source));
    }
}
