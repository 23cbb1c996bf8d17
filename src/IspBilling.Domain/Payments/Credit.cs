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

    /// <summary>
    /// What a new credit note settles: each invoice that it corrects up to its own correction, then what is left of the corrected ones,
    /// then the oldest open ones.
    /// </summary>
    /// <param name="corrected">What the note credits of each original document; together not more than <paramref name="credit"/>.</param>
    public static ImmutableArray<Settlement> Of(
        int note, Money credit, ImmutableArray<(int Document, Money Amount)> corrected, ImmutableArray<OpenDocument> documents)
    {
        var settling = new Settling(documents);
        foreach (var (ordinal, amount) in corrected) Name(ordinal, Money.Min(amount, credit));
        foreach (var (ordinal, _) in corrected) Name(ordinal, credit);
        Spread(credit, settling.Documents, named: null);
        return settling.Settlements;

        void Name(int ordinal, Money amount)
        {
            if (settling.Documents.Find(document => document.Ordinal == ordinal) is { } invoice) Spread(amount, [invoice], invoice);
        }

        void Spread(Money amount, IEnumerable<OpenDocument> over, OpenDocument? named)
        {
            var allocations = Allocating.Spread(amount, over, named, AllocationPolicy.NamedThenOldest);
            settling.Use(CreditSource.CreditNote, note, allocations);
            foreach (var allocation in allocations) credit -= allocation.Amount;
        }
    }

    /// <summary>Credit that a refund of this amount uses, in the order in which credit settles; null when there is less.</summary>
    public static ImmutableArray<CreditUse>? Refund(Money amount, ImmutableArray<OpenDocument> documents, ImmutableArray<Payment> payments)
    {
        var uses = ImmutableArray.CreateBuilder<CreditUse>();
        foreach (var (source, ordinal, unused) in Unused(documents, payments))
        {
            if (!amount.IsPositive) break;
            var part = Money.Min(amount, unused);
            uses.Add(new CreditUse(source, ordinal, part));
            amount -= part;
        }

        return amount.IsPositive ? null : uses.DrainToImmutable();
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
            if (document is { IsCredit: true, Open.IsPositive: true }) unused.Add((CreditSource.CreditNote, document.Ordinal, document.Open));
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
