using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Spreads an amount over open invoices; what it returns never sums to more than it was given.</summary>
public static class Allocating
{
    /// <param name="named">The invoice the payment names; first in line unless the policy says otherwise.</param>
    public static ImmutableArray<Allocation> Spread(
        Money amount, IEnumerable<OpenDocument> documents, OpenDocument? named, AllocationPolicy policy)
    {
        var queue = new List<OpenDocument>();
        foreach (var document in documents)
        {
            if (document.IsReceivable && document.Open.IsPositive && (!document.Disputed || document == named)) queue.Add(document);
        }

        queue.Sort((a, b) =>
        {
            if (policy == AllocationPolicy.NamedThenOldest && a.Ordinal != b.Ordinal)
            {
                if (a.Ordinal == named?.Ordinal) return -1;
                if (b.Ordinal == named?.Ordinal) return 1;
            }

            var byDue = a.DueOn.CompareTo(b.DueOn);
            return byDue != 0 ? byDue : a.Ordinal.CompareTo(b.Ordinal);
        });

        var allocations = ImmutableArray.CreateBuilder<Allocation>();
        foreach (var document in queue)
        {
            if (!amount.IsPositive) break;
            var part = Money.Min(amount, document.Open);
            allocations.Add(new Allocation(document.Ordinal, part));
            amount -= part;
        }

        return allocations.DrainToImmutable();
    }
}
