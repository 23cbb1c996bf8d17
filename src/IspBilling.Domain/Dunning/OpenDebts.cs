using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <param name="DueOn">The debt is overdue from the day after.</param>
internal readonly record struct OpenDebt(int Ordinal, DateOnly DueOn, long Minor);

/// <param name="Sum">Of everything overdue.</param>
/// <param name="Since">
/// The due date by which more than the tolerance had come to be overdue of what is still open; null when that has not happened. A few
/// haléře left of an old invoice do not make this month's invoice old.
/// </param>
internal readonly record struct OverdueDebt(Money Sum, DateOnly? Since);

/// <summary>Invoices of an account that are open and not disputed, by due date. They are few, whatever the account remembers.</summary>
internal readonly ref struct OpenDebts
{
    /// <summary>Room that a caller has for them; more are rare and cost an array.</summary>
    public const int Usual = 16;

    private readonly ReadOnlySpan<OpenDebt> _byDueDate;
    private readonly Currency _currency;

    private OpenDebts(ReadOnlySpan<OpenDebt> byDueDate, Currency currency)
    {
        _byDueDate = byDueDate;
        _currency = currency;
    }

    public ReadOnlySpan<OpenDebt> ByDueDate => _byDueDate;

    public static OpenDebts Of(ImmutableArray<OpenDocument> documents, Span<OpenDebt> room)
    {
        var count = 0;
        var currency = default(Currency);
        foreach (var document in documents)
        {
            if (!CountsAsDebt(document)) continue;
            if (count == room.Length)
            {
                var larger = new OpenDebt[documents.Length];
                room[..count].CopyTo(larger);
                room = larger;
            }

            room[count++] = new OpenDebt(document.Ordinal, document.DueOn, document.Open.Minor);
            currency = document.Total.Currency;
        }

        var debts = room[..count];
        debts.Sort(static (a, b) => a.DueOn != b.DueOn ? a.DueOn.CompareTo(b.DueOn) : a.Ordinal.CompareTo(b.Ordinal));
        return new OpenDebts(debts, currency);
    }

    public OverdueDebt Overdue(DateOnly today, DunningPolicy policy)
    {
        var tolerance = policy.ToleranceIn(_currency).Minor;
        Int128 sum = 0;
        DateOnly? since = null;
        foreach (var debt in _byDueDate)
        {
            if (debt.DueOn >= today) break;
            sum += debt.Minor;
            if (since is null && sum > tolerance) since = debt.DueOn;
        }

        return new OverdueDebt(new Money(AtMost(sum), _currency), since);
    }

    /// <summary>Whether more than the tolerance is open, overdue or not, of invoices up to an ordinal.</summary>
    public bool AreOpenUpTo(int ordinal, DunningPolicy policy)
    {
        Int128 sum = 0;
        foreach (var debt in _byDueDate)
        {
            if (debt.Ordinal <= ordinal) sum += debt.Minor;
        }

        return sum > policy.ToleranceIn(_currency).Minor;
    }

    private static bool CountsAsDebt(OpenDocument document) =>
        document.IsReceivable && !document.Disputed && document.Open.IsPositive;

    /// <summary>A debt beyond what money holds is as good as the largest there is: no step asks for more.</summary>
    private static long AtMost(Int128 sum) => sum > long.MaxValue ? long.MaxValue : (long)sum;
}
