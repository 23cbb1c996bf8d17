using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using static IspBilling.Postgres.Tests.Imports.Statements;

namespace IspBilling.Postgres.Tests.Imports;

public sealed class StatementEntryTableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    /// <summary>What others of the importer's statements write and read: the statement, the step under way, who told more, what only the database derives.</summary>
    private static readonly string[] ElsewhereDeclared = ["generation", "on_desk", "statement", "step", "step_parts", "step_reason", "told_by"];

    private TestDatabase database = null!;

    public async Task InitializeAsync() => database = await postgres.NewDatabase(MigrationSet.OfProgram);

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Every_column_of_the_table_is_declared()
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        var columns = await connection.QueryAsync<string>(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'statement_entries' ORDER BY ordinal_position");

        var undeclared = columns.Except(StatementEntryTable.Declared).Except(ElsewhereDeclared);

        Assert.Empty(undeclared);
    }

    [Fact]
    public async Task An_entry_is_read_as_it_was_written_whatever_it_says()
    {
        var full = new StatementEntry(
            OwnAccount, "ref-1", Money.Czk(12.34m), EntryDirection.Debit, IsReversal: true, new DateOnly(2026, 5, 4), new DateOnly(2026, 5, 3), "19-123/0100",
            "JAN NOVÁK", new VariableSymbol(1_234_567_890), "308", "77", "thanks", "order-9", "record 1, line 2");
        var bare = full with
        {
            EntryReference = null,
            CounterAccount = null,
            CounterName = null,
            VariableSymbol = null,
            ConstantSymbol = null,
            SpecificSymbol = null,
            Message = null,
            OrderReference = null,
            Direction = EntryDirection.Credit,
            IsReversal = false,
            Position = "record 2, line 3",
        };
        var store = new PostgresStatementImportStore(database.Source);
        var import = Import();
        await store.Stage(import, File(full, bare), default);

        var stored = await store.PendingAfter(import.Id, 0, 10, default);
        var views = await new StatementImportReading(database.Source).Entries(import.Id, state: null, after: 0, max: 10, default);

        Assert.Equal([full, bare], stored.Select(entry => entry.Entry));
        Assert.Equal([full, bare], views.Select(view => view.Entry));
        Assert.All(views, view => Assert.Equal((import.Id, EntryState.Pending, null, null), (view.Import, view.State, view.Account, view.Rule)));
    }
}
