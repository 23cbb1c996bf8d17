using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Runs;

/// <content>Runs that accounts fill by themselves.</content>
public sealed partial class PostgresBillingRunStore : IDailyRunStore
{
    private sealed record Outcome(int Kind, int Documents, long Total)
    {
        public RunItem ToItem() => new(default, (RunOutcome)Kind, Hash: 0, Documents, Total, PreviousTotalMinor: null, Detail: null);
    }

    public async ValueTask<IReadOnlyList<BillingRun>> Open(CancellationToken cancellation) => await Patience.With(() => OpenOnce(cancellation));

    private async Task<IReadOnlyList<BillingRun>> OpenOnce(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await WithStatus(connection, RunStatus.Open, cancellation);
    }

    public async ValueTask<IReadOnlyList<AccountId>> UnrecordedAfter(
        BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation) =>
        await Patience.With(() => UnrecordedAfterOnce(run, withDue, after, max, cancellation));

    private async Task<IReadOnlyList<AccountId>> UnrecordedAfterOnce(BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            (SELECT a.id FROM accounts a
             WHERE @due AND a.id > @after AND {InFilter} AND a.next_bill_on <= @through
             EXCEPT SELECT account_id FROM billing_run_items WHERE run = @run)
            UNION
            (SELECT account_id FROM documents WHERE run = @run AND account_id > @after
             EXCEPT SELECT account_id FROM billing_run_items WHERE run = @run AND outcome = @issued)
            ORDER BY 1 LIMIT @max
            """;
        await using var command = OfRun(database.CreateCommand(Sql), run)
            .With("due", NpgsqlDbType.Boolean, withDue)
            .With("issued", NpgsqlDbType.Smallint, (short)RunOutcome.Issued)
            .With("after", NpgsqlDbType.Bigint, after.Value)
            .With("max", NpgsqlDbType.Integer, PageSize.Work(max));
        return await ReadDue(command, max, cancellation);
    }

    public async ValueTask Record(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation) =>
        await Patience.With(() => RecordOnce(run, items, cancellation));

    /// <remarks>Who records first locks the run, so that its counts are always what its items sum to. Recorded once more, items replace themselves.</remarks>
    private async Task RecordOnce(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var stored = await Find(connection, run, cancellation, "FOR UPDATE") ?? throw new InvariantBrokenException($"run {run} is not stored");
        var replaced = await connection.QueryAsync<Outcome>(new CommandDefinition(
            """
            DELETE FROM billing_run_items WHERE run = @run AND account_id = ANY (@accounts)
            RETURNING outcome::int AS Kind, documents AS Documents, total AS Total
            """,
            new { run = run.Value, accounts = items.Select(item => item.Account.Value).ToArray() }, cancellationToken: cancellation));
        await Copy(connection, run, items, cancellation);
        var counts = stored.Counts - RunCounts.Of(replaced.Select(outcome => outcome.ToItem())) + RunCounts.Of(items);
        await SetCounts(connection, run, counts, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task SetCounts(NpgsqlConnection connection, RunId run, RunCounts counts, CancellationToken cancellation)
    {
        const string Sql =
            """
            UPDATE billing_runs SET issued = @issued, nothing = @nothing, skipped = @skipped, parked = @parked, documents = @documents, total = @total
            WHERE id = @run
            """;
        await using var command = WithCounts(new NpgsqlCommand(Sql, connection).With("run", NpgsqlDbType.Uuid, run.Value), counts);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
