using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Running;
using IspBilling.Simulation.Storage;

namespace IspBilling.Simulation.Hosting;

/// <summary>
/// Up to four processes with the engine's own coordination, which share the accounts between them over a network on which commands are lost, doubled and
/// overtaken, and which may be cut. Processes die, go and join; places move with them; and now and then two believe that an account is theirs.
/// </summary>
public sealed partial class Cluster
{
    private const int MaxNodes = 4;
    private const int MaxDaysLater = 20;

    /// <summary>From then on a turn may come to its account after midnight.</summary>
    private const int LateHour = 20;

    private readonly ClusterStores _stores;
    private readonly Surroundings _around;
    private readonly LiveContext _contexts;
    private readonly Sabotage _sabotage;
    private readonly ReviewClock _reviews;
    private readonly int _shards;
    private readonly Network _network;
    private readonly List<Node> _nodes;
    private readonly Dictionary<string, Node> _directory = [];
    private readonly Dictionary<AccountId, int> _underWay = [];
    private int _looksAtDays;

    internal Cluster(ClusterStores stores, Surroundings around, LiveContext contexts, Sabotage sabotage, ReviewHours hours)
    {
        (_stores, _around, _contexts, _sabotage) = (stores, around, contexts, sabotage);
        _reviews = new ReviewClock(contexts, around.Clock, TimeZoneInfo.Utc, hours);
        _network = new Network(around.Loop, around.Dice.Split(), around.Weather, around.Trace);
        _shards = Dice.Between(2, 6);
        _nodes = [.. Enumerable.Range(0, Dice.Between(2, MaxNodes)).Select(Start)];
    }

    private Loop Loop => _around.Loop;

    private Dice Dice => _around.Dice;

    private Weather Weather => _around.Weather;

    /// <summary>Whether a look at the runs of days is under way on any node.</summary>
    public bool LooksAfterDays => _looksAtDays > 0;

    /// <summary>One of the processes that live now.</summary>
    public Node AnyNode() => Dice.Pick(_nodes);

    /// <summary>Faults that strike by themselves, between two steps.</summary>
    public void Weathering()
    {
        if (Weather.Strikes(Weather.Plan.Crashed)) Crash(Dice.Below(_nodes.Count));
        if (Weather.Strikes(Weather.Plan.Evicted)) EvictBusy(AnyNode());
        if (_nodes.Count > 1 && Weather.Strikes(Fault.NodeLeft, Weather.Plan.NodeLeft)) Leave(Dice.Below(_nodes.Count));
        if (_nodes.Count < MaxNodes && Weather.Strikes(Fault.NodeJoined, Weather.Plan.NodeJoined)) Join();
        _network.Weathering(_nodes);
    }

    /// <summary>All processes end and start anew, on a sound network and at least two of them.</summary>
    public void Restart()
    {
        _network.Heal();
        for (var at = 0; at < _nodes.Count; at++) Crash(at);
        if (_nodes.Count == 1) Join();
    }

    /// <summary>A process dies for good, and the others stay.</summary>
    public void Kill()
    {
        Invariant.Require(_nodes.Count > 1);
        Leave(Dice.Below(_nodes.Count));
    }

    /// <summary>Nodes let go of accounts of which nothing is asked.</summary>
    public void LetGoOfIdle()
    {
        foreach (var node in _nodes) node.LetGoOfIdle();
    }

    /// <summary>A caller outside asks one of the nodes.</summary>
    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope)
    {
        if (Weather.Strikes(Fault.RepeatedLater, Weather.Plan.RepeatedLater))
            Repeat(account, envelope, () => _around.Calendar.Days(Dice.Between(1, MaxDaysLater)));
        return await AnyNode().Parts.Accounts.Ask(account, envelope, CancellationToken.None);
    }

    /// <summary>A node finds a run unfinished and has it go on.</summary>
    /// <param name="beside">Whether it comes to life once more on another node, if it lives already.</param>
    public async Task Continue(Node from, RunId run, bool beside)
    {
        var name = $"run {run.Value:N}";
        var home = HomeOf(from, name, Dice.Pick);
        if (beside) home = Dice.Pick(SeenBy(from));
        await _network.Call(from, home, () => home.Coordinator<RunCoordinator>(name, () => Task.FromResult<object>(Coordinating(home, name, run))));
    }

    /// <summary>A node has missed turns looked for.</summary>
    public async Task<int> CatchUp(Node from)
    {
        const string Name = "missed turns";
        var home = HomeOf(from, Name, Dice.Pick);
        return await _network.Call(from, home, async () =>
            await (await home.Coordinator<MissedTurns>(Name, () => Task.FromResult<object>(Looking(home)))).CatchUp(CancellationToken.None));
    }

    /// <summary>A node has the runs of days looked after, on which accounts bill in their turns; returns when the look has begun.</summary>
    /// <param name="beside">Whether it comes to life once more on another node, if it lives already.</param>
    public async Task CompleteDays(Node from, bool beside)
    {
        const string Name = "runs of days";
        var home = HomeOf(from, Name, Dice.Pick);
        if (beside) home = Dice.Pick(SeenBy(from));
        await _network.Call(from, home, async () =>
        {
            (await home.Coordinator<DailyRunsCoordinator>(Name, () => Task.FromResult<object>(Completing(home)))).Look();
            return true;
        });
    }

    /// <summary>Reminders of a day come, each to the node of its account.</summary>
    public Task Remind() => Task.WhenAll(_stores.Reminders.All.Select(async reminder =>
    {
        if (Weather.Strikes(Fault.ReminderMissed, Weather.Plan.ReminderMissed)) return;
        try
        {
            var from = AnyNode();
            var tick = _around.Clock.Today.ToDateTime(reminder.At, DateTimeKind.Utc);
            WitnessErrands(reminder.Account);
            await Deliver(from, reminder.Account, QueuedTurn.Reminding(tick));
        }
        catch (Exception missed) when (IsFault(missed))
        {
            _around.Trace.Add($"{reminder.Account} misses its reminder: {missed.Message}");
        }
    }));

    /// <summary>What callers have to live with: they ask again with the same id.</summary>
    public static bool IsFault(Exception failure) =>
        failure is IOException or StaleStateException or RunOvertakenException
        || (failure is InvalidOperationException and not InvariantBrokenException
            && (failure.Message.Contains("twice?", StringComparison.Ordinal) || (failure.InnerException is { } inner && IsFault(inner))));
}
