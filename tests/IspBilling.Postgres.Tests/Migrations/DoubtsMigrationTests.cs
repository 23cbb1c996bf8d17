using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Migrations;

/// <summary>What an earlier release held because it looks like a known entry: from now on both know each other.</summary>
public sealed class DoubtsMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Doubtful_entries_of_an_earlier_release_and_what_they_look_like_know_each_other()
    {
        await using var database = await postgres.NewDatabase();
        var before = MigrationSet.OfProgram.Migrations.TakeWhile(migration => migration.Name != "doubts").ToList();
        await new Migrator(database.Source, MigrationSet.From(before)).Apply(default);
        await Entry(database, 1, EntryState.Matched, isDoubtful: false, looksLike: null);
        await Entry(database, 2, EntryState.Suspense, isDoubtful: true, looksLike: 1);
        await Entry(database, 3, EntryState.Suspense, isDoubtful: true, looksLike: 1);
        await Entry(database, 4, EntryState.Suspense, isDoubtful: true, looksLike: null);
        await Entry(database, 5, EntryState.Suspense, isDoubtful: false, looksLike: null);

        await new Migrator(database.Source, MigrationSet.OfProgram).Apply(default);

        var store = new PostgresStatementImportStore(database.Source);
        var entries = new List<EntryView>();
        for (var id = 1; id <= 5; id++) entries.Add((await store.FindEntry(id, default))!);
        Assert.Equal([[2, 3], [1], [1], [], []], entries.Select(entry => entry.MayBe));
        // Copies of one entry may be each other.
        Assert.Equal([1L, 3], (await store.CounterpartsOf(2, default)).Select(other => other.Id));
    }

    /// <summary>Each of a statement of its own.</summary>
    private static Task Entry(TestDatabase database, long id, EntryState state, bool isDoubtful, long? looksLike) => database.Execute(
        $"""
        INSERT INTO statement_entries (import_id, identity, state, own_account, amount, currency, direction, is_reversal, booked_on, value_on, position, statement, is_doubtful, looks_like)
        VALUES (gen_random_uuid(), '{id}.1', {(int)state}, '2000145399/0800', 10000, 'CZK', 0, false, '2026-11-01', '2026-11-01', 'record 1', {id}, {isDoubtful}, {looksLike?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "NULL"})
        """);
}
