using Dapper;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>How many clients there are.</summary>
public sealed class ClientCount(NpgsqlDataSource database)
{
    public async Task<long> Count(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM accounts", cancellationToken: cancellation));
    }
}
