using Npgsql;

namespace IspBilling.Postgres;

/// <summary>Work that only one of all processes on a database does at a time.</summary>
public static class AdvisoryLock
{
    /// <param name="number">Names the work; advisory locks of one database share one number space.</param>
    public static async Task<T> Alone<T>(NpgsqlDataSource database, long number, Func<Task<T>> work, CancellationToken cancellation)
    {
        await using var alone = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await alone.BeginTransactionAsync(cancellation);
        await using var wait = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", alone, transaction) { Parameters = { new() { Value = number } } };
        await wait.ExecuteNonQueryAsync(cancellation);
        return await work();
    }
}
