using System.Collections.Immutable;

namespace IspBilling.Domain;

public enum CreditSource { Payment, CreditNote }

/// <summary>Part of one credit settles part of one invoice.</summary>
/// <param name="Source">What the credit is.</param>
/// <param name="SourceOrdinal">Ordinal of the payment or credit note.</param>
/// <param name="Document">Ordinal of the invoice.</param>
public readonly record struct Settlement(CreditSource Source, int SourceOrdinal, int Document, Money Amount);

/// <summary>
/// Credit on an account: payments and credit notes with something left. It settles invoices: payments first, then credit notes,
/// each in the order of their ordinals.
/// </summary>
public static class Credit
{
    /// <summary>All credit of the account over all of its open invoices.</summary>
    public static ImmutableArray<Settlement> Settle(ImmutableArray<OpenDocument> documents, ImmutableArray<Payment> payments, AllocationPolicy policy)
    {
        var settling = new Settling(documents);
        foreach (var (source, ordinal, amount) in Unused(documents, payments))
            settling.Use(source, ordinal, Allocating.Spread(amount, settling.Documents, named: null, policy));
        return settling.Settlements;
    }

    /// <summary>Credit that a new invoice uses at once.</summary>
    public static ImmutableArray<Settlement> For(int invoice, Money total, ImmutableArray<OpenDocument> documents, ImmutableArray<Payment> payments)
    {
        var settlements = ImmutableArray.CreateBuilder<Settlement>();
        foreach (var (source, ordinal, amount) in Unused(documents, payments))
        {
            var part = Money.Min(amount, total);
            if (!part.IsPositive) break;
            settlements.Add(new Settlement(source, ordinal, invoice, part));
            total -= part;
        }

        return settlements.DrainToImmutable();
    }

    /// <summary>What a new credit note settles: the invoices it corrects, then the oldest open ones.</summary>
    public static ImmutableArray<Settlement> Of(int note, Money credit, IEnumerable<int> corrected, ImmutableArray<OpenDocument> documents)
    {
        var settling = new Settling(documents);
        foreach (var ordinal in corrected.Distinct())
        {
            if (documents.FirstOrDefault(document => document.Ordinal == ordinal) is { } invoice) Spread([invoice], invoice);
        }

        Spread(settling.Documents, named: null);
        return settling.Settlements;

        void Spread(IEnumerable<OpenDocument> over, OpenDocument? named)
        {
            var allocations = Allocating.Spread(credit, over, named, AllocationPolicy.NamedThenOldest);
            settling.Use(CreditSource.CreditNote, note, allocations);
            foreach (var allocation in allocations) credit -= allocation.Amount;
        }
    }

    private static List<(CreditSource Source, int Ordinal, Money Amount)> Unused(ImmutableArray<OpenDocument> documents, ImmutableArray<Payment> payments)
    {
        List<(CreditSource Source, int Ordinal, Money Amount)> unused = [];
        foreach (var payment in payments)
        {
            if (payment.Unallocated is { IsPositive: true } amount) unused.Add((CreditSource.Payment, payment.Ordinal, amount));
        }

        foreach (var document in documents)
        {
            if (document is { Kind: DocumentKind.CreditNote, Open.IsPositive: true }) unused.Add((CreditSource.CreditNote, document.Ordinal, document.Open));
        }

        return unused;
    }

    /// <summary>Settlements so far, and the documents as these leave them.</summary>
    private sealed class Settling(ImmutableArray<OpenDocument> documents)
    {
        private readonly ImmutableArray<Settlement>.Builder _settlements = ImmutableArray.CreateBuilder<Settlement>();

        public List<OpenDocument> Documents { get; } = [.. documents];

        public ImmutableArray<Settlement> Settlements => _settlements.DrainToImmutable();

        public void Use(CreditSource source, int ordinal, ImmutableArray<Allocation> allocations)
        {
            foreach (var (document, amount) in allocations)
            {
                _settlements.Add(new Settlement(source, ordinal, document, amount));
                var at = Documents.FindIndex(open => open.Ordinal == document);
                Documents[at] = Documents[at] with { Settled = Documents[at].Settled + amount };
            }
        }
    }
}
