using System.Runtime.InteropServices;
using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>Compares stored with expected rows as bags; rows of one key that differ are one finding.</summary>
internal static class RowDifference
{
    public static void Add<TRow, TKey>(
        FindingList findings, AuditCode code, AccountId account, IEnumerable<TRow> found, IEnumerable<TRow> expected,
        Func<TRow, TKey> key, Func<TRow, string> subject)
        where TRow : notnull where TKey : notnull
    {
        var counts = new Dictionary<TRow, int>();
        foreach (var row in found) CollectionsMarshal.GetValueRefOrAddDefault(counts, row, out _)++;
        foreach (var row in expected) CollectionsMarshal.GetValueRefOrAddDefault(counts, row, out _)--;
        foreach (var different in counts.Where(pair => pair.Value != 0).GroupBy(pair => key(pair.Key)))
        {
            findings.Add(
                code, account, subject(different.First().Key),
                Text(different.Where(pair => pair.Value > 0).Select(pair => (pair.Key, pair.Value))),
                Text(different.Where(pair => pair.Value < 0).Select(pair => (pair.Key, -pair.Value))));
        }
    }

    private static string Text<TRow>(IEnumerable<(TRow Row, int Times)> rows)
    {
        var text = string.Join("; ", rows.Select(counted => counted.Times == 1 ? $"{counted.Row}" : $"{counted.Times} × {counted.Row}"));
        return text.Length > 0 ? text : "nothing";
    }
}
