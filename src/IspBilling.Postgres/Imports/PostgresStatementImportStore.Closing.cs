using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;
using Npgsql;

namespace IspBilling.Postgres.Imports;

/// <remarks>Closing asks no account, so it is one step: the entries change together with their imports' counts, or nothing does.</remarks>
public sealed partial class PostgresStatementImportStore
{
    public async ValueTask<bool> Close(IReadOnlyList<long> entries, Actor by, string reason, CancellationToken cancellation)
    {
        Invariant.Require(entries.Count is 1 or 2);
        const string Change =
            """
            UPDATE statement_entries e
            SET state = @to, reason = @reason, assigned_by_kind = @kind, assigned_by_id = @id, assigned_by = @name, generation = generation + 1,
                closed_with = (SELECT other FROM unnest(@entries) other WHERE other <> e.id)
            WHERE id = ANY (@entries) AND state = @from AND step IS NULL
            RETURNING import_id
            """;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Lock(connection, entries, cancellation);
        var imports = (await connection.QueryAsync<Guid>(new CommandDefinition(
            Change, Parameters(entries, by, reason, EntryState.Suspense, EntryState.Rejected), cancellationToken: cancellation))).AsList();
        if (imports.Count != entries.Count) return false;
        await Remember(connection, entries, EntryAction.Closed, by, reason, cancellation);
        await Count(connection, imports, rejected: 1, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async ValueTask<bool> Reopen(long entry, Actor by, string reason, CancellationToken cancellation)
    {
        const string Change =
            """
            UPDATE statement_entries
            SET state = @to, reason = 'opened again by ' || @name || ': ' || @reason, assigned_by_kind = @kind, assigned_by_id = @id,
                assigned_by = @name, generation = generation + 1, closed_with = NULL, candidates = NULL
            WHERE id = ANY (@entries) AND state = @from
            RETURNING import_id
            """;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await FindEntry(connection, entry, cancellation) is not { } view) return false;
        long[] entries = view.ClosedWith is { } other ? [entry, other] : [entry];
        await Lock(connection, entries, cancellation);
        var imports = (await connection.QueryAsync<Guid>(new CommandDefinition(
            Change, Parameters(entries, by, reason, EntryState.Rejected, EntryState.Suspense), cancellationToken: cancellation))).AsList();
        if (imports.Count != entries.Length) return false;
        await Remember(connection, entries, EntryAction.Reopened, by, reason, cancellation);
        await Count(connection, imports, rejected: -1, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static object Parameters(IReadOnlyList<long> entries, Actor by, string reason, EntryState from, EntryState to) => new
    {
        entries = entries.ToArray(), kind = StoredActor.NameOf(by.Kind), id = by.Id, name = by.Name, reason, from = (short)from, to = (short)to,
    };

    /// <summary>In order of their ids, so that two clerks who mean the same pair wait for each other in one direction.</summary>
    private static async Task Lock(NpgsqlConnection connection, IReadOnlyList<long> entries, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT id FROM statement_entries WHERE id = ANY (@entries) ORDER BY id FOR UPDATE", new { entries = entries.ToArray() }, cancellationToken: cancellation));

    /// <param name="rejected">1 when the entries went from suspense to closed, -1 when they came back.</param>
    private static async Task Count(NpgsqlConnection connection, List<Guid> imports, int rejected, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE statement_imports i SET rejected = i.rejected + @rejected * c.entries, suspense = i.suspense - @rejected * c.entries
            FROM (SELECT import, count(*) AS entries FROM unnest(@imports) import GROUP BY import) c WHERE i.id = c.import
            """,
            new { imports = imports.ToArray(), rejected }, cancellationToken: cancellation));
}
