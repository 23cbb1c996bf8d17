using IspBilling.Domain;

namespace IspBilling.Engine.Effects;

/// <param name="Before">Under the settings in force.</param>
/// <param name="After">Under the draft.</param>
public readonly record struct BillExample(AccountId Account, NextBill Before, NextBill After);

/// <summary>
/// What the next bill of accounts differs when settings change: each account decides twice, as it will decide when it is billed, and nothing is
/// written. So the figures are those of the run that follows.
/// </summary>
/// <param name="through">Through-date of the bill.</param>
/// <param name="before">The settings in force.</param>
/// <param name="after">The same with the draft among them.</param>
/// <param name="examplesMax">Accounts whose bill differs that are named; all are counted.</param>
public sealed class BillEffect(DateOnly through, DecisionContext before, DecisionContext after, int examplesMax)
{
    private readonly List<BillExample> _examples = [];

    /// <summary>Accounts looked at.</summary>
    public long Accounts { get; private set; }

    /// <summary>Accounts whose bill differs.</summary>
    public long Changed { get; private set; }

    /// <summary>Accounts that could not be billed by the draft: its settings are broken for them, or they are already.</summary>
    public long Failing { get; private set; }

    public CurrencyTotals TotalBefore { get; } = new();

    public CurrencyTotals TotalAfter { get; } = new();

    public CurrencyTotals TaxBefore { get; } = new();

    public CurrencyTotals TaxAfter { get; } = new();

    /// <summary>The first ones, in the order in which accounts were looked at.</summary>
    public IReadOnlyList<BillExample> Examples => _examples;

    public void Look(AccountState account)
    {
        Accounts++;
        var (then, now) = (Bill(account, before), Bill(account, after));
        if (now is null) Failing++;
        Add(then, TotalBefore, TaxBefore);
        Add(now, TotalAfter, TaxAfter);
        if (then == now) return;
        Changed++;
        if (_examples.Count < examplesMax) _examples.Add(new BillExample(account.Id, then ?? default, now ?? default));
    }

    /// <summary>Null when the account cannot decide; a refusal bills nothing.</summary>
    private NextBill? Bill(AccountState account, DecisionContext context)
    {
        try
        {
            var issuer = context.IssuerOf(account.RequiredProfile);
            var bill = NextBill.Nothing(issuer.Currency);
            foreach (var happened in AccountDecider.Decide(account, new Bill(through, Run: null, PreviewOnly: false), context).Events)
            {
                if (happened is DocumentIssued { Document: var document }) bill = bill.With(document);
            }

            return bill;
        }
        catch (Exception broken) when (broken is BrokenReferenceException or InvariantBrokenException or OverflowException)
        {
            return null;
        }
    }

    private static void Add(NextBill? bill, CurrencyTotals total, CurrencyTotals tax)
    {
        if (bill is not { } known) return;
        total.Add(known.Total);
        tax.Add(known.Tax);
    }
}
