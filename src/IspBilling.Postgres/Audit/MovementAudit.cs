using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// Whether every movement of the provider's bank accounts is there once. What a movement is, the import decides by its own rules; this asks the bank:
/// an id that it never gives twice stands on one entry, with whatever zeros before it, and the entries of a day sum to what the balances of its statements say.
/// </summary>
/// <remarks>
/// An entry in doubt that waits, or that a person closed, may be a copy or may be money, on whichever side of the doubt it is; one that is booked is
/// money. So may an entry of a document without balances be told by a statement as well, under its own day or one nearby.
/// </remarks>
internal static class MovementAudit
{
    private readonly record struct OwnAccount(string Key, string Currency);

    private const string RepeatedIds =
        """
        SELECT a.key, CASE WHEN r.id ~ '^0*[1-9][0-9]*$' THEN ltrim(r.id, '0') ELSE r.id END, count(*), min(e.identity), max(e.identity)
        FROM statement_entries e JOIN unnest(@written, @keys) AS a (written, key) ON a.written = e.own_account
        CROSS JOIN LATERAL (SELECT coalesce(e.bank_reference, e.entry_reference) AS id) r
        WHERE e.reference_trust = 1 AND (NOT e.is_doubtful OR e.state = 1)
        GROUP BY 1, 2, e.currency HAVING count(*) > 1 ORDER BY 1, 2
        """;

    private const string Statements =
        "SELECT account, currency, days_from, days_to, openings, closings FROM bank_statements WHERE openings[1] IS NOT NULL ORDER BY id";

    /// <summary>Per day: what is money for certain, and what may be a copy of other entries; of the latter one more than is looked at.</summary>
    private static readonly string Days = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT own_account, currency, booked_on, coalesce(sum(signed) FILTER (WHERE is_money), 0), count(*) FILTER (WHERE is_money),
            (array_agg(signed ORDER BY id) FILTER (WHERE NOT is_money))[1:{BankDay.UncertainMax + 1}]
        FROM (
            SELECT e.id, e.own_account, e.currency, e.booked_on, CASE e.direction WHEN 0 THEN e.amount ELSE -e.amount END AS signed,
                s.openings[1] IS NOT NULL AND (e.state = 1 OR NOT (e.is_doubtful OR e.id IN (SELECT entry FROM statement_entry_doubts))) AS is_money
            FROM statement_entries e LEFT JOIN bank_statements s ON s.id = e.statement) each
        GROUP BY own_account, currency, booked_on
        """);

    public static async Task Check(NpgsqlConnection connection, FindingList findings, CancellationToken cancellation)
    {
        var keys = await Keys(connection, cancellation);
        await CheckIds(connection, keys, findings, cancellation);
        var spans = await ReadSpans(connection, cancellation);
        if (spans.Count == 0) return;
        var entries = await ReadEntries(connection, keys, cancellation);
        foreach (var (account, told) in spans.OrderBy(pair => (pair.Key.Key, pair.Key.Currency)))
        {
            foreach (var (day, found, expected) in BankDays.Wrong(told, entries.GetValueOrDefault(account) ?? []))
                findings.Add(AuditCode.MovementsDiffer, account: null, $"account {account.Key}, {account.Currency}, {day}", found, expected);
        }
    }

    private static async Task<Dictionary<string, string>> Keys(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var select = new NpgsqlCommand("SELECT DISTINCT own_account FROM statement_entries", connection) { CommandTimeout = 0 };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) keys.Add(row.GetString(0), KeyOf(row.GetString(0)));
        return keys;
    }

    private static async Task CheckIds(NpgsqlConnection connection, Dictionary<string, string> keys, FindingList findings, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(RepeatedIds, connection) { CommandTimeout = 0 };
        select.With("written", NpgsqlDbType.Array | NpgsqlDbType.Text, keys.Keys.ToArray()).With("keys", NpgsqlDbType.Array | NpgsqlDbType.Text, keys.Values.ToArray());
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            findings.Add(
                AuditCode.MovementRepeated, account: null, $"account {row.GetString(0)}, bank's id {row.GetString(1)}",
                string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64(2)} entries, {row.GetString(3)} and {row.GetString(4)} among them"), "one entry");
        }
    }

    private static async Task<Dictionary<OwnAccount, List<ToldSpan>>> ReadSpans(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var spans = new Dictionary<OwnAccount, List<ToldSpan>>();
        await using var select = new NpgsqlCommand(Statements, connection) { CommandTimeout = 0 };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var account = new OwnAccount(KeyOf(row.GetString(0)), row.GetString(1));
            if (!spans.TryGetValue(account, out var ofAccount)) spans.Add(account, ofAccount = []);
            var (from, to) = (row.GetFieldValue<DateOnly[]>(2), row.GetFieldValue<DateOnly[]>(3));
            var (openings, closings) = (row.GetFieldValue<long[]>(4), row.GetFieldValue<long[]>(5));
            for (var at = 0; at < from.Length; at++)
                ofAccount.Add(new ToldSpan(from[at], to[at], openings[at], closings[at], IsWhole: at > 0 && at < from.Length - 1));
        }

        return spans;
    }

    private static async Task<Dictionary<OwnAccount, List<BankDay>>> ReadEntries(
        NpgsqlConnection connection, Dictionary<string, string> keys, CancellationToken cancellation)
    {
        var days = new Dictionary<OwnAccount, List<BankDay>>();
        await using var select = new NpgsqlCommand(Days, connection) { CommandTimeout = 0 };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var account = new OwnAccount(keys[row.GetString(0)], row.GetString(1));
            if (!days.TryGetValue(account, out var ofAccount)) days.Add(account, ofAccount = []);
            ofAccount.Add(new BankDay(row.Day(2), (Int128)row.GetDecimal(3), row.GetInt64(4), row.IsDBNull(5) ? [] : row.GetFieldValue<long[]>(5)));
        }

        return days;
    }

    /// <summary>One text for an account, written as an IBAN or as prefix-number/bank.</summary>
    private static string KeyOf(string written)
    {
        var text = string.Concat(written.Where(letter => letter is not (' ' or '\u00A0'))).ToUpperInvariant();
        if (text.Length == 24 && text[..2] is "CZ" or "SK" && text.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0)
            return Joined(text[8..14], text[14..], text[4..8]);
        if (text.Split('/') is not [var number, { Length: 4 } bank] || number.Split('-') is not { Length: 1 or 2 } parts) return text;
        return Joined(parts.Length == 2 ? parts[0] : "", parts[^1], bank);

        static string Joined(string prefix, string number, string bank) =>
            $"{prefix.TrimStart('0')}-{number.TrimStart('0')}/{bank}";
    }
}
