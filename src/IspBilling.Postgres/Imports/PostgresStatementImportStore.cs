using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>Statement imports in PostgreSQL. A file is stored whole or not at all; an entry's identity is unique for ever.</summary>
public sealed partial class PostgresStatementImportStore(NpgsqlDataSource database) : IStatementImportStore
{
    private const int MaxUnfinished = 1_000;

    /// <summary>What a movement did to accounts: reversals take back.</summary>
    private const string Signed = "CASE direction WHEN 0 THEN amount ELSE -amount END";

    private readonly CandidateSearch _candidates = new(database);

    /// <remarks>An import that is stored already is returned as it is, and the file is not read again.</remarks>
    public async Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            if (await Insert(connection, import, ImportStatus.Matching, refusal: null, cancellation))
            {
                await HeldStatements.Release(connection, import.Id, cancellation);
                await new Staging(connection, import).Run(items, cancellation);
                await transaction.CommitAsync(cancellation);
            }
        }
        catch (StatementFormatException refused)
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            if (await Insert(connection, import, ImportStatus.Refused, refused.Message, cancellation)) await HeldStatements.Release(connection, import.Id, cancellation);
            await transaction.CommitAsync(cancellation);
            throw;
        }

        return await Find(import.Id, cancellation) ?? throw new InvariantBrokenException("an import was stored and is not there");
    }

    public async ValueTask<StatementImport?> Find(ImportId import, CancellationToken cancellation) =>
        await Patience.With(() => FindOnce(import, cancellation));

    private async Task<StatementImport?> FindOnce(ImportId import, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<ImportRow>(new CommandDefinition(
            $"SELECT {ImportRow.Columns} FROM statement_imports WHERE id = @id", new { id = import.Value }, cancellationToken: cancellation));
        return row?.ToImport();
    }

    public async ValueTask<IReadOnlyList<StatementImport>> Unfinished(CancellationToken cancellation) =>
        await Patience.With(() => UnfinishedOnce(cancellation));

    private async Task<IReadOnlyList<StatementImport>> UnfinishedOnce(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ImportRow>(new CommandDefinition(
            $"SELECT {ImportRow.Columns} FROM statement_imports WHERE status = @matching ORDER BY started_at, id LIMIT @max",
            new { matching = (int)ImportStatus.Matching, max = MaxUnfinished }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToImport())];
    }

    public async ValueTask<IReadOnlyList<StoredEntry>> PendingAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        await Patience.With(() => PendingAfterOnce(import, after, max, cancellation));

    private async Task<IReadOnlyList<StoredEntry>> PendingAfterOnce(ImportId import, long after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await StatementEntryTable.Stored(
            connection, "WHERE import_id = @import AND id > @after AND state = @pending ORDER BY id LIMIT @max",
            new { import = import.Value, after, pending = (int)EntryState.Pending, max = PageSize.Work(max) }, cancellation);
    }

    public async ValueTask<ILookup<ReceivedSymbol, Candidate>> BySymbol(IReadOnlyCollection<ReceivedSymbol> symbols, CancellationToken cancellation) =>
        await _candidates.BySymbol(symbols, cancellation);

    public async ValueTask<IReadOnlyDictionary<AccountId, DateOnly>> SymbolsGiven(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        await _candidates.SymbolsGiven(accounts, cancellation);

    public async ValueTask<ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)>> ByPayer(
        IReadOnlyCollection<ReceivedFrom> payers, IReadOnlyCollection<string> notYet, CancellationToken cancellation) =>
        await _candidates.ByPayer(payers, notYet, cancellation);

    public async ValueTask<IReadOnlyDictionary<string, AccountId>> BookedAlready(ImportId import, int first, CancellationToken cancellation) =>
        await _candidates.BookedAlready(import, PageSize.Work(first), cancellation);

    public async ValueTask<IReadOnlyDictionary<string, AccountId>> BookedOf(IReadOnlyCollection<string> identities, CancellationToken cancellation) =>
        await _candidates.BookedOf(identities, cancellation);

    public async ValueTask<ILookup<long, Candidate>> ByOriginal(
        IReadOnlyCollection<StoredEntry> reversals, IReadOnlyCollection<string> notYet, CancellationToken cancellation) =>
        await _candidates.ByOriginal(reversals, notYet, cancellation);

    public async ValueTask<ILookup<long, Candidate>> NearOriginal(IReadOnlyCollection<StoredEntry> reversals, CancellationToken cancellation) =>
        await _candidates.NearOriginal(reversals, cancellation);

    public async ValueTask<IReadOnlyDictionary<AccountId, Standing>> StandingOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        await _candidates.StandingOf(accounts, cancellation);

    public async ValueTask<IReadOnlyList<WaitingEntry>> WaitingAfter(long after, int max, CancellationToken cancellation) =>
        await Patience.With(() => WaitingAfterOnce(after, max, cancellation));

    private async Task<IReadOnlyList<WaitingEntry>> WaitingAfterOnce(long after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var waiting = await StatementEntryTable.Stored(
            connection, "WHERE on_desk AND state = 2 AND step IS NULL AND id > @after ORDER BY id LIMIT @max", new { after, max = PageSize.Work(max) }, cancellation);
        if (waiting.Count == 0) return [];
        var free = (await connection.QueryAsync<long>(new CommandDefinition(
            $"""
            SELECT id FROM statement_entries e
            WHERE id = ANY (@ids) AND state = 2 AND step IS NULL AND assigned_by IS NULL AND hold IS NULL AND NOT is_doubtful AND NOT {Doubts.IsDoubted}
            """,
            new { ids = waiting.ConvertAll(stored => stored.Id) }, cancellationToken: cancellation))).ToHashSet();
        return waiting.ConvertAll(stored => new WaitingEntry(stored, free.Contains(stored.Id)));
    }

    public async ValueTask<IReadOnlyList<StoredEntry>> UnrankedAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        await Patience.With(() => UnrankedAfterOnce(import, after, max, cancellation));

    private async Task<IReadOnlyList<StoredEntry>> UnrankedAfterOnce(ImportId import, long after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await StatementEntryTable.Stored(
            connection,
            """
            WHERE on_desk AND state = 2 AND step IS NULL AND candidates IS NULL AND id > @after AND ((import_id = @import AND is_doubtful) OR told_by = @import)
            ORDER BY id LIMIT @max
            """,
            new { import = import.Value, after, max = PageSize.Work(max) }, cancellation);
    }

    public async ValueTask Propose(IReadOnlyDictionary<long, IReadOnlyList<Candidate>> candidates, CancellationToken cancellation) =>
        await Patience.With(() => ProposeOnce([.. candidates.Where(proposed => proposed.Value.Count > 0).OrderBy(proposed => proposed.Key)], cancellation));

    private async Task ProposeOnce(KeyValuePair<long, IReadOnlyList<Candidate>>[] proposed, CancellationToken cancellation)
    {
        if (proposed.Length == 0) return;
        await using var command = database
            .CreateCommand(
                """
                UPDATE statement_entries e SET candidates = p.candidates FROM unnest(@entries, @candidates) AS p (entry, candidates)
                WHERE e.id = p.entry AND e.state = 2 AND e.candidates IS NULL
                """)
            .With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, Array.ConvertAll(proposed, pair => pair.Key))
            .With("candidates", NpgsqlDbType.Array | NpgsqlDbType.Text, Array.ConvertAll(proposed, pair => CandidateJson.Write(pair.Value)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask Reconsider(IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation) =>
        await Patience.With(() => ReconsiderOnce([.. outcomes.OrderBy(outcome => outcome.Entry)], cancellation));

    private async Task ReconsiderOnce(EntryOutcome[] outcomes, CancellationToken cancellation)
    {
        if (outcomes.Length == 0) return;
        await using var command = database
            .CreateCommand(
                """
                UPDATE statement_entries e SET reason = CASE WHEN e.assigned_by IS NULL AND NOT e.is_doubtful THEN o.reason ELSE e.reason END, candidates = o.candidates
                FROM unnest(@entries, @reasons, @candidates) AS o (entry, reason, candidates)
                WHERE e.id = o.entry AND e.on_desk AND e.state = 2 AND e.step IS NULL
                    AND (e.candidates IS DISTINCT FROM o.candidates OR (e.assigned_by IS NULL AND NOT e.is_doubtful AND e.reason IS DISTINCT FROM o.reason))
                """)
            .With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, Array.ConvertAll(outcomes, outcome => outcome.Entry))
            .With("reasons", NpgsqlDbType.Array | NpgsqlDbType.Text, Array.ConvertAll(outcomes, outcome => outcome.Reason))
            .With("candidates", NpgsqlDbType.Array | NpgsqlDbType.Text, Array.ConvertAll(outcomes, outcome => CandidateJson.Write(outcome.Candidates)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <remarks>Changes and counts only entries that are still pending, so that recording the same outcomes again does nothing.</remarks>
    public async ValueTask Resolve(ImportId import, IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation) =>
        await Patience.With(() => ResolveOnce(import, outcomes, cancellation));

    private async Task ResolveOnce(ImportId import, IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH outcome AS (
                SELECT * FROM unnest(@entries, @states, @accounts, @rules, @reasons, @candidates)
                    AS o (entry, state, account_id, rule, reason, candidates)),
            changed AS (
                UPDATE statement_entries e
                SET state = o.state, account_id = o.account_id, rule = o.rule, reason = o.reason, candidates = o.candidates
                FROM outcome o
                WHERE e.id = o.entry AND e.import_id = @import AND e.state = 0
                RETURNING e.state, {Signed} AS signed),
            counted AS (
                SELECT count(*) FILTER (WHERE state = 1) AS matched, count(*) FILTER (WHERE state = 2) AS suspense,
                       count(*) FILTER (WHERE state = 3) AS rejected, coalesce(sum(signed) FILTER (WHERE state = 1), 0) AS total
                FROM changed)
            UPDATE statement_imports i
            SET matched = i.matched + c.matched, suspense = i.suspense + c.suspense, rejected = i.rejected + c.rejected,
                matched_total = i.matched_total + c.total
            FROM counted c WHERE i.id = @import
            """;
        if (outcomes.Count == 0) return;
        outcomes = [.. outcomes.OrderBy(outcome => outcome.Entry)];
        await using var command = database.CreateCommand(Sql)
            .With("import", NpgsqlDbType.Uuid, import.Value)
            .With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, Column(outcome => outcome.Entry))
            .With("states", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Column(outcome => (short)outcome.State))
            .With("accounts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, Column(outcome => outcome.Account?.Value))
            .With("rules", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Column(outcome => (short?)outcome.Rule))
            .With("reasons", NpgsqlDbType.Array | NpgsqlDbType.Text, Column(outcome => outcome.Reason))
            .With("candidates", NpgsqlDbType.Array | NpgsqlDbType.Text, Column(outcome => CandidateJson.Write(outcome.Candidates)));
        await command.ExecuteNonQueryAsync(cancellation);

        T[] Column<T>(Func<EntryOutcome, T> value) => [.. outcomes.Select(value)];
    }

    public async ValueTask<StatementImport> Finish(ImportId import, DateTimeOffset at, CancellationToken cancellation) =>
        await Patience.With(() => FinishOnce(import, at, cancellation));

    private async Task<StatementImport> FinishOnce(ImportId import, DateTimeOffset at, CancellationToken cancellation)
    {
        // A refused import stays refused, and a finished one finished when it was.
        await using var command = database
            .CreateCommand("UPDATE statement_imports SET status = @finished, finished_at = @at WHERE id = @import AND status = @matching")
            .With("import", NpgsqlDbType.Uuid, import.Value)
            .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime())
            .With("finished", NpgsqlDbType.Smallint, (short)ImportStatus.Finished)
            .With("matching", NpgsqlDbType.Smallint, (short)ImportStatus.Matching);
        await command.ExecuteNonQueryAsync(cancellation);
        return await Find(import, cancellation) ?? throw new InvariantBrokenException("an import that ends has begun");
    }

    public async ValueTask<EntryView?> FindEntry(long entry, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await FindEntry(connection, entry, cancellation);
    }

    private static async Task<EntryView?> FindEntry(NpgsqlConnection connection, long entry, CancellationToken cancellation)
    {
        var found = await StatementEntryTable.Views(connection, "WHERE id = @entry", new { entry }, cancellation);
        return found.SingleOrDefault();
    }

    /// <summary>False when the import is stored already, unless it was held until now. Waits for a concurrent import of the same id.</summary>
    internal static async Task<bool> Insert(
        NpgsqlConnection connection, StatementImport import, ImportStatus status, string? refusal, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO statement_imports (id, file_name, format, requested_by_kind, requested_by_id, requested_by, started_at, finished_at, status, refusal)
            VALUES (@import, @file, @format, @byKind, @byId, @by, @started, @finished, @status, @refusal)
            ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, refusal = EXCLUDED.refusal, format = EXCLUDED.format
            WHERE statement_imports.status = @held
            """,
            connection);
        return await command
            .With("import", NpgsqlDbType.Uuid, import.Id.Value)
            .With("file", NpgsqlDbType.Text, import.FileName)
            .With("format", NpgsqlDbType.Text, import.Format)
            .WithActor("by", import.RequestedBy)
            .With("started", NpgsqlDbType.TimestampTz, import.StartedAt.ToUniversalTime())
            .With("finished", NpgsqlDbType.TimestampTz, import.FinishedAt?.ToUniversalTime())
            .With("status", NpgsqlDbType.Smallint, (short)status)
            .With("held", NpgsqlDbType.Smallint, (short)ImportStatus.Held)
            .With("refusal", NpgsqlDbType.Text, refusal)
            .ExecuteNonQueryAsync(cancellation) == 1;
    }
}
