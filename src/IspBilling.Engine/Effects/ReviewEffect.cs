using IspBilling.Domain;

namespace IspBilling.Engine.Effects;

/// <summary>Where an account stands once it was reviewed.</summary>
/// <param name="Taken">Code of the step that the review takes; null when it takes none.</param>
/// <param name="Step">Code of the last step of this debt; null before the first.</param>
public readonly record struct DunningStanding(ServiceLevel Level, string? Taken, string? Step);

public readonly record struct ReviewExample(AccountId Account, DunningStanding Before, DunningStanding After);

/// <summary>How many accounts are counted so, before and after.</summary>
public readonly record struct BeforeAndAfter(long Before, long After)
{
    public BeforeAndAfter With(bool before, bool after) => new(Before + (before ? 1 : 0), After + (after ? 1 : 0));
}

/// <summary>
/// Where accounts would stand after today's review when the policy changes: each is reviewed twice, as it will be, and nothing is written.
/// </summary>
/// <param name="before">The settings in force.</param>
/// <param name="after">The same with the draft among them.</param>
/// <param name="examplesMax">Accounts that would stand otherwise that are named; all are counted.</param>
public sealed class ReviewEffect(DecisionContext before, DecisionContext after, int examplesMax)
{
    private readonly List<ReviewExample> _examples = [];
    private readonly SortedDictionary<ServiceLevel, BeforeAndAfter> _levels = [];
    private readonly SortedDictionary<string, BeforeAndAfter> _taken = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, BeforeAndAfter> _standing = new(StringComparer.Ordinal);

    /// <summary>Accounts looked at.</summary>
    public long Accounts { get; private set; }

    /// <summary>Accounts that would stand otherwise.</summary>
    public long Changed { get; private set; }

    /// <summary>Accounts that cannot be reviewed.</summary>
    public long Failing { get; private set; }

    public IReadOnlyDictionary<ServiceLevel, BeforeAndAfter> Levels => _levels;

    /// <summary>By the code of the step that today's review takes.</summary>
    public IReadOnlyDictionary<string, BeforeAndAfter> Taken => _taken;

    /// <summary>By the code of the last step taken.</summary>
    public IReadOnlyDictionary<string, BeforeAndAfter> Standing => _standing;

    /// <summary>What today's steps charge.</summary>
    public CurrencyTotals FeesBefore { get; } = new();

    public CurrencyTotals FeesAfter { get; } = new();

    public IReadOnlyList<ReviewExample> Examples => _examples;

    public void Look(AccountState account)
    {
        Accounts++;
        if (Review(account, before, FeesBefore) is not { } then || Review(account, after, FeesAfter) is not { } now)
        {
            Failing++;
            return;
        }

        foreach (var level in new[] { then.Level, now.Level }.Distinct()) Count(_levels, level, then.Level == level, now.Level == level);
        foreach (var code in new[] { then.Taken, now.Taken }.OfType<string>().Distinct(StringComparer.Ordinal)) Count(_taken, code, then.Taken == code, now.Taken == code);
        foreach (var code in new[] { then.Step, now.Step }.OfType<string>().Distinct(StringComparer.Ordinal)) Count(_standing, code, then.Step == code, now.Step == code);
        if (then == now) return;
        Changed++;
        if (_examples.Count < examplesMax) _examples.Add(new ReviewExample(account.Id, then, now));
    }

    private static void Count<TKey>(SortedDictionary<TKey, BeforeAndAfter> counts, TKey key, bool isBefore, bool isAfter) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key).With(isBefore, isAfter);

    private static DunningStanding? Review(AccountState account, DecisionContext context, CurrencyTotals fees)
    {
        try
        {
            var decision = AccountDecider.Decide(account, new Review(), context);
            string? taken = null;
            foreach (var happened in decision.Events)
            {
                if (happened is DunningStepTaken step) taken = step.Code;
                if (happened is OneOffAdded fee) fees.Add(fee.UnitPrice);
            }

            return new DunningStanding(decision.State.Level, taken, decision.State.Dunning.Last?.Code);
        }
        catch (Exception broken) when (broken is BrokenReferenceException or InvariantBrokenException or OverflowException)
        {
            return null;
        }
    }
}
