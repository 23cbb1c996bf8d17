using System.Data;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Runs;

/// <summary>Billing runs in PostgreSQL. Cursor, counts and outcomes of a page are one transaction.</summary>
public sealed partial class PostgresBillingRunStore(NpgsqlDataSource database) : IBillingRunStore, IShardedRunStore
{
    private const int MaxUnfinished = 100;

    /// <summary>Accounts of the run's filter that the CRM has described.</summary>
    private const string InFilter =
        "a.status <> 0 AND (@issuer IS NULL OR a.issuer = @issuer) AND (@accounts IS NULL OR a.id = ANY (@accounts))";

    public async ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation) =>
        await Patience.With(() => CreateOnce(run, cancellation));

    private async Task<BillingRun> CreateOnce(BillingRun run, CancellationToken cancellation)
    {
        const string Sql =
            """
            INSERT INTO billing_runs (id, mode, through, issuer, accounts, compared_to, requested_by_kind, requested_by_id, requested_by, started_at,
                finished_at, status, cursor, issued, nothing, skipped, parked, documents, total, failure)
            VALUES (@run, @mode, @through, @issuer, @accounts, @compared, @byKind, @byId, @by, @started, NULL, @status, @cursor, 0, 0, 0, 0, 0, 0, NULL)
            ON CONFLICT (id) DO NOTHING
            """;
        Invariant.Require(run.Filter.Accounts is not { Count: > RunFilter.MaxAccounts });
        Invariant.Require(run.Counts == RunCounts.None);
        await using var command = OfRun(database.CreateCommand(Sql), run)
            .With("mode", NpgsqlDbType.Smallint, (short)run.Mode)
            .With("compared", NpgsqlDbType.Uuid, run.ComparedTo?.Value)
            .WithActor("by", run.RequestedBy)
            .With("started", NpgsqlDbType.TimestampTz, run.StartedAt.ToUniversalTime())
            .With("status", NpgsqlDbType.Smallint, (short)(run.Status == RunStatus.Open ? RunStatus.Open : RunStatus.Running))
            .With("cursor", NpgsqlDbType.Bigint, run.Cursor.Value);
        await command.ExecuteNonQueryAsync(cancellation);
        return await Find(run.Id, cancellation) ?? throw new InvariantBrokenException($"run {run.Id} was stored and is not there");
    }

    public async ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation) =>
        await Patience.With(() => FindOnce(run, cancellation));

    private async Task<BillingRun?> FindOnce(RunId run, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Find(connection, run, cancellation);
    }

    public async ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation) =>
        await Patience.With(() => UnfinishedOnce(cancellation));

    private async Task<IReadOnlyList<BillingRun>> UnfinishedOnce(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await WithStatus(connection, RunStatus.Running, cancellation);
    }

    /// <summary>The oldest runs of a status.</summary>
    private static async Task<IReadOnlyList<BillingRun>> WithStatus(NpgsqlConnection connection, RunStatus status, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<RunRow>(new CommandDefinition(
            $"SELECT {RunRow.Columns} FROM billing_runs WHERE status = @status ORDER BY started_at, id LIMIT @max",
            new { status = (short)status, max = MaxUnfinished }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToRun())];
    }

    /// <remarks>
    /// An account that this run billed just before a crash is no longer due by its dates; the document that names the run says
    /// that it still needs its outcome recorded.
    /// </remarks>
    public async ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
        await Patience.With(() => DueAfterOnce(run, after, catalogueRevision, max, cancellation));

    private async Task<IReadOnlyList<AccountId>> DueAfterOnce(BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            (SELECT a.id FROM accounts a
             WHERE a.id > @after AND {InFilter} AND (a.next_bill_on <= @through OR a.catalogue_revision < @revision)
             ORDER BY a.id LIMIT @max)
            UNION
            (SELECT DISTINCT d.account_id FROM documents d WHERE d.run = @run AND d.account_id > @after ORDER BY d.account_id LIMIT @max)
            ORDER BY 1 LIMIT @max
            """;
        await using var command = OfRun(database.CreateCommand(Sql), run)
            .With("after", NpgsqlDbType.Bigint, after.Value)
            .With("revision", NpgsqlDbType.Bigint, catalogueRevision)
            .With("max", NpgsqlDbType.Integer, PageSize.Work(max));
        return await ReadDue(command, max, cancellation);
    }

    private static async Task<List<AccountId>> ReadDue(NpgsqlCommand command, int max, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var due = new List<AccountId>(max);
        while (await reader.ReadAsync(cancellation)) due.Add(new AccountId(reader.GetInt64(0)));
        return due;
    }

    /// <remarks>
    /// The cursor tells whether the page is in already; the counts tell whether it follows on the page before it. A run that is
    /// executed twice at once stops here before anything is counted twice.
    /// </remarks>
    public async ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation) =>
        await Patience.With(() => SavePageOnce(run, items, cancellation));

    private async Task SavePageOnce(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        if (items.Count == 0) return;
        Invariant.Require(items[^1].Account == run.Cursor);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var stored = await Find(connection, run.Id, cancellation, "FOR UPDATE")
            ?? throw new InvariantBrokenException($"run {run.Id} is not stored");
        if (stored.Cursor.CompareTo(run.Cursor) >= 0) return;
        if (items.Aggregate(stored.Counts, (counts, item) => counts.With(item)) != run.Counts)
            throw new RunOvertakenException(run.Id, stored.Cursor);

        await Copy(connection, run.Id, items, cancellation);
        await MoveCursor(connection, run.Id, run.Cursor, run.Counts, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async ValueTask Finish(BillingRun run, CancellationToken cancellation) =>
        await Patience.With(() => FinishOnce(run, cancellation));

    private async Task FinishOnce(BillingRun run, CancellationToken cancellation)
    {
        const string Sql =
            """
            UPDATE billing_runs SET status = @status, finished_at = @finished, failure = @failure
            WHERE id = @run AND status <> @done
            """;
        await using var command = database.CreateCommand(Sql)
            .With("run", NpgsqlDbType.Uuid, run.Id.Value)
            .With("status", NpgsqlDbType.Smallint, (short)run.Status)
            .With("finished", NpgsqlDbType.TimestampTz, run.FinishedAt?.ToUniversalTime())
            .With("failure", NpgsqlDbType.Text, run.Failure)
            .With("done", NpgsqlDbType.Smallint, (short)RunStatus.Finished);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <remarks>
    /// Counts come from the run, the due are counted again from what there is: outcomes, documents that name the run, and
    /// accounts that are still due by their dates. The two must agree.
    /// </remarks>
    public async ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation) =>
        await Patience.With(() => ProveOnce(run, cancellation));

    private async Task<CompletenessProof> ProveOnce(BillingRun run, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var stored = await Find(connection, run.Id, cancellation) ?? throw new InvariantBrokenException($"run {run.Id} is not stored");
        var (due, missed, unrecorded) = await Recount(connection, stored, cancellation);
        var exceptions = await connection.QueryAsync<RunItemRow>(new CommandDefinition(
            $"""
            SELECT {RunItemRow.Columns} FROM billing_run_items
            WHERE run = @run AND outcome IN (@skipped, @parked) ORDER BY account_id LIMIT @max
            """,
            new { run = run.Id.Value, skipped = (short)RunOutcome.Skipped, parked = (short)RunOutcome.Parked, max = CompletenessProof.MaxNamed },
            cancellationToken: cancellation));
        return new CompletenessProof(stored.Counts, due, missed, unrecorded, [.. exceptions.Select(row => row.ToItem())]);
    }

    /// <remarks>
    /// EXCEPT compares sets by hash or by sort. An anti join would be planned from the statistics, which know nothing yet of the rows
    /// that the run has just written, and then compares every document with every item.
    /// </remarks>
    private static async Task<(long Due, AccountId[] Missed, AccountId[] Unrecorded)> Recount(NpgsqlConnection connection, BillingRun run, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH unrecorded AS MATERIALIZED (
                SELECT account_id AS id FROM documents WHERE run = @run
                EXCEPT SELECT account_id FROM billing_run_items WHERE run = @run AND outcome = @issued),
            missed AS MATERIALIZED (
                SELECT a.id FROM accounts a WHERE {InFilter} AND a.next_bill_on <= @through
                EXCEPT SELECT account_id FROM billing_run_items WHERE run = @run
                EXCEPT SELECT id FROM unrecorded)
            SELECT (SELECT count(*) FROM billing_run_items WHERE run = @run)
                     + (SELECT count(*) FROM (SELECT id FROM unrecorded EXCEPT SELECT account_id FROM billing_run_items WHERE run = @run) AS uncounted)
                     + (SELECT count(*) FROM missed),
                   ARRAY (SELECT id FROM missed ORDER BY id LIMIT @max), ARRAY (SELECT id FROM unrecorded ORDER BY id LIMIT @max)
            """;
        await using var command = OfRun(new NpgsqlCommand(Sql, connection), run)
            .With("issued", NpgsqlDbType.Smallint, (short)RunOutcome.Issued)
            .With("max", NpgsqlDbType.Integer, CompletenessProof.MaxNamed);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), Ids(1), Ids(2));

        AccountId[] Ids(int column) => Array.ConvertAll(reader.GetFieldValue<long[]>(column), account => new AccountId(account));
    }

    private static async Task<BillingRun?> Find(NpgsqlConnection connection, RunId run, CancellationToken cancellation, string locking = "")
    {
        var row = await connection.QuerySingleOrDefaultAsync<RunRow>(new CommandDefinition(
            $"SELECT {RunRow.Columns} FROM billing_runs WHERE id = @run {locking}",
            new { run = run.Value }, cancellationToken: cancellation));
        return row?.ToRun();
    }

    private static async Task Copy(NpgsqlConnection connection, RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY billing_run_items (run, account_id, outcome, hash, documents, total, previous_total, detail) FROM STDIN (FORMAT binary)", cancellation);
        foreach (var item in items)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(run.Value, NpgsqlDbType.Uuid, cancellation);
            await copy.WriteAsync(item.Account.Value, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync((short)item.Outcome, NpgsqlDbType.Smallint, cancellation);
            await copy.WriteAsync(unchecked((long)item.Hash), NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(item.Documents, NpgsqlDbType.Integer, cancellation);
            await copy.WriteAsync(item.TotalMinor, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(item.PreviousTotalMinor, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(item.Detail, NpgsqlDbType.Text, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task MoveCursor(NpgsqlConnection connection, RunId run, AccountId cursor, RunCounts counts, CancellationToken cancellation)
    {
        const string Sql =
            """
            UPDATE billing_runs SET status = @status, failure = NULL, cursor = @cursor, issued = @issued, nothing = @nothing,
                skipped = @skipped, parked = @parked, documents = @documents, total = @total
            WHERE id = @run AND status <> @finished
            """;
        await using var command = WithCounts(new NpgsqlCommand(Sql, connection), counts)
            .With("run", NpgsqlDbType.Uuid, run.Value)
            .With("status", NpgsqlDbType.Smallint, (short)RunStatus.Running)
            .With("finished", NpgsqlDbType.Smallint, (short)RunStatus.Finished)
            .With("cursor", NpgsqlDbType.Bigint, cursor.Value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand WithCounts(NpgsqlCommand command, RunCounts counts) => command
        .With("issued", NpgsqlDbType.Bigint, counts.Issued)
        .With("nothing", NpgsqlDbType.Bigint, counts.NothingToBill)
        .With("skipped", NpgsqlDbType.Bigint, counts.Skipped)
        .With("parked", NpgsqlDbType.Bigint, counts.Parked)
        .With("documents", NpgsqlDbType.Bigint, counts.Documents)
        .With("total", NpgsqlDbType.Bigint, counts.TotalMinor);

    /// <summary>The run's id, through-date and filter.</summary>
    private static NpgsqlCommand OfRun(NpgsqlCommand command, BillingRun run) => command
        .With("run", NpgsqlDbType.Uuid, run.Id.Value)
        .With("through", NpgsqlDbType.Date, run.Through)
        .With("issuer", NpgsqlDbType.Integer, run.Filter.Issuer?.Value)
        .With("accounts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, run.Filter.Accounts?.Select(account => account.Value).ToArray());
}
