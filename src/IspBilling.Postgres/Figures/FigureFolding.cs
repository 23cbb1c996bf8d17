using Npgsql;

namespace IspBilling.Postgres.Figures;

/// <summary>Folds the changes that flights appended into the sums, so that there are never many to add up when somebody asks.</summary>
public sealed class FigureFolding(NpgsqlDataSource database)
{
    /// <summary>Changes folded in one transaction.</summary>
    private const int PortionMax = 100_000;

    private const long FoldersLock = 7_214_003;

    /// <returns>How many changes were folded; 0 when there are none, or another folds already.</returns>
    public async Task<long> Fold(CancellationToken cancellation)
    {
        long folded = 0;
        while (await FoldPortion(cancellation) is var portion && portion > 0) folded += portion;
        return folded;
    }

    /// <remarks>Each change is deleted and added in one statement: a reader sees it in one table or the other, an audit too.</remarks>
    private async Task<long> FoldPortion(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var turn = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = FoldersLock } } };
        if (await turn.ExecuteScalarAsync(cancellation) is not true) return 0;
        await using var fold = new NpgsqlCommand(
            """
            WITH portion AS (
                DELETE FROM figure_changes WHERE ctid = ANY (ARRAY (SELECT ctid FROM figure_changes LIMIT $1))
                RETURNING issuer, measure, day, key, amount, count),
            folded AS (
                INSERT INTO figure_sums AS s (issuer, measure, day, key, amount, count)
                SELECT issuer, measure, day, key, sum(amount), sum(count) FROM portion
                GROUP BY issuer, measure, day, key ORDER BY measure, day, issuer, key
                ON CONFLICT (measure, day, issuer, key) DO UPDATE SET amount = s.amount + excluded.amount, count = s.count + excluded.count)
            SELECT count(*) FROM portion
            """,
            connection)
        { Parameters = { new() { Value = PortionMax } }, CommandTimeout = 0 };
        var portion = (long)(await fold.ExecuteScalarAsync(cancellation))!;
        await transaction.CommitAsync(cancellation);
        return portion;
    }
}
