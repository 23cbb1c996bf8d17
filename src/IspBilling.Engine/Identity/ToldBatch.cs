using IspBilling.Domain;

namespace IspBilling.Engine.Identity;

/// <summary>One booking of several payments, told payment by payment.</summary>
/// <param name="Parts">In their order; two or more.</param>
internal sealed record ToldBatch(EntryDirection Direction, decimal Sum, IReadOnlyList<ToldEntry> Parts)
{
    /// <summary>The batches among the entries of any statements, in order of their keys.</summary>
    public static IEnumerable<ToldBatch> In(IEnumerable<ToldEntry> entries)
    {
        var parts = new List<ToldEntry>();
        foreach (var entry in entries.Where(entry => entry.IsPart))
        {
            if (parts.Count > 0 && !GoesOn(parts[^1], entry))
            {
                if (parts.Count > 1) yield return Of(parts);
                parts = [];
            }

            parts.Add(entry);
        }

        if (parts.Count > 1) yield return Of(parts);
    }

    private static ToldBatch Of(List<ToldEntry> parts)
    {
        var sum = parts.Sum(part => (decimal)part.SignedMinor);
        return new ToldBatch(sum < 0 ? EntryDirection.Debit : EntryDirection.Credit, Math.Abs(sum), parts);
    }

    /// <summary>Payments of a batch are counted from 1, so that the next batch begins where the count does not go on.</summary>
    private static bool GoesOn(ToldEntry before, ToldEntry next) =>
        next.PartOrdinal > before.PartOrdinal && next.Parent == before.Parent && next.Statement == before.Statement && next.BookedOn == before.BookedOn;
}
