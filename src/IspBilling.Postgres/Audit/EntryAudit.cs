using System.Globalization;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// Whether statement entries and accounts agree: each matched entry did to accounts what it is, whole and once, and nothing was done to
/// an account by another.
/// </summary>
/// <remarks>
/// An entry's identity is its statement and place (<c>12.7</c>), or <c>u</c> and a hash of an id that its bank never gives twice; that of an
/// earlier release is a hash, with <c>#n</c> where a file held several equal ones. A part that a clerk assigned carries its number after a slash. A
/// payment whose entry looks otherwise was booked by somebody who had no statement.
/// </remarks>
internal static class EntryAudit
{
    private const string OfStatement = "~ '^([0-9a-f]{32}(#[0-9]+)?|u[0-9a-f]{32}|[0-9]+[.][0-9]+)(/[0-9]+)?$'";

    /// <summary>What an entry did to accounts, as money that came in: what it brought, less what it took back.</summary>
    private const string Effects =
        $"""
        SELECT identity, sum(amount) AS amount, min(account_id) AS account_id
        FROM (
            SELECT split_part(entry, '/', 1) AS identity, amount::numeric AS amount, account_id FROM payments WHERE status <> 2 AND entry {OfStatement}
            UNION ALL
            SELECT split_part(reversed_by, '/', 1), -amount::numeric, account_id FROM payments WHERE reversed_by {OfStatement}) each
        GROUP BY identity
        """;

    /// <summary>Of an entry: what it should have done, by its parts where a clerk divided it or stated its worth.</summary>
    private const string Entries =
        """
        SELECT e.identity, e.state, e.step, e.account_id, CASE e.direction WHEN 0 THEN 1 ELSE -1 END * coalesce(p.worth, e.amount) AS amount,
            coalesce(p.amount + CASE e.direction WHEN 0 THEN -1 ELSE 1 END * coalesce(e.fee, 0), e.amount) = e.amount AS adds_up
        FROM statement_entries e
        LEFT JOIN (
            SELECT entry, sum(coalesce(stated, amount)) AS worth, sum(amount) AS amount FROM statement_entry_parts GROUP BY entry) p ON p.entry = e.id
        """;

    /// <summary>One still pending, or in a clerk's hands, may be booked already or not yet.</summary>
    private const string Unequal =
        $"""
        SELECT e.identity, p.identity, e.state, e.amount, p.amount, coalesce(e.account_id, p.account_id), coalesce(e.adds_up, true)
        FROM ({Entries}) e FULL JOIN ({Effects}) p ON p.identity = e.identity
        WHERE e.identity IS NULL
           OR (e.step IS NULL AND ((e.state = 1 AND (e.amount IS DISTINCT FROM p.amount OR NOT e.adds_up)) OR (e.state IN (2, 3) AND p.identity IS NOT NULL)))
        ORDER BY 1, 2
        """;

    /// <summary>
    /// Each part of a matched entry is one thing that its account did, of its amount, and nothing else was done in the entry's name. Sums alone would
    /// not see two parts whose accounts were exchanged.
    /// </summary>
    private const string Parts =
        $"""
        WITH part AS (
            SELECT e.identity, CASE WHEN count(*) OVER (PARTITION BY e.id) > 1 THEN e.identity || '/' || p.part ELSE e.identity END AS name,
                coalesce(p.account_id, e.account_id) AS account_id, CASE e.direction WHEN 0 THEN 1 ELSE -1 END * coalesce(p.stated, p.amount, e.amount) AS amount,
                coalesce(p.stated_currency, e.currency) AS currency
            FROM statement_entries e LEFT JOIN statement_entry_parts p ON p.entry = e.id WHERE e.state = 1 AND e.step IS NULL),
        done AS (
            SELECT entry AS name, account_id, amount, currency FROM payments WHERE status <> 2 AND entry {OfStatement}
            UNION ALL
            SELECT reversed_by, account_id, -amount, currency FROM payments WHERE reversed_by {OfStatement}),
        named AS (
            SELECT name, count(*) AS times, min(account_id) AS account_id, min(amount) AS amount, min(currency) AS currency FROM done
            WHERE split_part(name, '/', 1) IN (SELECT identity FROM part) GROUP BY name)
        SELECT coalesce(p.identity, split_part(d.name, '/', 1)), coalesce(p.name, d.name), d.times, d.account_id, d.amount::numeric, d.currency, p.account_id, p.amount::numeric, p.currency
        FROM part p FULL JOIN named d ON d.name = p.name
        WHERE d.times IS DISTINCT FROM 1 OR (d.account_id, d.amount, d.currency) IS DISTINCT FROM (p.account_id, p.amount, p.currency)
        ORDER BY 1, 2
        """;

