using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Dunning;

/// <summary>Clients who get a step on a day.</summary>
/// <param name="Code">Of the step; null for those who get none and whose service level changes.</param>
/// <param name="Debts">What they owe, overdue and not disputed, for each currency.</param>
public sealed record PlannedStepView(string? Code, long Clients, IReadOnlyList<MoneyTotal> Debts);

/// <param name="Restricted">Clients whose service level falls.</param>
/// <param name="Restored">Clients whose service level rises.</param>
/// <param name="BeyondBrake">Of those whose service level falls, how many would wait for a person.</param>
public sealed record PlannedDayView(DateOnly On, IReadOnlyList<PlannedStepView> Steps, long Restricted, long Restored, long BeyondBrake)
{
    /// <summary>Clients whom the message of their step does not reach.</summary>
    public long Unreachable { get; init; }
}

/// <summary>
/// What dunning does from today on if nothing else happens: no payment, no invoice, no promise, no other policy; every message is accepted on the first
/// day on which it may go, and the bank is read every day.
/// </summary>
/// <param name="Clients">To whom something happens.</param>
/// <param name="Failing">Clients who cannot be reviewed; they are parked.</param>
public sealed record DunningSimulationView(DateOnly From, DateOnly Through, long Clients, long Failing, IReadOnlyList<PlannedDayView> Days);

/// <summary>What happens to a client, and why.</summary>
/// <param name="Client">The CRM's reference.</param>
public sealed record PlannedClientView(string Client, IReadOnlyList<PlannedActionView> Actions);

/// <param name="Step">Code of the step; null where only the service level changes.</param>
/// <param name="Channels">By which the client is told: none where the step tells nothing.</param>
/// <param name="Before">The service level before.</param>
/// <param name="Debt">Overdue and not disputed.</param>
/// <param name="Since">The due date from which the debt's age counts; null when it is gone.</param>
/// <param name="DaysOverdue">Days since then.</param>
/// <param name="PolicyRevision">Of the settings journal: which policy says so. Null for a draft's.</param>
public sealed record PlannedActionView(
    DateOnly On, string? Step, IReadOnlyList<DunningActions> Channels, ServiceLevel Before, ServiceLevel Level, Money Debt, DateOnly? Since, int DaysOverdue, long? PolicyRevision)
{
    /// <summary>The step tells the client, and no channel that it goes by reaches them: there is no address or number, or mails to it come back.</summary>
    public bool Unreachable { get; init; }

    public static PlannedActionView Of(PlannedAction action) => new(
        action.On, action.Step, (action.Actions & DunningPolicy.Channels).Each(), action.Before, action.Level, action.Debt, action.Since, action.DaysOverdue,
        action.PolicyRevision)
    {
        Unreachable = action.IsUnreachable,
    };
}

/// <summary>A policy that is not saved.</summary>
/// <param name="Group">Whose it would be; null for the policy of all.</param>
public sealed record DraftPolicy(DunningPolicy Policy, string? Group);

/// <summary>
/// Who gets what today and in the days after. By the saved policies only the accounts are read that are to be reviewed in that time; by a draft
/// all that owe something. They are read one after another, and what is kept is a count for each day and step, or one page.
/// </summary>
public sealed class DunningSimulation(LiveContext contexts, AccountStates accounts, ClientDirectory directory, ClientCount clients)
{
    public const int DefaultDays = 14;

    private sealed class Day(DateOnly on)
    {
        private readonly SortedDictionary<string, (long Clients, CurrencyTotals Debts)> _steps = new(StringComparer.Ordinal);

        public long Restricted { get; private set; }

        private long _restored;
        private long _unreachable;

        public void Add(PlannedAction action)
        {
            var (count, debts) = _steps.GetValueOrDefault(action.Step ?? string.Empty, (0, new CurrencyTotals()));
            debts.Add(action.Debt);
            _steps[action.Step ?? string.Empty] = (count + 1, debts);
            if (action.Restricts) Restricted++;
            if (action.IsUnreachable) _unreachable++;
            if (action.Level < action.Before) _restored++;
        }

        public PlannedDayView Shown(long? brake) => new(
            on, [.. _steps.Select(step => new PlannedStepView(step.Key.Length == 0 ? null : step.Key, step.Value.Clients, [.. step.Value.Debts.All]))],
            Restricted, _restored, brake is { } limit ? Math.Max(0, Restricted - limit) : 0)
        {
            Unreachable = _unreachable,
        };
    }

    /// <param name="draft">Null for the policies in force.</param>
    /// <param name="days">1 to <see cref="DunningPlan.MaxDays"/>, today among them.</param>
    public async Task<DunningSimulationView> Summary(DraftPolicy? draft, int days, CancellationToken cancellation)
    {
        var plan = Plan(draft, days);
        var counted = new SortedDictionary<DateOnly, Day>();
        var (affected, failing) = (0L, 0L);
        await foreach (var account in Accounts(draft, plan, after: null, cancellation))
        {
            if (Planned(plan, account) is not { } actions)
            {
                failing++;
                continue;
            }

            if (actions.Count > 0) affected++;
            foreach (var action in actions)
            {
                if (!counted.TryGetValue(action.On, out var day)) counted.Add(action.On, day = new Day(action.On));
                day.Add(action);
            }
        }

        var brake = contexts.Settings.Outreach.Brake?.Of(await clients.Count(cancellation));
        return new DunningSimulationView(plan.From, plan.Through, affected, failing, [.. counted.Values.Select(day => day.Shown(brake))]);
    }

    /// <summary>The clients to whom something happens, in the order of their accounts.</summary>
    /// <param name="after">The account behind which the page begins; null at the start.</param>
    /// <param name="max">Clients at most.</param>
    public async Task<IReadOnlyList<(AccountId Account, PlannedClientView Client)>> Clients(
        DraftPolicy? draft, int days, AccountId? after, int max, CancellationToken cancellation)
    {
        var plan = Plan(draft, days);
        var page = new List<List<PlannedAction>>(max);
        await foreach (var account in Accounts(draft, plan, after, cancellation))
        {
            if (Planned(plan, account) is { Count: > 0 } actions) page.Add(actions);
            if (page.Count == max) break;
        }

        var references = await directory.ReferencesOf([.. page.Select(actions => actions[0].Account)], cancellation);
        return [.. page.Select(actions => (actions[0].Account, new PlannedClientView(
            references.GetValueOrDefault(actions[0].Account) ?? $"{actions[0].Account}", [.. actions.Select(PlannedActionView.Of)])))];
    }

    private DunningPlan Plan(DraftPolicy? draft, int days)
    {
        var settings = draft is null ? contexts.Settings : contexts.Settings.With(draft.Policy, draft.Group);
        return new DunningPlan(settings.PlanTerms(contexts.Zone), contexts.Today, days);
    }

    private IAsyncEnumerable<AccountState> Accounts(DraftPolicy? draft, DunningPlan plan, AccountId? after, CancellationToken cancellation) =>
        draft is null ? accounts.OfReviewedBy(plan.Through, after, cancellation) : accounts.OfDebtors(after, cancellation);

    private static List<PlannedAction>? Planned(DunningPlan plan, AccountState account)
    {
        try
        {
            return plan.Of(account);
        }
        catch (Exception broken) when (broken is BrokenReferenceException or InvariantBrokenException or OverflowException)
        {
            return null;
        }
    }

}
