using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Journal;

/// <summary>Accounts that could not decide.</summary>
internal static class ParkedAccounts
{
    public static async Task<int> Park(
        NpgsqlDataSource database, AccountId account, string command, string reason, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var park = database.CreateCommand(
            """
            INSERT INTO parked_accounts (account_id, command, reason, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id) DO UPDATE SET command = excluded.command, reason = excluded.reason, at = excluded.at
            """);
        park.Parameters.Add(new() { Value = account.Value });
        park.Parameters.Add(new() { Value = command });
        // A reason may quote what broke the account, and PostgreSQL refuses texts with a NUL.
        park.Parameters.Add(new() { Value = reason.Replace('\0', '\uFFFD') });
        park.Parameters.Add(new() { Value = at });
        return await park.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<int> Unpark(NpgsqlDataSource database, AccountId account, CancellationToken cancellation)
    {
        await using var unpark = database.CreateCommand("DELETE FROM parked_accounts WHERE account_id = $1");
        unpark.Parameters.Add(new() { Value = account.Value });
        return await unpark.ExecuteNonQueryAsync(cancellation);
    }
}
