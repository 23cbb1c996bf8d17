using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.Postgres.Copying;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Terms;

/// <param name="Written">Clients whose terms were written since the start.</param>
/// <param name="Left">Clients still without; counted once.</param>
public readonly record struct TermProgress(long Written, long Left);

/// <summary>
/// Writes the terms of clients that have none of their present particulars: of an earlier release, or of one that still runs beside this. Clients
/// that a flight is writing at the moment are left to it.
/// </summary>
public sealed class TermFilling(NpgsqlDataSource database)
{
    /// <summary>Clients in one transaction: a flight that changes one of them waits no longer than these take.</summary>
    private const int PortionMax = 500;

    /// <param name="progress">Called after each portion.</param>
    /// <returns>How many clients and references were written; 0 when none lacked terms.</returns>
    public async Task<long> Fill(Action<TermProgress>? progress, CancellationToken cancellation)
    {
        long references = 0, clients = 0;
        while (await Portion(FillReferences, cancellation) is var portion && portion > 0) references += portion;
        var total = await CountClients(cancellation);
        while (await Portion(FillClients, cancellation) is var portion && portion > 0)
        {
            clients += portion;
            progress?.Invoke(new TermProgress(clients, Math.Max(0, total - clients)));
        }

        return references + clients;
    }

    private async Task<int> Portion(Func<NpgsqlConnection, CancellationToken, Task<int>> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var filled = await fill(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        return filled;
    }

    private async Task<long> CountClients(CancellationToken cancellation)
    {
        await using var count = database.CreateCommand("SELECT count(*) FROM clients WHERE terms_of IS DISTINCT FROM revision");
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<int> FillClients(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var (accounts, revisions, rows) = (new List<long>(), new List<int>(), new CopyRows(TermRows.Target));
        await using (var select = new NpgsqlCommand(
            """
            SELECT c.account_id, c.revision, p.profile FROM clients c JOIN account_profiles p ON p.account_id = c.account_id AND p.revision = c.revision
            WHERE c.terms_of IS DISTINCT FROM c.revision ORDER BY c.account_id LIMIT $1 FOR UPDATE OF c SKIP LOCKED
            """,
            connection)
        { Parameters = { new() { Value = PortionMax } } })
        {
            await using var reader = await select.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var account = reader.GetInt64(0);
                accounts.Add(account);
                revisions.Add(reader.GetInt32(1));
                TermRows.Add(rows, new AccountId(account), ClientTerms.Of(JsonSerializer.Deserialize<AccountProfile>(reader.GetFieldValue<byte[]>(2), JournalJson.Options)!));
            }
        }

        if (accounts.Count == 0) return 0;
        await TermRows.Delete(connection, accounts);
        await TermRows.Copy(connection, rows, cancellation);
        await using var mark = new NpgsqlCommand(
            "UPDATE clients c SET terms_of = f.revision FROM unnest($1, $2) AS f (account_id, revision) WHERE c.account_id = f.account_id", connection)
        {
            Parameters =
            {
                new() { Value = accounts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = revisions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
            },
        };
        await mark.ExecuteNonQueryAsync(cancellation);
        return accounts.Count;
    }

    private static async Task<int> FillReferences(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var (accounts, rows) = (new List<long>(), new CopyRows(TermRows.Target));
        await using (var select = new NpgsqlCommand(
            "SELECT account_id, reference FROM client_references WHERE NOT has_terms ORDER BY account_id LIMIT $1 FOR UPDATE SKIP LOCKED", connection)
        { Parameters = { new() { Value = PortionMax } } })
        {
            await using var reader = await select.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                accounts.Add(reader.GetInt64(0));
                TermRows.Add(rows, new AccountId(accounts[^1]), ClientTerms.OfReference(reader.GetString(1)));
            }
        }

        if (accounts.Count == 0) return 0;
        await TermRows.Copy(connection, rows, cancellation);
        await using var mark = new NpgsqlCommand("UPDATE client_references SET has_terms = true WHERE account_id = ANY ($1)", connection)
        {
            Parameters = { new() { Value = accounts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };
        await mark.ExecuteNonQueryAsync(cancellation);
        return accounts.Count;
    }
}
