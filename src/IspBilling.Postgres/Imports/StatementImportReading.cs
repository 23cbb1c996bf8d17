using Dapper;
using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;
using Npgsql;

namespace IspBilling.Postgres.Imports;

/// <summary>Imports and their entries for people to look at, in pages of at most <see cref="PageSize.ForReading"/>.</summary>
public sealed class StatementImportReading(NpgsqlDataSource database)
{
    /// <summary>Imports, newest first.</summary>
    /// <param name="before">Only imports older than this one; null for the first page.</param>
    public async Task<IReadOnlyList<StatementImport>> List(ImportId? before, int max, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            SELECT {ImportRow.Columns} FROM statement_imports
            WHERE @before::uuid IS NULL OR (started_at, id) < (SELECT started_at, id FROM statement_imports WHERE id = @before)
            ORDER BY started_at DESC, id DESC LIMIT @max
            """;
        var rows = await Query<ImportRow>(Sql, new { before = before?.Value, max = PageSize.Reading(max) }, cancellation);
        return [.. rows.Select(row => row.ToImport())];
    }

    /// <summary>Entries that an import brought first, in file order; repetitions belong to the import that brought them first.</summary>
    /// <param name="state">Only entries in this state; null for all.</param>
    public async Task<IReadOnlyList<EntryView>> Entries(ImportId import, EntryState? state, long after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await StatementEntryTable.Views(
            connection, "WHERE import_id = @import AND id > @after AND (@state::int IS NULL OR state = @state) ORDER BY id LIMIT @max",
            new { import = import.Value, after, state = (int?)state, max = PageSize.Reading(max) }, cancellation);
    }

    /// <summary>Entries of all imports that wait for a person, oldest first.</summary>
    public async Task<IReadOnlyList<EntryView>> Suspense(long after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await StatementEntryTable.Views(
            connection, "WHERE on_desk AND state = 2 AND id > @after ORDER BY id LIMIT @max", new { after, max = PageSize.Reading(max) }, cancellation);
    }

    /// <summary>What was decided about an entry, the oldest first.</summary>
    public async Task<IReadOnlyList<EntryDecision>> Decisions(long entry, CancellationToken cancellation)
    {
        const string Sql = "SELECT at, by_kind AS Kind, by_id AS Id, by, action::int AS Action, reason FROM statement_entry_decisions WHERE entry = @entry ORDER BY generation LIMIT @max";
        var rows = await Query<DecisionRow>(Sql, new { entry, max = PageSize.ForReading }, cancellation);
        return [.. rows.Select(row => new EntryDecision(new DateTimeOffset(row.At, TimeSpan.Zero), StoredActor.Of(row.Kind, row.Id, row.By), (EntryAction)row.Action, row.Reason))];
    }

    private sealed record DecisionRow(DateTime At, string? Kind, string? Id, string By, int Action, string? Reason);

    private async Task<IEnumerable<T>> Query<T>(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }
}
