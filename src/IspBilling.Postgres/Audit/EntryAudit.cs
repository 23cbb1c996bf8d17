using System.Globalization;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Audit;

/// <summary>Whether statement entries and payments agree: each matched entry is booked in full, and nothing is booked for another.</summary>
/// <remarks>
/// An entry's identity is its statement and place (<c>12.7</c>), or <c>u</c> and a hash of an id that its bank never gives twice; that of an
/// earlier release is a hash, with <c>#n</c> where a file held several equal ones. A part that a clerk assigned carries its number after a slash. A payment whose entry looks otherwise was booked by somebody who had no statement.
/// </remarks>
internal static class EntryAudit
{
    private const string Identity = "([0-9a-f]{32}(#[0-9]+)?|u[0-9a-f]{32}|[0-9]+[.][0-9]+)";

    /// <summary>Payments that stand, by the entry they came by; reversed ones came by it too.</summary>
    private const string Booked =
        $"""
        SELECT split_part(entry, '/', 1) AS identity, sum(amount) AS amount, min(account_id) AS account_id
        FROM payments WHERE status <> 2 AND entry ~ '^{Identity}(/[0-9]+)?$'
        GROUP BY 1
        """;

    /// <summary>Incoming and no reversal: those are booked as payments. One still pending, or in a clerk's hands, may be booked already or not yet.</summary>
    private const string Unequal =
        $"""
        SELECT e.identity, p.identity, e.state, e.amount, p.amount, coalesce(e.account_id, p.account_id)
        FROM (SELECT * FROM statement_entries WHERE direction = 0 AND NOT is_reversal) e
        FULL JOIN ({Booked}) p ON p.identity = e.identity
        WHERE e.identity IS NULL OR (e.step IS NULL AND ((e.state = 1 AND e.amount IS DISTINCT FROM p.amount) OR (e.state IN (2, 3) AND p.identity IS NOT NULL)))
        ORDER BY 1, 2
        """;

    private const string UnequalReversals =
        $"""
        SELECT e.identity, r.identity, coalesce(e.account_id, r.account_id)
        FROM (SELECT * FROM statement_entries WHERE is_reversal AND state <> 0 AND step IS NULL) e
        FULL JOIN (SELECT account_id, reversed_by AS identity FROM payments WHERE reversed_by ~ '^{Identity}$') r ON r.identity = e.identity
        WHERE (e.state = 1 AND r.identity IS NULL)
           OR (r.identity IS NOT NULL AND e.state IS DISTINCT FROM 1
               AND NOT EXISTS (SELECT FROM statement_entries open WHERE open.identity = r.identity AND (open.state = 0 OR open.step IS NOT NULL)))
        ORDER BY 1, 2
        """;

    public static async Task Check(NpgsqlConnection connection, FindingList findings, CancellationToken cancellation)
    {
        await Check(connection, Unequal, AddPayment, findings, cancellation);
        await Check(connection, UnequalReversals, AddReversal, findings, cancellation);
    }

    private static async Task Check(
        NpgsqlConnection connection, string sql, Action<NpgsqlDataReader, FindingList> add, FindingList findings, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) add(row, findings);
    }

    private static void AddPayment(NpgsqlDataReader row, FindingList findings)
    {
        var found = row.IsDBNull(4) ? "no payment" : string.Create(CultureInfo.InvariantCulture, $"payments of {row.GetDecimal(4)}");
        findings.Add(AuditCode.EntryDiffers, AccountOf(row, 5), Subject(row), found, Expected(row));
    }

    private static string Expected(NpgsqlDataReader row)
    {
        if (row.IsDBNull(0)) return "no payment: there is no such entry";
        return row.GetInt16(2) == 1 ? $"payments of {row.GetInt64(3)}" : "no payment: the entry is not matched";
    }

    private static void AddReversal(NpgsqlDataReader row, FindingList findings) => findings.Add(
        AuditCode.EntryDiffers, AccountOf(row, 2), Subject(row),
        row.IsDBNull(1) ? "no payment was taken back" : "a payment was taken back",
        row.IsDBNull(1) ? "a payment taken back" : "a matched entry that says so");

    private static string Subject(NpgsqlDataReader row) => $"entry {row.TextOrNull(0) ?? row.GetString(1)}";

    private static AccountId? AccountOf(NpgsqlDataReader row, int column) => row.OrNull<long>(column) is { } id ? new AccountId(id) : null;
}
