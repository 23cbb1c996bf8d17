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

    /// <summary>All that follow from particulars; the reference keeps its own.</summary>
    public static async Task Delete(NpgsqlConnection connection, List<long> accounts)
    {
        if (accounts.Count == 0) return;
        await using var delete = new NpgsqlCommand("DELETE FROM client_terms WHERE account_id = ANY ($1) AND kind <> $2", connection)
        {
            Parameters = { new() { Value = accounts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }, new() { Value = (short)TermKind.Reference } },
        };
        await delete.ExecuteNonQueryAsync();
    }
}
