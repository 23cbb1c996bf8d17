using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using Npgsql;

namespace IspBilling.Postgres.Runs;

/// <param name="TotalMinor">In the issuer's currency, credit notes negative.</param>
public sealed record RunSum(IssuerId Issuer, long Documents, decimal TotalMinor);

/// <summary>What people look at before and after a run. Pages are ordered by account, at most <see cref="PageSize.ForReading"/>.</summary>
public sealed class BillingRunReading(NpgsqlDataSource database)
{
    private sealed record DifferenceRow(long Account, int Kind, long? Before, long? Now);

    private sealed record SumRow(int Issuer, long Documents, decimal Total);

    private sealed record DeviationRow(long Account, int? Previewed, long? PreviewedTotal, int? Issued, long? IssuedTotal);

    /// <summary>Runs, the youngest first.</summary>
    /// <param name="before">Only runs older than this one; null for the first page.</param>
    public async Task<IReadOnlyList<BillingRun>> List(RunId? before, int max, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            SELECT {RunRow.Columns} FROM billing_runs
            WHERE @before::uuid IS NULL OR (started_at, id) < (SELECT started_at, id FROM billing_runs WHERE id = @before)
            ORDER BY started_at DESC, id DESC LIMIT @max
            """;
        var rows = await Query<RunRow>(Sql, new { before = before?.Value, max = PageSize.Reading(max) }, cancellation);
        return [.. rows.Select(row => row.ToRun())];
    }

    /// <param name="outcome">Only items that ended so; null for all.</param>
    public async Task<IReadOnlyList<RunItem>> Items(RunId run, RunOutcome? outcome, AccountId after, int max, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            SELECT {RunItemRow.Columns} FROM billing_run_items
            WHERE run = @run AND account_id > @after AND (@outcome::int IS NULL OR outcome = @outcome)
            ORDER BY account_id LIMIT @max
            """;
        var rows = await Query<RunItemRow>(
            Sql, new { run = run.Value, after = after.Value, outcome = (int?)outcome, max = PageSize.Reading(max) }, cancellation);
        return [.. rows.Select(row => row.ToItem())];
    }

    /// <summary>What a run's documents come to, for each issuer that has any.</summary>
    public async Task<IReadOnlyList<RunSum>> Sums(RunId run, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT a.issuer AS Issuer, sum(i.documents)::bigint AS Documents, sum(i.total) AS Total
            FROM billing_run_items i JOIN accounts a ON a.id = i.account_id
            WHERE i.run = @run AND i.outcome = @billed
            GROUP BY a.issuer ORDER BY a.issuer
            """;
        var rows = await Query<SumRow>(Sql, new { run = run.Value, billed = (int)RunOutcome.Issued }, cancellation);
        return [.. rows.Select(row => new RunSum(new IssuerId(row.Issuer), row.Documents, row.Total))];
    }

    /// <summary>Accounts that are billed differently from their last period.</summary>
    /// <remarks>
    /// New and changed follow from the run's own items. Gone is who was invoiced for the latest through-date before this run's, by
    /// however many runs, is not invoiced now, and has nothing that will ever fall due: a quarterly client between quarters is
    /// not gone. Both runs' items are told apart by grouping: an anti join of what was just written is planned without statistics.
    /// </remarks>
    public async Task<IReadOnlyList<RunDifference>> Differences(RunId run, AccountId after, int max, CancellationToken cancellation)
    {
        const string Sql =
            """
            WITH this AS (SELECT * FROM billing_runs WHERE id = @run),
            earlier AS (
                SELECT r.id FROM billing_runs r WHERE r.mode = @issue AND r.status = @finished AND r.through = (
                    SELECT max(p.through) FROM billing_runs p, this WHERE p.mode = @issue AND p.status = @finished AND p.through < this.through))
            (SELECT i.account_id AS Account, CASE WHEN i.previous_total IS NULL THEN @new ELSE @changed END AS Kind,
                    i.previous_total AS Before, i.total AS Now
             FROM billing_run_items i
             WHERE i.run = @run AND i.account_id > @after AND i.outcome = @billed AND i.previous_total IS DISTINCT FROM i.total
             ORDER BY 1 LIMIT @max)
            UNION ALL
            (SELECT g.account_id, @gone, g.total, NULL::bigint
             FROM (SELECT account_id, sum(total)::bigint AS total
                   FROM (SELECT account_id, total, false AS now FROM billing_run_items
                         WHERE run IN (SELECT id FROM earlier) AND account_id > @after AND outcome = @billed
                         UNION ALL
                         SELECT account_id, 0, true FROM billing_run_items WHERE run = @run AND account_id > @after AND outcome = @billed) billed
                   GROUP BY account_id HAVING NOT bool_or(now)) g
             JOIN accounts a ON a.id = g.account_id CROSS JOIN this
             WHERE a.next_bill_on IS NULL
               AND (this.issuer IS NULL OR a.issuer = this.issuer) AND (this.accounts IS NULL OR a.id = ANY (this.accounts))
             ORDER BY 1 LIMIT @max)
            ORDER BY 1 LIMIT @max
            """;
        var rows = await Query<DifferenceRow>(
            Sql,
            new
            {
                run = run.Value, after = after.Value, max = PageSize.Reading(max), issue = (int)RunMode.Issue, finished = (int)RunStatus.Finished,
                billed = (int)RunOutcome.Issued, @new = (int)RunDifferenceKind.New, gone = (int)RunDifferenceKind.Gone,
                changed = (int)RunDifferenceKind.Changed,
            },
            cancellation);
        return [.. rows.Select(row => new RunDifference(new AccountId(row.Account), (RunDifferenceKind)row.Kind, row.Before, row.Now))];
    }

    /// <summary>Where an issue is not what its preview showed; as far as the issue has come. Empty for a run compared with nothing.</summary>
    public async Task<IReadOnlyList<RunDeviation>> Deviations(RunId run, AccountId after, int max, CancellationToken cancellation)
    {
        const string Sql =
            """
            WITH this AS (SELECT id, compared_to, CASE status WHEN @finished THEN 9223372036854775807 ELSE cursor END AS reached
                          FROM billing_runs WHERE id = @run AND compared_to IS NOT NULL)
            SELECT account_id AS Account, p.outcome::int AS Previewed, p.total AS PreviewedTotal, i.outcome::int AS Issued, i.total AS IssuedTotal
            FROM (SELECT account_id, outcome, hash, total FROM billing_run_items
                  WHERE run = (SELECT compared_to FROM this) AND account_id > @after AND account_id <= (SELECT reached FROM this)) p
            FULL JOIN (SELECT account_id, outcome, hash, total FROM billing_run_items
                  WHERE run = (SELECT id FROM this) AND account_id > @after) i USING (account_id)
            WHERE p.hash IS DISTINCT FROM i.hash OR p.outcome IS DISTINCT FROM i.outcome
            ORDER BY account_id LIMIT @max
            """;
        var rows = await Query<DeviationRow>(
            Sql, new { run = run.Value, after = after.Value, max = PageSize.Reading(max), finished = (int)RunStatus.Finished }, cancellation);
        return
        [
            .. rows.Select(row => new RunDeviation(
                new AccountId(row.Account), (RunOutcome?)row.Previewed, row.PreviewedTotal, (RunOutcome?)row.Issued, row.IssuedTotal)),
        ];
    }

    private async Task<IEnumerable<T>> Query<T>(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }
}
