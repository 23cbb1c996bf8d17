using System.Buffers.Text;
using System.Globalization;
using System.Text;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Requests;

/// <summary>
/// Pages by key: rows that come or go meanwhile shift nothing. The cursor is opaque to callers, so that what is in it can change.
/// </summary>
/// <param name="After">The key behind which the page begins; default at the start.</param>
/// <param name="Limit">Rows at most.</param>
internal readonly record struct Paging<TKey>(TKey? After, int Limit) where TKey : struct, ISpanParsable<TKey>, ISpanFormattable
{
    /// <summary>Null when a fault was noted.</summary>
    public static Paging<TKey>? Read(string? cursor, int? limit, Faults faults)
    {
        if (limit is < 1 or > Paging.LimitMax) faults.Add("limit", $"1 to {Paging.LimitMax} expected");
        TKey? after = null;
        if (!string.IsNullOrEmpty(cursor))
        {
            if (TryRead(cursor, out var key)) after = key;
            else faults.Add("cursor", "not a cursor of this list");
        }

        return faults.Any ? null : new Paging<TKey>(after, limit ?? Paging.LimitDefault);
    }

    /// <summary>What to ask the database for: one row more than is shown tells whether the page is the last.</summary>
    public int Asked => Limit + 1;

    /// <param name="rows">At most <see cref="Asked"/>.</param>
    public Page<T> Of<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, TKey> key, Func<TRow, T> item) => rows.Count > Limit
        ? new Page<T>([.. rows.Take(Limit).Select(item)], Write(key(rows[Limit - 1])))
        : new Page<T>([.. rows.Select(item)], null);

    public static string Write(TKey key) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Paging.Version + key.ToString(null, CultureInfo.InvariantCulture)));

    private static bool TryRead(string cursor, out TKey key)
    {
        key = default;
        if (cursor.Length > Paging.CursorLengthMax || !Base64Url.IsValid(cursor)) return false;
        var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
        return text.StartsWith(Paging.Version, StringComparison.Ordinal)
            && TKey.TryParse(text.AsSpan(Paging.Version.Length), CultureInfo.InvariantCulture, out key);
    }
}

internal static class Paging
{
    public const int LimitMax = 500;
    public const int LimitDefault = 100;
    public const int CursorLengthMax = 80;
    public const string Version = "1:";
}
