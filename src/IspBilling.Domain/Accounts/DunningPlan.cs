namespace IspBilling.Domain;

/// <summary>What dunning does to an account on a day, if nothing else happens until then.</summary>
/// <param name="Step">Code of the step; null where none is taken and only the level changes.</param>
/// <param name="Actions">Of the step.</param>
/// <param name="Level">Afterwards.</param>
/// <param name="Before">The level before.</param>
/// <param name="Debt">Overdue and not disputed.</param>
/// <param name="Since">The due date from which the debt's age counts; null when it is gone.</param>
/// <param name="DaysOverdue">Since then; 0 when it is gone.</param>
/// <param name="PolicyRevision">Of the settings journal that the policy comes from; null where none tells of it.</param>
public readonly record struct PlannedAction(
    AccountId Account, DateOnly On, string? Step, DunningActions Actions, ServiceLevel Level, ServiceLevel Before, Money Debt, DateOnly? Since, int DaysOverdue,
    long? PolicyRevision)
{
    /// <summary>The step tells the client, and no channel that it goes by reaches them.</summary>
    public bool IsUnreachable { get; init; }

    public bool Restricts => Level > Before;
}

/// <summary>What accounts' dunning is planned by.</summary>
/// <param name="On">What is decided by on a day.</param>
/// <param name="Email">When e-mails may go, as known on a day.</param>
/// <param name="Sms">When SMS may.</param>
public sealed record PlanTerms(Func<DateOnly, DecisionContext> On, Func<DateOnly, SendingHours> Email, Func<DateOnly, SendingHours> Sms);

/// <summary>
/// Who gets what from a day on, for some days: the accounts' own decisions, one after another, as if every message, also one that is
/// under way, were accepted on the first day on which it may go and the bank's statements came every day. Only what goes to an address or number that is not
/// there, or is known to be of no use, is refused. Nothing is written.
/// </summary>
public sealed class DunningPlan
{
    public const int MaxDays = 31;

    /// <summary>Reviews are spread over the day; a plan takes them all at this time.</summary>
    private static readonly TimeOnly Noon = new(12, 0);

    private readonly DecisionContext[] _days;
    private readonly SendingHours _email;
    private readonly SendingHours _sms;
    private readonly TimeOnly _now;

    /// <param name="days">1 to <see cref="MaxDays"/>, the first among them.</param>
    /// <param name="now">What is under way on the first day does not go before; the day's beginning unless given.</param>
    public DunningPlan(PlanTerms terms, DateOnly from, int days, TimeOnly now = default)
    {
        Invariant.Require(days is >= 1 and <= MaxDays);
        _days = new DecisionContext[days];
        // What holds everybody today is known, and of no other day.
        for (var i = 0; i < days; i++) _days[i] = i == 0 ? terms.On(from) : terms.On(from.AddDays(i)) with { BankDataDays = null, Hold = null };
        (_email, _sms, _now) = (terms.Email(from), terms.Sms(from), now);
    }

    public DateOnly From => _days[0].Today;

    /// <summary>The last day.</summary>
    public DateOnly Through => _days[^1].Today;

    /// <exception cref="BrokenReferenceException">The account refers to what is not there; its own review would be parked.</exception>
    public List<PlannedAction> Of(AccountState account)
    {
        var (planned, underWay) = (new List<PlannedAction>(), UnderWay(account));
        var state = account;
        foreach (var day in _days)
        {
            state = Accepted(state, underWay, day, TimeOnly.MinValue);
            var verdict = DunningEvaluation.On(day.Today, state.Debtor, day.DunningOf(state));
            if (!verdict.Acts) continue;
            var before = state.Level;
            var decision = AccountDecider.Decide(state, new Review(), day);
            state = decision.State;
            var isReached = true;
            foreach (var reminder in decision.Messages)
            {
                if (reminder is SendReminder sent) isReached = Send(sent, state, underWay, day);
            }

            planned.Add(Planned(decision, verdict, before, day) with { IsUnreachable = !isReached });

            state = Accepted(state, underWay, day, Noon);
        }

        return planned;
    }

