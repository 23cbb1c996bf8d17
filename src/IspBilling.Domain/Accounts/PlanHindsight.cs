using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>The days of a plan that is looked at in hindsight.</summary>
public readonly record struct PlanDays(DateOnly From, DateOnly Through)
{
    /// <summary>How far back a plan can be looked at.</summary>
    public const int MaxAge = 366;

    /// <param name="days">1 to <see cref="DunningPlan.MaxDays"/>, the first among them.</param>
    public static PlanDays Of(DateOnly from, int days) => new(from, from.AddDays(days - 1));

    /// <summary>The first day after them.</summary>
    public DateOnly Behind => Through.AddDays(1);

    /// <summary>The first day of a plan that ends today.</summary>
    public static DateOnly EndingOn(DateOnly today, int days) => today.AddDays(-days);

    /// <summary>The earliest day whose plan can be looked at.</summary>
    public static DateOnly Earliest(DateOnly today) => today.AddDays(-MaxAge);
}

/// <summary>Something that happened after a plan was made: a turn of the account, or a change of the settings.</summary>
/// <param name="At">The provider's time of the day.</param>
/// <param name="Events">Of the turn, in their order; empty where settings changed.</param>
/// <param name="Terms">What is planned by from then on; null where that stays.</param>
public sealed record PlanStation(DateOnly On, TimeOnly At, ImmutableArray<AccountEvent> Events, PlanTerms? Terms);

/// <summary>Why a plan no longer holds.</summary>
public enum PlanCause
{
    /// <summary>A turn of the account: a payment, a promise, an invoice, a message that was accepted earlier or refused.</summary>
    Event,

    /// <summary>Another policy, other rules of outreach, a channel that was switched.</summary>
    Setting,

    /// <summary>The day passed, and what was planned for it was not done: its review waited for bank data, for the brake, or for a program that stood still.</summary>
    NotDone,

    /// <summary>The day passed, and a message that was to be accepted on it was not.</summary>
    NotAccepted,
}

/// <summary>From here on something else was planned.</summary>
/// <param name="Station">Index of what made the difference; null where a day passed.</param>
/// <param name="Gone">What was planned before and is not any more, or was not done.</param>
/// <param name="Come">What was not planned before, or was done without having been planned.</param>
public sealed record PlanDifference(DateOnly On, PlanCause Cause, int? Station, ImmutableArray<PlannedAction> Gone, ImmutableArray<PlannedAction> Come);

/// <param name="Planned">What was planned at the beginning of the first day.</param>
/// <param name="Differences">In the order in which they arose.</param>
/// <param name="Ahead">What is planned now for the days that are left.</param>
public sealed record PlanReview(ImmutableArray<PlannedAction> Planned, ImmutableArray<PlanDifference> Differences, ImmutableArray<PlannedAction> Ahead);

/// <summary>
/// Compares a plan of the past with what became of it. The account is led through what happened to it, and after each turn its plan for the days
/// that are left is made anew: where that differs from the plan before, the turn made the difference. So whatever was done otherwise than planned
/// has its cause, and what happened as planned has none.
/// </summary>
public static class PlanHindsight
{
    /// <param name="before">The account at the beginning of the first day.</param>
    /// <param name="stations">Since then, in their order.</param>
    /// <param name="today">What has not passed yet is only planned.</param>
    public static PlanReview Of(AccountState before, PlanTerms terms, PlanDays days, IReadOnlyList<PlanStation> stations, DateOnly today)
    {
        var (from, through) = days;
        var walk = new Walk(before, terms, from, through);
        var planned = walk.Plan;
        for (var i = 0; i < stations.Count && stations[i].On <= through; i++)
        {
            walk.PassTo(stations[i].On);
            walk.Take(stations[i], i);
        }

        walk.PassTo(today <= through ? today : days.Behind);
        return new PlanReview(planned, [.. walk.Differences], walk.Plan);
    }

    private sealed class Walk
    {
        private readonly DateOnly _through;
        private readonly List<PlanDifference> _differences = [];
        private AccountState _state;
        private PlanTerms _terms;
        private DateOnly _day;
        private TimeOnly _now;

        public Walk(AccountState state, PlanTerms terms, DateOnly from, DateOnly through)
        {
            (_state, _terms, _day, _through) = (state, terms, from, through);
            Plan = Ahead();
        }

        public ImmutableArray<PlannedAction> Plan { get; private set; }

        public IReadOnlyList<PlanDifference> Differences => _differences;

        public void PassTo(DateOnly day)
        {
            while (_day < day)
            {
                var missed = Plan.Any(action => action.On == _day);
                (_day, _now) = (_day.AddDays(1), TimeOnly.MinValue);
                Replan(Plan, [], missed ? PlanCause.NotDone : PlanCause.NotAccepted, _day.AddDays(-1), station: null);
            }
        }

        public void Take(PlanStation station, int index)
        {
            _now = station.At;
            var (plan, unplanned) = (Plan, ImmutableArray<PlannedAction>.Empty);
            if (station.Terms is { } terms) _terms = terms;
            if (station.Events.Length > 0)
            {
                var was = _state;
                foreach (var happened in station.Events) _state = _state.Evolve(happened);
                (plan, unplanned) = Done(plan, was, station.Events);
            }

            Replan(plan, unplanned, station.Terms is null ? PlanCause.Event : PlanCause.Setting, station.On, index);
        }

        /// <summary>The plan without what the turn did, and what the turn did without a plan.</summary>
        private (ImmutableArray<PlannedAction> Plan, ImmutableArray<PlannedAction> Unplanned) Done(
            ImmutableArray<PlannedAction> plan, AccountState was, ImmutableArray<AccountEvent> events)
        {
            DunningStepTaken? taken = null;
            foreach (var happened in events)
            {
                if (happened is DunningStepTaken step) taken = step;
            }

            if (taken is null && _state.Level == was.Level) return (plan, []);
            var level = _state.Level;
            var planned = plan.FirstOrDefault(action => action.On == _day && action.Step == taken?.Code && action.Level == level);
            if (planned != default) return (plan.Remove(planned), []);
            return (plan, [new PlannedAction(
                _state.Id, _day, taken?.Code, taken?.Actions ?? DunningActions.None, level, was.Level, taken?.Debt ?? Money.Zero(_state.Balance.Currency), Since: null, 0,
                taken?.PolicyRevision)]);
        }

        private void Replan(ImmutableArray<PlannedAction> before, ImmutableArray<PlannedAction> unplanned, PlanCause cause, DateOnly on, int? station)
        {
            Plan = Ahead();
            var gone = Without(before, Plan);
            ImmutableArray<PlannedAction> come = [.. unplanned, .. Without(Plan, before)];
            if (gone.Length > 0 || come.Length > 0) _differences.Add(new PlanDifference(on, cause, station, gone, come));
        }

        /// <summary>An account that the CRM has not described yet owes nothing.</summary>
        private ImmutableArray<PlannedAction> Ahead()
        {
            var days = _through.DayNumber - _day.DayNumber + 1;
            return days <= 0 || _state.Profile is null ? [] : [.. new DunningPlan(_terms, _day, days, _now).Of(_state)];
        }

        /// <summary>By what clients notice: the day, the step, the service level and the amount.</summary>
        private static ImmutableArray<PlannedAction> Without(ImmutableArray<PlannedAction> some, ImmutableArray<PlannedAction> others) =>
            [.. some.Where(one => !others.Any(other => (other.On, other.Step, other.Level, other.Debt) == (one.On, one.Step, one.Level, one.Debt)))];
    }
}
