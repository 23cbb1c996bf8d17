using IspBilling.Domain;
using IspBilling.Engine.Actors;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Running;
using IspBilling.Simulation.Storage;

namespace IspBilling.Simulation.Hosting;

/// <summary>What comes to life on a node.</summary>
public sealed partial class Cluster
{
    private Node Start(int place)
    {
        var node = new Node(place, Forget);
        var calls = new StoreCalls(node, Loop, Weather);
        var nodes = _sabotage.Wrap(new SimulatedNodes(this, node));
        var accounts = new PatientAccounts(nodes, _around.Clock);
        var visits = new AccountVisits(JournalOf(node), _contexts, node.Presence, accounts, _sabotage.Decide);
        var (runs, imports) = (new FaultyRunStore(_stores.Runs, calls), new FaultyImportStore(_stores.Imports, calls));
        var importing = new StatementImporterOptions { PageSize = Dice.Between(1, 12) };
        var running = new BillingRunnerOptions
        {
            InHand = Dice.Between(RunPlaces.AtOnce, 32), Pages = Dice.Between(1, 4), BatchSize = Dice.Between(1, 8),
        };
        node.Parts = new NodeParts(
            calls, nodes, accounts,
            new RunTools(
                new WitnessedVisits(visits, _around.Witness), runs,
                _sabotage.Wrap(new FaultyShardedRunStore(_stores.Runs, calls)), _contexts, _around.Clock, new RunPlaces(), running),
            new DailyRuns(runs, _sabotage.Wrap(new FaultyDailyRunStore(_stores.Runs, calls)), _contexts, _around.Clock),
            new ShardBooking(visits), imports,
            new StatementImporter(new ShardedBatches(nodes, _around.Clock, _shards), imports, _around.Clock, importing));
        return node;
    }

    private FaultyJournal JournalOf(Node node) => new(_stores.Journal, node, Loop, Weather);

    private Mailbox Wake(Node node, AccountId account)
    {
        var reminder = new AccountReminder(account, new SimulatedReminders(node, _stores.Reminders, _reviews, _around.Clock, Weather), _contexts);
        return new Mailbox(account, node, host => new AwakeAccount(
            new AccountActor(account, JournalOf(node), _contexts, _sabotage.Decide), new AccountTurns(_contexts, node.Parts.Days), reminder, _reviews, host));
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

    private DailyRunsCoordinator Completing(Node node) => new(
        node.Parts.Days, node.Parts.Accounts, _reviews, LookingAfterDays, asked => _around.Trace.Add($"{asked} accounts are billed without a reminder"),
        failure => Stopped("looking after days", failure));

    private async Task LookingAfterDays(Func<Task> look)
    {
        _looksAtDays++;
        try
        {
            await look();
        }
        finally
        {
            _looksAtDays--;
        }
    }

    private SimulatedState<T> State<T>(Node node, string name)
        where T : class, new() => new(name, _stores.States, node.Parts.Calls, Weather);

    private void Stopped(string what, Exception failure)
    {
        if (IsFault(failure)) _around.Trace.Add($"{what} stops: {failure.Message}");
        else Loop.Broke(what, failure);
    }
}
