using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>
/// What an account remembers for ever of a one-off item that left its state: twelve bytes, enough to know its id again and to tell the same
/// item from another one under that id. Without it, a caller that pushes everything it knows would have old items charged once more.
/// </summary>
/// <param name="Key">64 bits of a fingerprint of the id; two of an account's ids with one key are less likely than a lost disk.</param>
/// <param name="Content">32 bits of a fingerprint of what was charged; <see cref="Cancelled"/> when it was taken back.</param>
public readonly record struct PastItem(ulong Key, uint Content)
{
    public const uint Cancelled = 0;

    public bool WasCancelled => Content == Cancelled;

    public static PastItem Of(OneOff item) => new(KeyOf(item.Id), item.Cancelled ? Cancelled : ContentOf(item));

    /// <summary>It was taken back before any document charged it, or its credit is on a document too.</summary>
    public static PastItem OfCancelled(string id) => new(KeyOf(id), Cancelled);

    public static ulong KeyOf(string id)
    {
        var fingerprint = new Fingerprint();
        fingerprint.Mix(CallerReference.Normal(id));
        return fingerprint.Value;
    }

    /// <param name="item">As it was added: what became of it since does not count.</param>
    public static uint ContentOf(OneOff item)
    {
        var fingerprint = new Fingerprint();
        fingerprint.Mix(item.Text);
        fingerprint.Mix(item.Date.DayNumber);
        fingerprint.Mix(item.Quantity.Thousandths);
        fingerprint.Mix(item.UnitPrice.Minor);
        fingerprint.Mix(item.UnitPrice.Currency.Code);
        fingerprint.Mix((int)item.PriceMode);
        fingerprint.Mix((int)item.VatCategory);
        var folded = (uint)(fingerprint.Value ^ (fingerprint.Value >> 32));
        return folded == Cancelled ? 1 : folded;
    }
}

internal static class PastItems
{
    /// <summary>Each id once; what became of it last counts.</summary>
    public static ImmutableArray<PastItem> With(this ImmutableArray<PastItem> items, params ReadOnlySpan<PastItem> more)
    {
        foreach (var item in more)
        {
            var at = IndexOf(items, item.Key);
            items = at < 0 ? items.Add(item) : items.SetItem(at, item);
        }

        return items;
    }

    private static int IndexOf(ImmutableArray<PastItem> items, ulong key)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Key == key) return i;
        }

        return -1;
    }
}
