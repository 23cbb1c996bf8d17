using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using IspBilling.Postgres.Reading;
using Npgsql;

namespace IspBilling.Postgres.Reviews;

/// <summary>The restrictions of each day, counted in one row: whoever is beyond the limit is so on every node.</summary>
public sealed class PostgresPermits(NpgsqlDataSource database, ClientCount clients) : IRestrictionPermits
{
    public async ValueTask<bool> TryTake(DateOnly day, AccountId account, long limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var asked = new { day, account = account.Value, limit };
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO restriction_days (day, taken) VALUES (@day, 0) ON CONFLICT (day) DO NOTHING", asked, cancellationToken: cancellation));
        // The row of the day is what everybody waits for, so that the limit is exact.
        var taken = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT taken FROM restriction_days WHERE day = @day FOR UPDATE", asked, cancellationToken: cancellation));
        var has = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM restriction_permits WHERE day = @day AND account_id = @account)", asked, cancellationToken: cancellation));
        if (has || taken >= limit) return has;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE restriction_days SET taken = taken + 1 WHERE day = @day;
            INSERT INTO restriction_permits (day, account_id) VALUES (@day, @account)
            """,
            asked, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async ValueTask<long> Taken(DateOnly day, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT coalesce(max(taken), 0) FROM restriction_days WHERE day = @day", new { day }, cancellationToken: cancellation));
    }

    public async ValueTask<long> Clients(CancellationToken cancellation) => await clients.Count(cancellation);
}
