using System.Globalization;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Audit;

/// <summary>Whether each series of legal numbers runs 1 to n with dates in order, and stands at n + 1.</summary>
/// <remarks>On the documents' rows, which are compared with the events account by account.</remarks>
internal static class SeriesAudit
{
    private const string Steps =
        """
        SELECT issuer, kind, year, sequence, coalesce(before, 0), issued_on, issued_before
        FROM (SELECT issuer, kind, year, sequence, issued_on,
                     lag(sequence) OVER series AS before, lag(issued_on) OVER series AS issued_before
              FROM documents WINDOW series AS (PARTITION BY issuer, kind, year ORDER BY sequence)) steps
        WHERE sequence <> coalesce(before, 0) + 1 OR issued_on < issued_before
        ORDER BY issuer, kind, year, sequence
        """;

    private const string Ends =
        """
        SELECT issuer, kind, year, s.next, s.last_issued_on, coalesce(d.next, 1), coalesce(d.last_issued_on, '-infinity')
        FROM number_series s
        FULL JOIN (SELECT issuer, kind, year, max(sequence) + 1 AS next, max(issued_on) AS last_issued_on FROM documents GROUP BY issuer, kind, year) d
             USING (issuer, kind, year)
        WHERE s.next IS DISTINCT FROM coalesce(d.next, 1) OR s.last_issued_on IS DISTINCT FROM coalesce(d.last_issued_on, '-infinity')
        ORDER BY issuer, kind, year
        """;

    public static async Task Check(NpgsqlConnection connection, FindingList findings, CancellationToken cancellation)
    {
        await using (var select = new NpgsqlCommand(Steps, connection) { CommandTimeout = 0 })
        await using (var row = await select.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation)) AddStep(row, findings);
        }

        await using (var select = new NpgsqlCommand(Ends, connection) { CommandTimeout = 0 })
        await using (var row = await select.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                findings.Add(
                    AuditCode.SeriesDiffers, null, SeriesOf(row),
                    row.IsDBNull(3) ? "no row" : $"next {row.GetInt64(3)}, last issued on {Day(row, 4)}", $"next {row.GetInt64(5)}, last issued on {Day(row, 6)}");
            }
        }
    }

    private static void AddStep(NpgsqlDataReader row, FindingList findings)
    {
        var (sequence, before) = (row.GetInt64(3), row.GetInt64(4));
        if (sequence != before + 1)
            findings.Add(AuditCode.NumberGap, null, SeriesOf(row), $"{sequence} after {before}", $"{before + 1} after {before}");
        else
            findings.Add(AuditCode.NumberDatesGoBack, null, SeriesOf(row), $"{sequence} of {Day(row, 5)}", $"{Day(row, 6)} or later, as the number before");
    }

    private static string SeriesOf(NpgsqlDataReader row) =>
        $"series {new SeriesKey(new IssuerId(row.GetInt32(0)), (DocumentKind)row.GetInt16(1), row.GetInt16(2))}";

    private static string Day(NpgsqlDataReader row, int column) => row.Day(column).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