    /// <summary>A file that was finished left nothing undecided, and parts are of entries that are on accounts or under way.</summary>
    private const string Undecided =
        """
        SELECT e.identity, 'pending after its file was finished' FROM statement_entries e JOIN statement_imports i ON i.id = e.import_id WHERE e.state = 0 AND i.status = 3
        UNION ALL
        SELECT DISTINCT e.identity, 'parts of an entry that is on no account' FROM statement_entries e JOIN statement_entry_parts p ON p.entry = e.id WHERE e.state <> 1 AND e.step IS NULL
        ORDER BY 1, 2
        """;

    /// <summary>Two that were closed together cancel each other.</summary>
    private const string Unpaired =
        """
        SELECT e.identity FROM statement_entries e LEFT JOIN statement_entries o ON o.id = e.closed_with
        WHERE e.closed_with IS NOT NULL AND (e.state <> 3 OR o.state IS DISTINCT FROM 3 OR o.closed_with IS DISTINCT FROM e.id
            OR o.amount IS DISTINCT FROM e.amount OR o.currency IS DISTINCT FROM e.currency OR o.direction = e.direction)
        ORDER BY 1
        """;

    public static async Task Check(NpgsqlConnection connection, FindingList findings, CancellationToken cancellation)
    {
        var unequal = new HashSet<string>(StringComparer.Ordinal);
        await Check(connection, Unequal, (row, found) => AddUnequal(row, found, unequal), findings, cancellation);
        await Check(connection, Parts, (row, found) => AddPart(row, found, unequal), findings, cancellation);
        await Check(connection, Undecided, AddUndecided, findings, cancellation);
        await Check(connection, Unpaired, AddUnpaired, findings, cancellation);
    }

    private static async Task Check(
        NpgsqlConnection connection, string sql, Action<NpgsqlDataReader, FindingList> add, FindingList findings, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) add(row, findings);
    }

    private static void AddUnequal(NpgsqlDataReader row, FindingList findings, HashSet<string> unequal)
    {
        unequal.Add(row.TextOrNull(0) ?? row.GetString(1));
        var found = row.IsDBNull(4) ? "nothing on accounts" : OnAccounts(row, 4);
        if (!row.GetBoolean(6)) found += ", and parts that do not sum to the entry";
        findings.Add(AuditCode.EntryDiffers, AccountOf(row, 5), $"entry {row.TextOrNull(0) ?? row.GetString(1)}", found, Expected(row));
    }

    private static string Expected(NpgsqlDataReader row)
    {
        if (row.IsDBNull(0)) return "nothing: there is no such entry";
        return row.GetInt16(2) == 1 ? OnAccounts(row, 3) : "nothing: the entry is not matched";
    }

    private static string OnAccounts(NpgsqlDataReader row, int column) => string.Create(CultureInfo.InvariantCulture, $"{row.GetDecimal(column)} on accounts");

    /// <summary>What is wrong as a whole was named as a whole.</summary>
    private static void AddPart(NpgsqlDataReader row, FindingList findings, HashSet<string> unequal)
    {
        if (unequal.Contains(row.GetString(0))) return;
        var times = row.OrNull<long>(2) ?? 0;
        findings.Add(
            AuditCode.EntryDiffers, AccountOf(row, 6) ?? AccountOf(row, 3), $"part {row.GetString(1)}",
            times > 1 ? string.Create(CultureInfo.InvariantCulture, $"{times} times on accounts") : OnAccount(row, 3), OnAccount(row, 6));
    }

    private static string OnAccount(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"{row.GetDecimal(column + 1)} {row.GetString(column + 2)} on account {row.GetInt64(column)}");

    private static void AddUndecided(NpgsqlDataReader row, FindingList findings) => findings.Add(
        AuditCode.EntryDiffers, account: null, $"entry {row.GetString(0)}", row.GetString(1), "each entry in exactly one state");

    private static void AddUnpaired(NpgsqlDataReader row, FindingList findings) => findings.Add(
        AuditCode.EntryDiffers, account: null, $"entry {row.GetString(0)}", "closed with an entry that does not cancel it", "a counterpart of the same amount the other way");

    private static AccountId? AccountOf(NpgsqlDataReader row, int column) => row.OrNull<long>(column) is { } id ? new AccountId(id) : null;
}
