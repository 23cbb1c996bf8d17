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

/// <summary>What the reviews of a later day take, of accounts to which nothing else happens until then.</summary>
public sealed class ReviewDay
{
    private readonly SortedDictionary<string, BeforeAndAfter> _taken = new(StringComparer.Ordinal);

    /// <summary>Accounts of which that day's review does otherwise.</summary>
    public long Changed { get; internal set; }

    /// <summary>By the code of the step that the review takes.</summary>
    public IReadOnlyDictionary<string, BeforeAndAfter> Taken => _taken;

    /// <summary>What the steps charge.</summary>
    public CurrencyTotals FeesBefore { get; } = new();

    public CurrencyTotals FeesAfter { get; } = new();

    internal void Count(string step, bool isBefore) => _taken[step] = _taken.GetValueOrDefault(step).With(isBefore, !isBefore);
}

/// <summary>
/// Where accounts would stand after today's review when the policy changes, and what the reviews of the next days would take: each account is reviewed
/// twice, as it will be, and nothing is written. Once the morning's steps are taken, today tells little of what a policy does; the days after it do.
/// </summary>
/// <param name="before">The settings in force.</param>
/// <param name="after">The same with the draft among them.</param>
/// <param name="examplesMax">Accounts that would stand otherwise that are named; all are counted.</param>
public sealed class ReviewEffect(DecisionContext before, DecisionContext after, int examplesMax)
{
    /// <summary>Days after today that are looked at.</summary>
    public const int DaysAhead = 14;

    private readonly SortedDictionary<DateOnly, ReviewDay> _ahead = [];
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

    /// <summary>The days after today, at most <see cref="DaysAhead"/> of them, on which any account's review does otherwise.</summary>
    public IEnumerable<(DateOnly On, ReviewDay Day)> Ahead => _ahead.Where(day => day.Value.Changed > 0).Select(day => (day.Key, day.Value));

    public void Look(AccountState account)
    {
        Accounts++;
        if (Reviewed.Of(account, before) is not { } byBefore || Reviewed.Of(account, after) is not { } byAfter)
        {
            Failing++;
            return;
        }

        var (then, now) = (byBefore.Today, byAfter.Today);
        foreach (var fee in byBefore.Fees) FeesBefore.Add(fee);
        foreach (var fee in byAfter.Fees) FeesAfter.Add(fee);
        LookAhead(byBefore.Later, byAfter.Later);

        foreach (var level in new[] { then.Level, now.Level }.Distinct()) Count(_levels, level, then.Level == level, now.Level == level);
        foreach (var code in new[] { then.Taken, now.Taken }.OfType<string>().Distinct(StringComparer.Ordinal)) Count(_taken, code, then.Taken == code, now.Taken == code);
        foreach (var code in new[] { then.Step, now.Step }.OfType<string>().Distinct(StringComparer.Ordinal)) Count(_standing, code, then.Step == code, now.Step == code);
        if (then == now) return;
        Changed++;
        if (_examples.Count < examplesMax) _examples.Add(new ReviewExample(account.Id, then, now));
    }

    private static void Count<TKey>(SortedDictionary<TKey, BeforeAndAfter> counts, TKey key, bool isBefore, bool isAfter) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key).With(isBefore, isAfter);

    private void LookAhead(IReadOnlyList<LaterReview> byBefore, IReadOnlyList<LaterReview> byAfter)
    {
        foreach (var review in byBefore) Add(review, isBefore: true);
        foreach (var review in byAfter) Add(review, isBefore: false);
        foreach (var on in byBefore.Concat(byAfter).Select(review => review.On).Distinct())
        {
            if (!Same(byBefore.FirstOrDefault(review => review.On == on), byAfter.FirstOrDefault(review => review.On == on))) _ahead[on].Changed++;
        }
    }

    private void Add(LaterReview review, bool isBefore)
    {
        if (!_ahead.TryGetValue(review.On, out var day)) _ahead[review.On] = day = new ReviewDay();
        if (review.Standing.Taken is { } step) day.Count(step, isBefore);
        foreach (var fee in review.Fees) (isBefore ? day.FeesBefore : day.FeesAfter).Add(fee);
    }

    private static bool Same(LaterReview? one, LaterReview? other) =>
        one is not null && other is not null && one.Standing == other.Standing && one.Fees.SequenceEqual(other.Fees);

    private sealed record LaterReview(DateOnly On, DunningStanding Standing, IReadOnlyList<Money> Fees);

    /// <summary>An account's own decisions, today and on the days after on which it will make one.</summary>
    private sealed record Reviewed(DunningStanding Today, IReadOnlyList<Money> Fees, IReadOnlyList<LaterReview> Later)
    {
        /// <summary>Null when the account cannot decide.</summary>
        public static Reviewed? Of(AccountState account, DecisionContext context)
        {
            try
            {
                var (state, today, fees) = Once(account, context);
                var (later, last) = (new List<LaterReview>(), DunningEvaluation.LastOf(context.Today, DaysAhead));
                while (DunningEvaluation.NextActionAfter(context.Today, state.Debtor, context.DunningOf(state)) is { } on && on <= last)
                {
                    context = context with { Today = on };
                    (state, var standing, var charged) = Once(state, context);
                    later.Add(new LaterReview(on, standing, charged));
                }

                return new Reviewed(today, fees, later);
            }
            catch (Exception broken) when (broken is BrokenReferenceException or InvariantBrokenException or OverflowException)
            {
                return null;
            }
        }

        private static (AccountState State, DunningStanding Standing, List<Money> Fees) Once(AccountState account, DecisionContext context)
        {
            var decision = AccountDecider.Decide(account, new Review(), context);
            var (taken, fees) = ((string?)null, new List<Money>());
            foreach (var happened in decision.Events)
            {
                if (happened is DunningStepTaken step) taken = step.Code;
                if (happened is OneOffAdded fee) fees.Add(fee.UnitPrice);
            }

            return (decision.State, new DunningStanding(decision.State.Level, taken, decision.State.Dunning.Last?.Code), fees);
        }
    }
}
