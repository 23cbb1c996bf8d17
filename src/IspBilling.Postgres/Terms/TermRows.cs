using IspBilling.Domain;
using IspBilling.Postgres.Copying;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Terms;

/// <summary>Rows of <c>client_terms</c>: the columns beside what writes and deletes them.</summary>
internal static class TermRows
{
    public const string Target = "client_terms (account_id, kind, term)";

    public static void Add(CopyRows rows, AccountId account, IReadOnlyList<ClientTerm> terms)
    {
        foreach (var term in terms)
        {
            rows.StartRow();
            rows.Int64(account.Value);
            rows.Int16((short)term.Kind);
            rows.Text(term.Term);
        }
    }

    public static async Task Copy(NpgsqlConnection connection, CopyRows rows, CancellationToken cancellation)
    {
        if (rows.Rows == 0) return;
        await using var stream = await connection.BeginRawBinaryCopyAsync($"COPY {rows.Target} FROM STDIN (FORMAT BINARY)", cancellation);
        await stream.WriteAsync(rows.Finished(), cancellation);
    }

    /// <summary>All that follow from particulars; the reference and the contracts keep their own.</summary>
    public static Task Delete(NpgsqlConnection connection, List<long> accounts) =>
        Delete(connection, accounts, "kind <> ALL ($2)", [(short)TermKind.Reference, (short)TermKind.Contract]);

    /// <summary>All of contracts.</summary>
    public static Task DeleteContracts(NpgsqlConnection connection, List<long> accounts) =>
        Delete(connection, accounts, "kind = ANY ($2)", [(short)TermKind.Contract]);

    private static async Task Delete(NpgsqlConnection connection, List<long> accounts, string which, short[] kinds)
    {
        if (accounts.Count == 0) return;
        await using var delete = new NpgsqlCommand($"DELETE FROM client_terms WHERE account_id = ANY ($1) AND {which}", connection)
        {
            Parameters =
            {
                new() { Value = accounts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = kinds, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint },
            },
        };
        await delete.ExecuteNonQueryAsync();
    }
}