    private static PlannedAction Planned(Decision decision, DunningVerdict verdict, ServiceLevel before, DecisionContext day)
    {
        DunningStepTaken? step = null;
        foreach (var happened in decision.Events)
        {
            if (happened is DunningStepTaken taken) step = taken;
        }

        var overdue = verdict.Since is { } since ? day.Today.DayNumber - since.DayNumber : 0;
        return new PlannedAction(
            decision.State.Id, day.Today, step?.Code, step?.Actions ?? DunningActions.None, decision.State.Level, before, verdict.Debt, verdict.Since, overdue,
            day.DunningOf(decision.State).Revision);
    }

    /// <summary>What was decided before and is not heard of yet goes like everything else.</summary>
    private List<RecordDelivery> UnderWay(AccountState account)
    {
        var underWay = new List<RecordDelivery>();
        foreach (var taken in account.Dunning.Taken)
        {
            var reminder = new SendReminder(taken.Code, taken.By, Money.Zero(account.Balance.Currency), taken.On);
            foreach (var channel in reminder.GoesBy())
            {
                if (taken.NoticeBy(channel) is not null) continue;
                var hours = channel == MessageChannel.Sms ? _sms : _email;
                underWay.Add(new RecordDelivery(
                    new DeliveryId(account.Id, account.Version, underWay.Count + 1), channel, reminder, OutcomeOf(channel, reminder, account), hours.DayFrom(From, _now)));
            }
        }

        return underWay;
    }

    /// <returns>Whether the message reaches the client, or no channel takes any.</returns>
    private bool Send(SendReminder reminder, AccountState state, List<RecordDelivery> underWay, DecisionContext day)
    {
        var (ordinal, isTried, isReached) = (0, false, false);
        foreach (var channel in reminder.GoesBy())
        {
            var (action, hours) = channel == MessageChannel.Sms ? (DunningActions.Sms, _sms) : (DunningActions.Email, _email);
            ordinal++;
            if (!day.Delivering.HasFlag(action)) continue;
            var outcome = OutcomeOf(channel, reminder, state);
            (isTried, isReached) = (true, isReached || outcome == DeliveryOutcome.Delivered || (channel == MessageChannel.Email && EmailDecisions.MayGoBySms(state, day, reminder)));
            underWay.Add(new RecordDelivery(new DeliveryId(state.Id, state.Version, ordinal), channel, reminder, outcome, hours.DayFrom(day.Today, NotBefore(day, Noon))));
        }

        return isReached || !isTried;
    }

    private TimeOnly NotBefore(DecisionContext day, TimeOnly time) => day.Today == From && _now > time ? _now : time;

    private static DeliveryOutcome OutcomeOf(MessageChannel channel, SendReminder reminder, AccountState state) =>
        (channel == MessageChannel.Sms ? state.Profile?.Phone is not null : state.TakesByEmail(reminder)) ? DeliveryOutcome.Delivered : DeliveryOutcome.Failed;

    /// <summary>What is accepted or refused by the day, and what goes another way since.</summary>
    private AccountState Accepted(AccountState state, List<RecordDelivery> underWay, DecisionContext day, TimeOnly time)
    {
        for (var i = 0; i < underWay.Count; i++)
        {
            var ended = underWay[i];
            if (ended.On > day.Today) continue;
            state = AccountDecider.Decide(state, ended, day).State;
            underWay.RemoveAt(i--);
            if (ended is not { Outcome: DeliveryOutcome.Failed, Channel: MessageChannel.Email }) continue;
            var other = AccountDecider.Decide(state, new SendAnotherWay(ended.Delivery, ended.Message), day);
            state = other.State;
            foreach (var message in other.Messages)
            {
                if (message is not SendReminder again) continue;
                underWay.Add(new RecordDelivery(
                    new DeliveryId(state.Id, state.Version, 1), MessageChannel.Sms, again, OutcomeOf(MessageChannel.Sms, again, state), _sms.DayFrom(day.Today, NotBefore(day, time))));
            }
        }

        return state;
    }
}
