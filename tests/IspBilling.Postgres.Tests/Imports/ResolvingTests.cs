using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using static IspBilling.Postgres.Tests.Imports.Statements;

namespace IspBilling.Postgres.Tests.Imports;

public sealed class ResolvingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestDatabase database = null!;
    private PostgresStatementImportStore store = null!;
    private StatementImportReading reading = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new PostgresStatementImportStore(database.Source);
        reading = new StatementImportReading(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Every_entry_ends_in_one_state_and_the_import_counts_them()
    {
        var import = await Staged(Payment(500), Payment(30), Payment(7), Reversal(100));
        var entries = await store.PendingAfter(import.Id, 0, 10, default);
        Candidate[] candidates = [new(new AccountId(1), MatchRule.NamedDocument, "document 1"), new(new AccountId(2), MatchRule.KnownPayer, "paid before")];

        await store.Resolve(
            import.Id,
            [
                new EntryOutcome(entries[0].Id, EntryState.Matched, new AccountId(1), MatchRule.ExactDocument, null, []),
                new EntryOutcome(entries[1].Id, EntryState.Suspense, null, null, "several", candidates),
                new EntryOutcome(entries[2].Id, EntryState.Rejected, null, null, "an outgoing payment", []),
                new EntryOutcome(entries[3].Id, EntryState.Matched, new AccountId(1), MatchRule.NamedDocument, "reversal", []),
            ],
            default);

        Assert.Equal(new ImportCounts(4, 0, 2, 1, 1, 40_000), (await store.Find(import.Id, default))!.Counts);
        Assert.Empty(await store.PendingAfter(import.Id, 0, 10, default));
        var suspended = (await store.FindEntry(entries[1].Id, default))!;
        Assert.Equal((EntryState.Suspense, "several"), (suspended.State, suspended.Reason));
        Assert.Equal(candidates, suspended.Candidates);
    }

    [Fact]
    public async Task Resolving_again_changes_and_counts_nothing()
    {
        var import = await Staged(Payment(500));
        var entry = (await store.PendingAfter(import.Id, 0, 10, default))[0].Id;
        await store.Resolve(import.Id, [new EntryOutcome(entry, EntryState.Matched, new AccountId(1), MatchRule.ExactDocument, null, [])], default);

        await store.Resolve(import.Id, [new EntryOutcome(entry, EntryState.Suspense, null, null, "late", [])], default);

        Assert.Equal(new ImportCounts(1, 0, 1, 0, 0, 50_000), (await store.Find(import.Id, default))!.Counts);
        Assert.Equal(EntryState.Matched, (await store.FindEntry(entry, default))!.State);
    }

    [Fact]
    public async Task An_import_is_unfinished_until_it_finishes_and_finishes_once()
    {
        var import = await Staged(Payment(500));
        Assert.Equal([import.Id], (await store.Unfinished(default)).Select(found => found.Id));

        var first = await store.Finish(import.Id, DateTimeOffset.UnixEpoch, default);
        var again = await store.Finish(import.Id, DateTimeOffset.UnixEpoch.AddDays(1), default);

        Assert.Equal((ImportStatus.Finished, DateTimeOffset.UnixEpoch), (first.Status, first.FinishedAt));
        Assert.Equal(first.FinishedAt, again.FinishedAt);
        Assert.Empty(await store.Unfinished(default));
    }

    [Fact]
    public async Task Entries_are_listed_by_import_and_state_and_suspense_over_all_imports()
    {
        var (may, june) = (await Staged(Payment(1), Payment(2), Payment(3)), await Staged(Payment(4)));
        await Suspend(may, june);

        Assert.Equal([1m, 2m], (await reading.Entries(may.Id, null, 0, 2, default)).Select(view => view.Entry.Amount.Major));
        Assert.Empty(await reading.Entries(may.Id, EntryState.Pending, 0, 10, default));
        var first = await reading.Suspense(0, 3, default);
        var second = await reading.Suspense(first[^1].Id, 3, default);
        Assert.Equal([1m, 2m, 3m, 4m], first.Concat(second).Select(view => view.Entry.Amount.Major));
    }

    [Fact]
    public async Task Imports_are_listed_the_youngest_first_in_pages()
    {
        var imports = new List<ImportId>();
        for (var day = 0; day < 5; day++)
        {
            var import = Import() with { StartedAt = DateTimeOffset.UnixEpoch.AddDays(day) };
            imports.Insert(0, (await store.Stage(import, File(), default)).Id);
        }

        var first = await reading.List(before: null, 2, default);
        var second = await reading.List(first[^1].Id, 10, default);

        Assert.Equal(imports, first.Concat(second).Select(import => import.Id));
    }

    private async Task<StatementImport> Staged(params StatementEntry[] entries) => await store.Stage(Import(), File(entries), default);

    private async Task Suspend(params StatementImport[] imports)
    {
        foreach (var import in imports)
        {
            var pending = await store.PendingAfter(import.Id, 0, 10, default);
            await store.Resolve(import.Id, [.. pending.Select(stored => new EntryOutcome(stored.Id, EntryState.Suspense, null, null, "why", []))], default);
        }
    }
}
