using System.Globalization;
using IspBilling.Postgres.Figures;
using Npgsql;

namespace IspBilling.Postgres.Audit;

/// <summary>Whether the rolled-up figures are what all accounts' events sum to.</summary>
internal static class FigureAudit
{
    public static async Task Check(NpgsqlConnection connection, ExpectedFigures expected, FindingList findings, CancellationToken cancellation)
    {
        if (expected.AreUnknown) return;
        var found = await Read(connection, cancellation);
        foreach (var key in expected.Sums.Keys.Union(found.Keys).OrderBy(key => (key.Issuer, key.Measure, key.Day, key.Key)))
        {
            var (stored, wanted) = (found.GetValueOrDefault(key), expected.Sums.GetValueOrDefault(key));
            if (stored == wanted) continue;
            findings.Add(
                AuditCode.FigureDiffers, null,
                string.Create(CultureInfo.InvariantCulture, $"issuer {key.Issuer}, {key.Measure} {key.Key} of {key.Day:yyyy-MM-dd}"), Text(stored), Text(wanted));
        }
    }

    private static string Text((decimal Amount, long Count) figure) => string.Create(CultureInfo.InvariantCulture, $"{figure.Amount} of {figure.Count}");

    private static async Task<Dictionary<FigureKey, (decimal Amount, long Count)>> Read(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var found = new Dictionary<FigureKey, (decimal Amount, long Count)>();
        await using var select = new NpgsqlCommand(
            "SELECT issuer, measure, day, key, sum(amount), sum(count)::bigint FROM figures GROUP BY issuer, measure, day, key", connection)
        { CommandTimeout = 0 };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            found.Add(new FigureKey(row.GetInt32(0), (FigureMeasure)row.GetInt16(1), row.Day(2), row.GetInt32(3)), (row.GetDecimal(4), row.GetInt64(5)));
        return found;
    }
}
