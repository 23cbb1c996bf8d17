using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Credit on an account: payments and credit notes with something left. It settles invoices, the oldest credit first.</summary>
public static class Credit
{
    /// <summary>All credit of the account over all of its open invoices.</summary>
    public static ImmutableArray<Settlement> Settle(AccountState state, AllocationPolicy policy)
    {
        var open = state.Documents.ToList();
        var settlements = ImmutableArray.CreateBuilder<Settlement>();
        foreach (var payment in state.Payments) Use(CreditSource.Payment, payment.Ordinal, payment.Unallocated);
        foreach (var note in state.Documents)
        {
            if (note.Kind == DocumentKind.CreditNote) Use(CreditSource.CreditNote, note.Ordinal, note.Open);
        }

        return settlements.DrainToImmutable();

        void Use(CreditSource source, int ordinal, Money credit)
        {
            if (!credit.IsPositive) return;
            foreach (var allocation in Allocating.Spread(credit, open, named: null, policy))
            {
                settlements.Add(new Settlement(source, ordinal, allocation.Document, allocation.Amount));
                var at = open.FindIndex(document => document.Ordinal == allocation.Document);
                open[at] = open[at] with { Settled = open[at].Settled + allocation.Amount };
            }
        }
    }

    /// <summary>Credit that a new invoice uses at once.</summary>
    public static ImmutableArray<Settlement> For(AccountState state, int invoice, Money total)
    {
        var settlements = ImmutableArray.CreateBuilder<Settlement>();
        foreach (var payment in state.Payments) Use(CreditSource.Payment, payment.Ordinal, payment.Unallocated);
        foreach (var note in state.Documents)
        {
            if (note.Kind == DocumentKind.CreditNote) Use(CreditSource.CreditNote, note.Ordinal, note.Open);
        }

        return settlements.DrainToImmutable();

        void Use(CreditSource source, int ordinal, Money credit)
        {
            var part = Money.Min(credit, total);
            if (!part.IsPositive) return;
            settlements.Add(new Settlement(source, ordinal, invoice, part));
            total -= part;
        }
    }

    /// <summary>What a new credit note settles: the invoices it corrects, then the oldest open ones.</summary>
    public static ImmutableArray<Settlement> Of(AccountState state, int note, Money credit, IEnumerable<int> corrected)
    {
        var settlements = ImmutableArray.CreateBuilder<Settlement>();
        var open = state.Documents.ToList();
        foreach (var ordinal in corrected.Distinct())
        {
            if (state.FindDocument(ordinal) is { } document) Use(Allocating.Spread(credit, [document], document, AllocationPolicy.NamedThenOldest));
        }

        Use(Allocating.Spread(credit, open, named: null, AllocationPolicy.NamedThenOldest));
        return settlements.DrainToImmutable();

        void Use(ImmutableArray<Allocation> allocations)
        {
            foreach (var allocation in allocations)
            {
                settlements.Add(new Settlement(CreditSource.CreditNote, note, allocation.Document, allocation.Amount));
                var at = open.FindIndex(document => document.Ordinal == allocation.Document);
                open[at] = open[at] with { Settled = open[at].Settled + allocation.Amount };
                credit -= allocation.Amount;
            }
        }
    }
}
