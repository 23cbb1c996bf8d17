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

/// <summary>Hears of every command that is sent and of every answer that arrives.</summary>
public interface IWitness
{
    void Asked(AccountId account, Envelope envelope);

    /// <param name="since">The <see cref="Moment"/> at which this copy of the command was sent.</param>
    void Answered(AccountId account, Envelope envelope, AccountReply reply, long since);

    /// <summary>How much has become durable so far.</summary>
    long Moment { get; }
}

/// <summary>What all nodes of a cluster share, and nothing of which dies with a node.</summary>
internal sealed record ClusterStores(
    IJournal Journal, MemoryRunStore Runs, IStatementImportStore Imports, IReviewStore Reviews, StoredStates States, Reminders Reminders);

/// <summary>What goes on around a cluster: time, chance, faults, and who watches.</summary>
internal sealed record Surroundings(Loop Loop, Calendar Calendar, SimulatedClock Clock, Dice Dice, Weather Weather, IWitness Witness, Trace Trace);

/// <summary>
/// Up to four processes with the engine's own coordination, which share the accounts between them over a network on which commands are lost, doubled and
/// overtaken, and which may be cut. Processes die, go and join; places move with them; and now and then two believe that an account is theirs.
/// </summary>
public sealed class Cluster
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

    /// <summary>Reminders of a day come, each to the node of its account.</summary>
    public Task Remind() => Task.WhenAll(_stores.Reminders.All.Select(async reminder =>
    {
        if (Weather.Strikes(Fault.ReminderMissed, Weather.Plan.ReminderMissed)) return;
        try
        {
            var from = AnyNode();
            var tick = _around.Clock.Today.ToDateTime(reminder.At, DateTimeKind.Utc);
            WitnessErrands(reminder.Account);
            await Deliver(from, reminder.Account, Letter.Reminding(tick));
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

    // ------------------------------------------------------------------ calls from node to node

    internal async ValueTask<AccountReply> Ask(Node from, AccountId account, Envelope envelope)
    {
        from.RequireAlive();
        _around.Witness.Asked(account, envelope);
        var earlier = _underWay.GetValueOrDefault(account);
        _underWay[account] = earlier + 1;
        try
        {
            if (Weather.Strikes(Weather.Plan.Reordered))
            {
                if (earlier > 0) Weather.Counts.Fired(Fault.Reordered);
                await Loop.Wait();
            }

            if (Weather.Strikes(Fault.Duplicated, Weather.Plan.Duplicated)) Repeat(account, envelope, Loop.Wait);
            var since = _around.Witness.Moment;
            var reply = (await Deliver(from, account, Letter.Asking(envelope)))!;
            _around.Witness.Answered(account, envelope, reply, since);
            from.RequireAlive();
            Weather.ThrowWhenStruck(Fault.AnswerLost, Weather.Plan.AnswerLost);
            return reply;
        }
        catch (Exception failure) when (!IsFault(failure))
        {
            // Told here, because a job may go on as if the account were merely out of reach.
            Loop.Broke($"{envelope.Command.GetType().Name} of {account}", failure);
            throw;
        }
        finally
        {
            _underWay[account]--;
        }
    }

    internal async Task CatchUp(Node from, AccountId account)
    {
        WitnessErrands(account);
        await Deliver(from, account, Letter.CatchingUp());
    }

    internal async Task<AccountReply[][]> Book(Node from, int shard, AccountBatch[] batches)
    {
        var home = HomeOf(from, $"booking {shard}", nodes => HomeOfShard(nodes, shard));
        foreach (var (account, envelope) in CommandsOf(batches)) _around.Witness.Asked(account, envelope);
        if (Weather.Strikes(Fault.Duplicated, Weather.Plan.Duplicated)) Loop.Begin("repeated booking", () => IgnoreFault(() => _network.Call(from, home, () => home.Parts.Booking.Book(batches))));
        var since = _around.Witness.Moment;
        var replies = await _network.Call(from, home, () => home.Parts.Booking.Book(batches));
        foreach (var (asked, reply) in CommandsOf(batches).Zip(replies.SelectMany(ofBatch => ofBatch))) _around.Witness.Answered(asked.Account, asked.Envelope, reply, since);
        Weather.ThrowWhenStruck(Fault.AnswerLost, Weather.Plan.AnswerLost);
        return replies;
    }

    internal async Task<ShardProgress> Continue(Node from, RunId run, AccountShard shard, bool again)
    {
        var name = $"shard {shard.Number} of run {run.Value:N}";
        var home = HomeOf(from, name, nodes => HomeOfShard(nodes, shard.Number));
        var progress = await _network.Call(from, home, async () =>
            (await home.Coordinator<RunShard>(name, () => WorkingOff(home, name, run, shard.Number))).Continue(shard.Of, again));
        Weather.ThrowWhenStruck(Fault.AnswerLost, Weather.Plan.AnswerLost);
        return progress;
    }

    internal async Task<string?> Continue(Node from, ImportId import)
    {
        var name = $"import {import.Value:N}";
        var home = HomeOf(from, name, Dice.Pick);
        return await _network.Call(from, home, async () =>
            (await home.Coordinator<ImportCoordinator>(name, () => Task.FromResult<object>(Importing(home, name, import)))).Continue());
    }

    /// <summary>An answer that was lost, or a node that is away: asked again, somebody answers.</summary>
    internal static bool IsAway(Node from, Exception failure) =>
        from.IsAlive && failure is ProcessDiedException or UnreachableException { Fault: Fault.AnswerLost or Fault.Partitioned };

    /// <summary>Sends a command once more; nobody waits for the answer, but it has to be the same.</summary>
    private void Repeat(AccountId account, Envelope envelope, Func<Task> later) => Loop.Begin($"repeated {envelope.Command.GetType().Name} of {account}", async () =>
    {
        await later();
        await IgnoreFault(async () =>
        {
            var since = _around.Witness.Moment;
            var reply = await Deliver(AnyNode(), account, Letter.Asking(envelope));
            _around.Witness.Answered(account, envelope, reply!, since);
        });
    });

    private async Task IgnoreFault(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception unknown) when (IsFault(unknown))
        {
            _around.Trace.Add($"nobody hears of: {unknown.Message}");
        }
    }

    private Task<AccountReply?> Deliver(Node from, AccountId account, Letter letter)
    {
        var home = HomeOf(from, Node.NameOf(account), nodes => HomeOfShard(nodes, AccountShard.NumberOf(account, _shards)));
        if (_nodes.Count > 1 && Weather.Strikes(Fault.SecondActivation, Weather.Plan.SecondActivation)) home = Dice.Pick([.. _nodes.Where(node => node != home)]);
        return _network.Call(from, home, () =>
        {
            home.MailboxOf(account, () => Wake(home, account)).Post(letter);
            return letter.Answer;
        });
    }

    /// <summary>An account takes its turn today, or tomorrow if midnight is near: what it then asks itself is known.</summary>
    private void WitnessErrands(AccountId account)
    {
        var now = _around.Clock.GetUtcNow();
        Witness(DateOnly.FromDateTime(now.UtcDateTime));
        if (now.Hour >= LateHour) Witness(DateOnly.FromDateTime(now.UtcDateTime).AddDays(1));

        void Witness(DateOnly day)
        {
            _around.Witness.Asked(account, ReviewPump.Question(account, day));
        }
    }

    private static IEnumerable<(AccountId Account, Envelope Envelope)> CommandsOf(AccountBatch[] batches) =>
        batches.SelectMany(batch => batch.Commands.Select(command => (batch.Account, command)));

    // ------------------------------------------------------------------ places

    /// <summary>Where something lives: where it was placed last, as long as the asking node can see that one; else it is placed anew.</summary>
    private Node HomeOf(Node from, string name, Func<IReadOnlyList<Node>, Node> place)
    {
        if (_directory.TryGetValue(name, out var home) && home.IsAlive)
        {
            if (!_network.TakesForDead(from, home)) return home;
            Weather.Counts.Fired(Fault.LivesTwice);
        }

        return _directory[name] = place(SeenBy(from));
    }

    private List<Node> SeenBy(Node from) => _nodes.FindAll(node => !_network.TakesForDead(from, node));

    private static Node HomeOfShard(IReadOnlyList<Node> nodes, int shard) => nodes[ShardHome.Of(shard, [.. nodes.Select(node => node.Key)])];

    private void Forget(Node node, string name)
    {
        if (_directory.GetValueOrDefault(name) == node) _directory.Remove(name);
    }

    private void Crash(int at)
    {
        var dead = _nodes[at];
        if (dead.IsBusy) Weather.Counts.Fired(Fault.Crashed);
        _around.Trace.Add($"process {dead.Place} dies with {dead.Busy().Count} turns under way");
        _nodes[at] = Start(dead.Place);
        dead.Die();
    }

    private void Leave(int at)
    {
        var gone = _nodes[at];
        _around.Trace.Add($"process {gone.Place} goes with {gone.Busy().Count} turns under way");
        _nodes.RemoveAt(at);
        gone.Die();
    }

    private void Join()
    {
        var place = Enumerable.Range(0, MaxNodes).First(free => _nodes.TrueForAll(node => node.Place != free));
        _around.Trace.Add($"process {place} joins");
        _nodes.Add(Start(place));
    }

    private void EvictBusy(Node node)
    {
        var busy = node.Busy();
        if (busy.Count == 0) return;
        var account = Dice.Pick(busy);
        Weather.Counts.Fired(Fault.Evicted);
        _around.Trace.Add($"process {node.Place} lets go of {account} in mid-turn");
        node.Evict(account);
    }

    // ------------------------------------------------------------------ what comes to life on a node

    private Node Start(int place)
    {
        var node = new Node(place, Forget);
        var calls = new StoreCalls(node, Loop, Weather);
        var nodes = _sabotage.Wrap(new SimulatedNodes(this, node));
        var accounts = new PatientAccounts(nodes, _around.Clock);
        var visits = new AccountVisits(JournalOf(node), _contexts, node.Presence, accounts, _sabotage.Decide);
        var imports = new FaultyImportStore(_stores.Imports, calls);
        var importing = new StatementImporterOptions { PageSize = Dice.Between(1, 12) };
        var running = new BillingRunnerOptions
        {
            InHand = Dice.Between(RunPlaces.AtOnce, 32), Pages = Dice.Between(1, 4), BatchSize = Dice.Between(1, 8),
        };
        node.Parts = new NodeParts(
            calls, nodes, accounts,
            new RunTools(
                new WitnessedVisits(visits, _around.Witness), new FaultyRunStore(_stores.Runs, calls),
                _sabotage.Wrap(new FaultyShardedRunStore(_stores.Runs, calls)), _contexts, _around.Clock, new RunPlaces(), running),
            new ShardBooking(visits), imports,
            new StatementImporter(new ShardedBatches(nodes, _around.Clock, _shards), imports, _around.Clock, importing));
        return node;
    }

    private FaultyJournal JournalOf(Node node) => new(_stores.Journal, node, Loop, Weather);

    private Mailbox Wake(Node node, AccountId account)
    {
        var days = new DailyRuns(node.Parts.Runs.Runs, _stores.Runs, _contexts, _around.Clock);
        var reminder = new AccountReminder(account, new SimulatedReminders(node, _stores.Reminders, _reviews, _around.Clock, Weather), _contexts);
        return new Mailbox(account, node, host => new AwakeAccount(
            new AccountActor(account, JournalOf(node), _contexts, _sabotage.Decide), new AccountTurns(_contexts, days), reminder, _reviews, host));
    }

    /// <summary>Looks after a run as long as its node lives and the run has not ended.</summary>
    private RunCoordinator Coordinating(Node node, string name, RunId run)
    {
        var hasEnded = false;
        var coordinator = new RunCoordinator(
            run, State<RunDivision>(node, name), node.Parts.Nodes, node.Parts.Runs.Runs, node.Parts.Runs.Shards,
            () => RunDivision.Among(SeenBy(node).Count, _shards), _around.Clock, Ended);
        Loop.Begin($"looking after {name}", async () =>
        {
            while (node.IsAlive && !hasEnded)
            {
                await IgnoreFault(() => coordinator.LookAfter(CancellationToken.None));
                await Loop.Wait();
            }
        });
        return coordinator;

        void Ended(BillingRun ended)
        {
            _around.Trace.Add($"{name} ends on process {node.Place}: {ended.Status} {ended.Counts}");
            hasEnded = true;
            node.EndCoordinator(name);
        }
    }

    private async Task<object> WorkingOff(Node node, string name, RunId run, int shard)
    {
        var state = _sabotage.Wrap(State<ShardProgress>(node, name));
        await state.Read(CancellationToken.None);
        return new RunShard(run, shard, state, node.Parts.Runs, work => work(), failure =>
        {
            Stopped(name, failure);
            node.EndCoordinator(name);
        });
    }

    private ImportCoordinator Importing(Node node, string name, ImportId import) => new(
        import, State<ImportProgress>(node, name), node.Parts.Imports, node.Parts.Importer, work => work(), failure => Stopped(name, failure));

    private MissedTurns Looking(Node node) => new(
        _sabotage.Wrap(new FaultyReviewStore(_stores.Reviews, node.Parts.Calls)), _contexts, _reviews, node.Parts.Nodes,
        (account, failure) => Stopped($"missed turn of {account}", failure));

    private SimulatedState<T> State<T>(Node node, string name)
        where T : class, new() => new(name, _stores.States, node.Parts.Calls, Weather);

    private void Stopped(string what, Exception failure)
    {
        if (IsFault(failure)) _around.Trace.Add($"{what} stops: {failure.Message}");
        else Loop.Broke(what, failure);
    }
}

/// <summary>The nodes of a simulated cluster as one of them sees them.</summary>
internal sealed class SimulatedNodes(Cluster cluster, Node from) : INodes
{
    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope) => cluster.Ask(from, account, envelope);

    public async ValueTask CatchUp(AccountId account) => await cluster.CatchUp(from, account);

    public Task<ShardProgress> Continue(RunId run, AccountShard shard, bool again) => cluster.Continue(from, run, shard, again);

    public Task<string?> Continue(ImportId import) => cluster.Continue(from, import);

    public Task<AccountReply[][]> Book(int shard, AccountBatch[] batches) => cluster.Book(from, shard, batches);

    public bool IsAway(Exception failure) => Cluster.IsAway(from, failure);

    public bool IsBusy(Exception failure) => false;
}

/// <summary>Visits to the accounts of a node, of which the witness hears.</summary>
internal sealed class WitnessedVisits(AccountVisits visits, IWitness witness) : IAccounts
{
    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        witness.Asked(account, envelope);
        var since = witness.Moment;
        var reply = await visits.Ask(account, envelope, cancellation);
        witness.Answered(account, envelope, reply, since);
        return reply;
    }
}
