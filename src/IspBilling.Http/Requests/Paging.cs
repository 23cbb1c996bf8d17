using System.Buffers.Text;
using System.Globalization;
using System.Text;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Requests;

/// <summary>
/// Pages by key: rows that come or go meanwhile shift nothing. The cursor is opaque to callers, so that what is in it can change.
/// </summary>
/// <param name="After">The key behind which the page begins; 0 at the start.</param>
/// <param name="Limit">Rows at most.</param>
public readonly record struct Paging(long After, int Limit)
{
    public const int LimitMax = 500;
    private const int LimitDefault = 100;
    private const int CursorLengthMax = 64;
    private const string Version = "1:";

    /// <summary>Null when a fault was noted.</summary>
    public static Paging? Read(string? cursor, int? limit, Faults faults)
    {
        if (limit is < 1 or > LimitMax) faults.Add("limit", $"1 to {LimitMax} expected");
        long after = 0;
        if (!string.IsNullOrEmpty(cursor) && !TryRead(cursor, out after)) faults.Add("cursor", "not a cursor of this interface");
        return faults.Any ? null : new Paging(after, limit ?? LimitDefault);
    }

    /// <summary>One row more than the limit was asked for, so that the last page is known to be the last.</summary>
    public Page<T> PageOf<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, long> key, Func<TRow, T> item)
    {
        var limit = Limit;
        return rows.Count > limit
            ? new Page<T>([.. rows.Take(limit).Select(item)], Write(key(rows[limit - 1])))
            : new Page<T>([.. rows.Select(item)], null);
    }

    private static string Write(long key) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Version + key.ToString(CultureInfo.InvariantCulture)));

    private static bool TryRead(string cursor, out long key)
    {
        key = 0;
        if (cursor.Length > CursorLengthMax || !Base64Url.IsValid(cursor)) return false;
        var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
        return text.StartsWith(Version, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(Version.Length), NumberStyles.None, CultureInfo.InvariantCulture, out key);
    }
}
