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

    protected override Task<IReadOnlyList<JournalEntry>> EntriesOf(AccountId account) => StoredRows.EntriesOf(_database.Source, account);

    protected override Task<IReadOnlyList<(AccountId Account, OutgoingMessage Message)>> Outbox() => StoredRows.Outbox(_database.Source);
}
