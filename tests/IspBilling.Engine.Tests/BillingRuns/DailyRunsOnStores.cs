using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Runs;
using IspBilling.Simulation.Storage;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.BillingRuns;

/// <summary>On the stores that the simulation runs on.</summary>
public sealed class DailyRunsInMemory : DailyRunConformance
{
    protected override Task<(IJournal Journal, IBillingRunStore Runs, IDailyRunStore Days)> Open()
    {
        var books = new Books(Books.Post);
        var store = new MemoryRunStore(books);
        return Task.FromResult<(IJournal, IBillingRunStore, IDailyRunStore)>((new InMemoryJournal { Committed = books.Write }, store, store));
    }

    protected override Task Close() => Task.CompletedTask;
}

public sealed class DailyRunsOnPostgres : DailyRunConformance
{
    private TestDatabase _database = null!;
    private PostgresJournal _journal = null!;

    protected override async Task<(IJournal Journal, IBillingRunStore Runs, IDailyRunStore Days)> Open()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        _journal = Over(_database);
        var store = new PostgresBillingRunStore(_database.Source);
        return (_journal, store, store);
    }

    private static PostgresJournal Over(TestDatabase database) => new(database.Source, new PostgresJournalOptions());

    protected override async Task Close()
    {
        await _journal.DisposeAsync();
        var findings = (await LedgerAudit.Run(_database.Source, progress: null, CancellationToken.None)).Findings;
        await _database.DisposeAsync();
        Assert.Empty(findings);
    }
}
