using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <remarks>
/// Whoever begins to book an entry looks first whether money that may be the same is booked. They do so one after another: the look and the step
/// are one, whatever else clerks and files do meanwhile.
/// </remarks>
public sealed partial class PostgresStatementImportStore
{
    /// <summary>"ISPDOUBT" in ASCII; advisory locks of one database share one number space.</summary>
    private const long DeskLock = 0x49_53_50_44_4F_55_42_54;

    public async ValueTask<IReadOnlyList<EntryView>> CounterpartsOf(long entry, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var entries = await Doubts.CounterpartsOf(connection, entry, cancellation);
        return entries.Length == 0 ? [] : await StatementEntryTable.Views(connection, "WHERE id = ANY (@entries) ORDER BY id", new { entries }, cancellation);
    }

    public async ValueTask<bool> TellApart(long entry, IReadOnlyList<long> others, Actor by, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockDesk(connection, cancellation);
        long[] all = [entry, .. others];
        await Lock(connection, all, cancellation);
        const string Change =
            """
            UPDATE statement_entries
            SET generation = generation + 1, candidates = CASE WHEN id = @entry AND state = 2 THEN NULL ELSE candidates END,
                reason = CASE WHEN id = @entry AND state = 2 THEN 'told apart by ' || @name || ': ' || @reason ELSE reason END
            WHERE id = ANY (@all) AND step IS NULL
            """;
        var changed = await connection.ExecuteAsync(new CommandDefinition(Change, new { all, entry, name = by.Name, reason }, cancellationToken: cancellation));
        if (changed != all.Length) return false;
        await Doubts.Part(connection, entry, others, cancellation);
        await Remember(connection, all, EntryAction.ToldApart, by, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async ValueTask<IReadOnlyList<EntryView>> ToldMoreAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        await Patience.With(() => ToldMoreAfterOnce(import, after, max, cancellation));

    private async Task<IReadOnlyList<EntryView>> ToldMoreAfterOnce(ImportId import, long after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await StatementEntryTable.Views(
            connection, "WHERE told_by = @import AND state IN (1, 3) AND step IS NULL AND id > @after ORDER BY id LIMIT @max",
            new { import = import.Value, after, max = PageSize.Work(max) }, cancellation);
    }

    public async ValueTask Flag(ImportId import, long entry, string why, CancellationToken cancellation) =>
        await Patience.With(() => FlagOnce(import, entry, why, cancellation));

    /// <remarks>Asked again after a lost connection, it finds its words there.</remarks>
    private async Task FlagOnce(ImportId import, long entry, string why, CancellationToken cancellation)
    {
        const string Sql =
            """
            WITH flagged AS (
                UPDATE statement_entries SET reason = concat_ws('; ', reason, @why)
                WHERE id = @entry AND state IN (1, 3) AND position(@why IN coalesce(reason, '')) = 0
                RETURNING id)
            UPDATE statement_imports SET warnings = array_prepend(@warning, warnings[1:@most])
            WHERE id = @import AND EXISTS (SELECT FROM flagged)
            """;
        await using var command = database.CreateCommand(Sql)
            .With("import", NpgsqlDbType.Uuid, import.Value)
            .With("entry", NpgsqlDbType.Bigint, entry)
            .With("why", NpgsqlDbType.Text, why)
            .With("warning", NpgsqlDbType.Text, FormattableString.Invariant($"entry {entry}: {why}"))
            .With("most", NpgsqlDbType.Integer, StatementImport.MaxWarnings - 1);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Whether money that may be the entry's is booked, or about to be; asked under <see cref="DeskLock"/>.</summary>
    private static async Task<bool> IsBookedElsewhere(NpgsqlConnection connection, long entry, CancellationToken cancellation)
    {
        var entries = await Doubts.CounterpartsOf(connection, entry, cancellation);
        return entries.Length > 0 && await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM statement_entries WHERE id = ANY (@entries) AND (state IN (0, 1) OR step IS NOT NULL))", new { entries }, cancellationToken: cancellation));
    }

    private static async Task LockDesk(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition($"SELECT pg_advisory_xact_lock({DeskLock})", cancellationToken: cancellation));
}
