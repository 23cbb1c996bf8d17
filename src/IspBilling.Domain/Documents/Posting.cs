using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>The accounts of the provider's ledger that billing writes to. Numbers are stored: never renumber.</summary>
public enum LedgerAccount
{
    /// <summary>What clients owe (Czech chart: 311). A credit balance is a client's credit.</summary>
    Receivables = 311,

    /// <summary>Output VAT (343).</summary>
    Vat = 343,

    /// <summary>Money on the provider's bank accounts (221).</summary>
    Bank = 221,

    /// <summary>Revenue from services (602).</summary>
    Revenue = 602,

    /// <summary>Rounding of cash totals (648).</summary>
    Rounding = 648,
}

/// <summary>One double-entry line: positive is a debit, negative a credit. Those of one event sum to zero.</summary>
/// <param name="VatRate">On tax and revenue, the rate they belong to.</param>
public readonly record struct Posting(LedgerAccount Account, VatRate VatRate, Money Amount);

public static class Postings
{
    public static ImmutableArray<Posting> Of(Document document)
    {
        var postings = ImmutableArray.CreateBuilder<Posting>((document.Vat.Length * 2) + 2);
        Add(LedgerAccount.Receivables, VatRate.None, document.Total);
        foreach (var total in document.Vat)
        {
            Add(LedgerAccount.Revenue, total.Rate, -total.Base);
            Add(LedgerAccount.Vat, total.Rate, -total.Tax);
        }

        Add(LedgerAccount.Rounding, VatRate.None, -document.Rounding);
        return Balanced(postings, document.Currency);

        void Add(LedgerAccount account, VatRate rate, Money amount)
        {
            if (!amount.IsZero) postings.Add(new Posting(account, rate, amount));
        }
    }

    /// <summary>Money that came in; the same with a negative amount takes it back.</summary>
    public static ImmutableArray<Posting> OfPayment(Money amount) =>
    [
        new(LedgerAccount.Bank, VatRate.None, amount),
        new(LedgerAccount.Receivables, VatRate.None, -amount),
    ];

    private static ImmutableArray<Posting> Balanced(ImmutableArray<Posting>.Builder postings, Currency currency)
    {
        var sum = Money.Zero(currency);
        foreach (var posting in postings) sum += posting.Amount;
        Invariant.Require(sum.IsZero);
        return postings.DrainToImmutable();
    }
}
