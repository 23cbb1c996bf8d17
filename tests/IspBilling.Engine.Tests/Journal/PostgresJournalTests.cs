using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Journal;

public sealed class PostgresJournalTests : JournalConformance
{
    private readonly List<PostgresJournal> _journals = [];
    private TestDatabase _database = null!;

    public override async Task DisposeAsync()
    {
        foreach (var journal in _journals) await journal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_snapshot_of_another_programs_format_is_folded_anew_from_the_events()
    {
        var journal = await OpenAnother();
        var writer = await new Writer(journal, 1).Subscribe();
        await writer.Commit(Given.Bill("2026-01-31"), "2026-01-05");
        var expected = Json(writer.State);
        await using (var leave = _database.Source.CreateCommand("UPDATE accounts SET state = '\\xff4711'")) await leave.ExecuteNonQueryAsync();

        await writer.Load();

        Assert.Equal(expected, Json(writer.State));
        await writer.Commit(Given.Bill("2026-02-28"), "2026-02-05");
        Assert.Equal(2, writer.State.Documents.Length);
    }

    protected override async Task<IJournal> Open()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        return await OpenAnother();
    }

    protected override Task<IJournal> OpenAnother()
    {
        var journal = new PostgresJournal(_database.Source, new PostgresJournalOptions());
        _journals.Add(journal);
        return Task.FromResult<IJournal>(journal);
    }

    protected override Task<IReadOnlyList<ChainedEvent>> EntriesOf(AccountId account) => StoredRows.EntriesOf(_database.Source, account);

    protected override Task<IReadOnlyList<(DeliveryId Delivery, OutgoingMessage Message)>> Outbox() => StoredRows.Outbox(_database.Source);
}
