using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Runs;

/// <content>Runs that several machines work off, each some shards of the accounts.</content>
public sealed partial class PostgresBillingRunStore
{
    public async ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountShard shard, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
        await Patience.With(() => DueAfterOnce(run, shard, after, catalogueRevision, max, cancellation));

    /// <remarks>
    /// Block after block by the primary keys; what is due of other shards is never looked at. Accounts behind the cursor whose outcome is recorded
    /// were dealt with just before a crash. They are asked and counted again, whether they are still due or not.
    /// </remarks>
    private async Task<IReadOnlyList<AccountId>> DueAfterOnce(
        BillingRun run, AccountShard shard, AccountId after, long catalogueRevision, int max, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH blocks AS (SELECT b * @size AS first FROM generate_series(@block, (SELECT max(id) FROM accounts) / @size, @of) b)
            (SELECT due.id FROM blocks CROSS JOIN LATERAL (
                SELECT a.id FROM accounts a
                WHERE a.id >= blocks.first AND a.id < blocks.first + @size AND a.id > @after
                    AND {InFilter} AND (a.next_bill_on <= @through OR a.catalogue_revision < @revision)
                ORDER BY a.id) due
             LIMIT @max)
            UNION
            (SELECT billed.id FROM blocks CROSS JOIN LATERAL (
                SELECT DISTINCT d.account_id AS id FROM documents d
                WHERE d.run = @run AND d.account_id >= blocks.first AND d.account_id < blocks.first + @size AND d.account_id > @after
                ORDER BY d.account_id) billed
             LIMIT @max)
            UNION
            (SELECT recorded.id FROM blocks CROSS JOIN LATERAL (
                SELECT i.account_id AS id FROM billing_run_items i
                WHERE i.run = @run AND i.account_id >= blocks.first AND i.account_id < blocks.first + @size AND i.account_id > @after
                ORDER BY i.account_id) recorded
             LIMIT @max)
            ORDER BY 1 LIMIT @max
            """;
        await using var command = OfRun(database.CreateCommand(Sql), run)
            .With("after", NpgsqlDbType.Bigint, after.Value)
            .With("block", NpgsqlDbType.Bigint, (long)shard.FirstBlockAfter(after))
            .With("of", NpgsqlDbType.Bigint, (long)shard.Of)
            .With("size", NpgsqlDbType.Bigint, (long)AccountShard.BlockSize)
            .With("revision", NpgsqlDbType.Bigint, catalogueRevision)
            .With("max", NpgsqlDbType.Integer, PageSize.Work(max));
        return await ReadDue(command, max, cancellation);
    }

    public async ValueTask SaveItems(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation) =>
        await Patience.With(() => SaveItemsOnce(run, items, cancellation));

    /// <remarks>Outcomes of a page are stored already only after a crash between them and the shard's cursor: nobody looks for them before.</remarks>
    private async Task SaveItemsOnce(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            await Copy(connection, run, items, cancellation);
        }
        catch (PostgresException stored) when (stored.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await Replace(connection, run, items, cancellation);
        }
    }

    private static async Task Replace(NpgsqlConnection connection, RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var forget = new NpgsqlCommand("DELETE FROM billing_run_items WHERE run = @run AND account_id = ANY (@accounts)", connection)
            .With("run", NpgsqlDbType.Uuid, run.Value)
            .With("accounts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, items.Select(item => item.Account.Value).ToArray());
        await forget.ExecuteNonQueryAsync(cancellation);
        await Copy(connection, run, items, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async ValueTask SaveProgress(RunId run, RunCounts counts, CancellationToken cancellation) =>
        await Patience.With(() => SaveProgressOnce(run, counts, cancellation));

    async ValueTask IShardedRunStore.Finish(BillingRun run, CancellationToken cancellation) =>
        await Patience.With(() => FinishWithCountsOnce(run, cancellation));

    private async Task FinishWithCountsOnce(BillingRun run, CancellationToken cancellation)
    {
        const string Sql =
            """
            UPDATE billing_runs SET status = @status, finished_at = @finished, failure = @failure, issued = @issued, nothing = @nothing,
                skipped = @skipped, parked = @parked, documents = @documents, total = @total
            WHERE id = @run AND status <> @done
            """;
        await using var command = database.CreateCommand(Sql)
            .With("run", NpgsqlDbType.Uuid, run.Id.Value)
            .With("status", NpgsqlDbType.Smallint, (short)run.Status)
            .With("finished", NpgsqlDbType.TimestampTz, run.FinishedAt?.ToUniversalTime())
            .With("failure", NpgsqlDbType.Text, run.Failure)
            .With("issued", NpgsqlDbType.Bigint, run.Counts.Issued)
            .With("nothing", NpgsqlDbType.Bigint, run.Counts.NothingToBill)
            .With("skipped", NpgsqlDbType.Bigint, run.Counts.Skipped)
            .With("parked", NpgsqlDbType.Bigint, run.Counts.Parked)
            .With("documents", NpgsqlDbType.Bigint, run.Counts.Documents)
            .With("total", NpgsqlDbType.Bigint, run.Counts.TotalMinor)
            .With("done", NpgsqlDbType.Smallint, (short)RunStatus.Finished);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task SaveProgressOnce(RunId run, RunCounts counts, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await MoveCursor(connection, run, default, counts, cancellation);
    }
}
