using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>A document as the account remembers it: enough to settle, remind and correct.</summary>
/// <param name="Settled">How much of <see cref="Total"/>'s magnitude is allocated, to it (invoice) or from it (credit note).</param>
/// <param name="Disputed">The client contests it, so dunning does not count it as debt.</param>
/// <param name="Allocations">What a credit note settled; empty on invoices.</param>
public sealed record OpenDocument(
    int Ordinal,
    DocumentKind Kind,
    string Number,
    DateOnly IssuedOn,
    DateOnly DueOn,
    VariableSymbol? Symbol,
    Money Total,
    Money Settled,
    bool Disputed,
    ImmutableArray<Allocation> Allocations)
{
    /// <summary>What is left to pay (invoice) or to use (credit note); never negative.</summary>
    public Money Open => Total.Abs - Settled;

    /// <summary>What is left, as a part of what the client owes: a credit note's is negative.</summary>
    public Money OpenDebt => IsCredit ? -Open : Open;

    /// <summary>Whole days since an invoice fell due; 0 before that and for a credit note.</summary>
    public int DaysOverdueOn(DateOnly day) => IsReceivable ? Math.Max(0, day.DayNumber - DueOn.DayNumber) : 0;

    public bool IsReceivable => Kind.Traits().IsReceivable;

    public bool IsCredit => Kind.Traits().IsCredit;
}

public static class OpenDocumentSums
{
    /// <summary>What is left of several documents together.</summary>
    /// <param name="currency">Theirs; of nothing where there are none.</param>
    public static Money OpenTogether(this IEnumerable<OpenDocument> documents, Currency currency) => documents.Sum(currency, document => document.Open);
}
