using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using static IspBilling.Postgres.Tests.Imports.Statements;

namespace IspBilling.Postgres.Tests.Imports;

/// <summary>The importer on the real store, with the engine dying under it.</summary>
public sealed class ImporterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly DeskAccounts accounts = new();
    private TestDatabase database = null!;
    private PostgresStatementImportStore store = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new PostgresStatementImportStore(database.Source);
        for (var id = 1; id <= 6; id++)
        {
            await accounts.Open(id);
            await database.Client(id, 1_000 + id);
        }
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    [InlineData(6, true)]
    public async Task An_import_killed_half_way_and_resumed_books_each_payment_once(int command, bool tookEffect)
    {
        if (tookEffect) accounts.DiesAfter = command;
        else accounts.DiesBefore = command;
        await Assert.ThrowsAsync<EngineDiedException>(() => Importer().Import(Import(), File(SixPayments()), default));
        accounts.Restart();

        var resumed = await Importer().Match(Assert.Single(await store.Unfinished(default)), default);

        Assert.Equal((ImportStatus.Finished, new ImportCounts(6, 0, 6, 0, 0, 2_100)), (resumed.Status, resumed.Counts));
        for (var id = 1; id <= 6; id++) Assert.Equal(-id, await accounts.Balance(new AccountId(id)));
    }

    [Fact]
    public async Task Who_remembers_how_far_an_import_was_has_it_go_on_from_there()
    {
        var (staged, recorded) = (await store.Stage(Import(), File(SixPayments()), default), new List<long>());
        accounts.DiesBefore = 5;
        await Assert.ThrowsAsync<EngineDiedException>(() => Importer().Match(staged, after: 0, Remember, default));
        accounts.Restart();
        var first = await store.PendingAfter(staged.Id, after: 0, max: 1, default);
        Assert.Equal(2, recorded.Count);
        Assert.Equal(recorded[^1] + 1, Assert.Single(first).Id);

        var resumed = await Importer().Match(staged, recorded[^1], Remember, default);

        Assert.Equal((ImportStatus.Finished, new ImportCounts(6, 0, 6, 0, 0, 2_100)), (resumed.Status, resumed.Counts));
        Assert.Equal((3, recorded[0] + 4), (recorded.Count, recorded[^1]));
        for (var id = 1; id <= 6; id++) Assert.Equal(-id, await accounts.Balance(new AccountId(id)));

        // It is told how far everything is before every step, too.
        Task Remember(long entry)
        {
            if (entry > recorded.LastOrDefault()) recorded.Add(entry);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task The_same_file_and_an_overlapping_one_change_nothing_the_second_time()
    {
        await Importer().Import(Import(), File(SixPayments()), default);

        var again = await Importer().Import(Import(), File(SixPayments()), default);
        var overlapping = await Importer().Import(Import(), File([.. SixPayments()[4..], Payment(10, symbol: 1_001)]), default);

        Assert.Equal(new ImportCounts(6, 6, 0, 0, 0, 0), again.Counts);
        Assert.Equal(new ImportCounts(3, 2, 1, 0, 0, 1_000), overlapping.Counts);
        Assert.Equal(-11, await accounts.Balance(new AccountId(1)));
    }

    private StatementImporter Importer() => new(new AccountBatches(accounts), store, Clock, new StatementImporterOptions { PageSize = 2 });

    private static StatementEntry[] SixPayments() => [.. Enumerable.Range(1, 6).Select(id => Payment(id, symbol: 1_000 + id, reference: $"R{id}"))];
}
