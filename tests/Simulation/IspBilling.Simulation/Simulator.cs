using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Auditing;
using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Hosting;
using IspBilling.Simulation.Running;
using IspBilling.Simulation.Storage;
using IspBilling.Simulation.Workload;

namespace IspBilling.Simulation;

/// <summary>
/// One seed: a provider's life in a hostile world, on one thread and in virtual time. Faults stop in the end, and then everything
/// has to come out as if there had been none.
/// </summary>
public sealed partial class Simulator
{
    private const long MaxSteps = 30_000_000;
    private const int MaxJobAttempts = 3_000;

    /// <summary>Looks at a run until it has ended.</summary>
    private const int MaxLooks = 30_000;

    /// <summary>Between looks at the runs of days.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(5);

    /// <summary>Within this time a look walks through all accounts at least once, whatever was walked through before.</summary>
    private static readonly TimeSpan WalksWithin = TimeSpan.FromMinutes(70);

    /// <summary>Far enough apart that a few accounts are in several blocks, and so in several shards.</summary>
    private const int BetweenIds = 100;

    private static readonly DateOnly Beginning = new(2026, 1, 5);

    /// <summary>Turns come before the day's work begins, so that all of them have passed then.</summary>
    private static readonly ReviewHours Hours = new(new TimeOnly(6, 0), new TimeOnly(7, 0));

    private static readonly Actor Clerk = new(ActorKind.Person, "1", "clerk");

    private readonly ulong _seed;
    private readonly Dice _dice;
    private readonly WorldSize _size;
    private readonly SimulatedClock _clock = new(Beginning);
    private readonly Calendar _calendar;
    private readonly Loop _loop;
    private readonly Trace _trace;
    private readonly Weather _weather;
    private readonly Provider _provider;
    private readonly LiveContext _contexts;
    private readonly InMemoryJournal _journal;
    private readonly Books _books;
    private readonly MemoryRunStore _runs;
    private readonly MemoryImportStore _imports;
    private readonly MemoryReviewStore _reviews;
    private readonly IReviewStore _reviewsSeen;
    private readonly IStatementImportStore _importsSeen;
    private readonly Auditor _auditor;
    private readonly Cluster _cluster;
    private readonly Clients _clients;
    private readonly BankAccount _bank;
    private readonly List<AccountId> _joined = [];
    private readonly HashSet<Movement> _listed = new(ReferenceEqualityComparer.Instance);
    private DateOnly _importedUpTo = Beginning;
    private int _looksAgain;

    private Simulator(ulong seed, Sabotage sabotage, Action<string> listener)
    {
        _seed = seed;
        _dice = new Dice(seed);
        _size = WorldSize.Drawn(_dice);
        _calendar = new Calendar(_clock);
        _loop = new Loop(_dice.Split(), _clock);
        _trace = new Trace(_clock) { Listener = listener };
        _weather = new Weather(_dice.Split(), FaultPlan.Drawn(_dice));
        _provider = new Provider(_dice.Split());
        _contexts = new LiveContext(_clock, TimeZoneInfo.Utc, _provider.Settings);

        var books = _books = new Books(sabotage.Post);
        (_runs, _imports, _reviews) = (new MemoryRunStore(books), new MemoryImportStore(books), new MemoryReviewStore(books));
        _importsSeen = sabotage.Wrap(_imports);
        _reviewsSeen = sabotage.Wrap(_reviews);
        var durable = new Queue<(AccountCommit, FinishedCommit)>();
        _journal = new InMemoryJournal
        {
            // Of the seed, and of no other dice: salts change nothing that happens.
            FillSalt = new Dice(seed).Fill,
            Committed = (commit, finished) =>
            {
                books.Write(commit, finished);
                durable.Enqueue((commit, finished));
            },
        };
        _auditor = new Auditor(_journal, durable, books, _imports, _runs, _clock, _trace);
        _cluster = new Cluster(
            new ClusterStores(sabotage.Wrap(_journal), _runs, _importsSeen, _reviewsSeen, new StoredStates(), new Reminders()),
            new Surroundings(_loop, _calendar, _clock, _dice.Split(), _weather, _auditor, _trace),
            _contexts, sabotage, Hours);
        _clients = new Clients(_cluster, _auditor, _provider, _journal.StateOf, _loop, _calendar, _clock, _dice.Split(), _weather);
        _bank = new BankAccount(_dice.Split());
        (_loop.Broke, _loop.BeforeWaking) = (_auditor.Broke, _cluster.Weathering);
        _loop.AfterStep = () =>
        {
            _auditor.AfterStep();
            if (_auditor.Findings.Count > 0) throw new AuditFailedException();
        };
    }

    /// <summary>Simulates one seed to its end, or to the first step after which the auditor finds something.</summary>
    /// <param name="listener">Is told every line of the trace.</param>
    public static SimulationResult Run(ulong seed, Sabotage? sabotage = null, Action<string>? listener = null) =>
        new Simulator(seed, sabotage ?? Sabotage.None, listener ?? (static _ => { })).Run();

    private SimulationResult Run()
    {
        try
        {
            _loop.RunUntilEnded(Live, MaxSteps);
        }
        catch (AuditFailedException)
        {
            // The findings say it all.
        }
        catch (Exception failure)
        {
            _auditor.Broke("the simulation", failure);
        }

        var last = _trace.Last;
        foreach (var account in _journal.Accounts) _trace.Add(Convert.ToHexString(_journal.EntriesOf(account)[^1].Hash.AsSpan()));
        return new SimulationResult(
            _seed, _size.ToString(), _auditor.Findings, last, _trace.Hash, _weather.Counts, _auditor.Commits, _loop.Steps);
    }

    private async Task Live()
    {
        for (var day = 0; day < _size.Days; day++)
        {
            if (_weather.Strikes(Fault.EngineDown, _weather.Plan.EngineDown)) day += _dice.Between(1, 20);
            await LiveDay(Beginning.AddDays(day));
            if (day % 30 == 29) _auditor.LookAtAll(isQuiet: false);
        }

        await Converge();
    }

    private async Task LiveDay(DateOnly day)
    {
        // Now and then people work on till after midnight, and always on the night of a billing run.
        var isLate = _weather.Strikes(_weather.Plan.LateDay);
        _clock.MoveTo(day, isLate ? new TimeOnly(23, _dice.Between(57, 59), _dice.Between(0, 59)) : new TimeOnly(8, 0));
        _calendar.DayBegins();
        Join(day);
        if (_dice.Chance(0.01)) _contexts.Replace(_provider.ChangePrice(_clock.Today));
        if (_dice.Chance(0.004)) _contexts.Replace(_provider.ChangeBilling());
        if (_dice.Chance(_size.PolicyChanges))
        {
            _contexts.Replace(_provider.ChangePolicy());
            _looksAgain = 2;
        }

        // A second time a day later, because what was decided under the policy before may have become durable in between.
        if (_looksAgain-- > 0) _books.LookAgain();
        foreach (var account in _joined)
        {
            if (_dice.Chance(0.03)) _clients.Act(account);
            _clients.Post(account);
            if (_dice.Chance(0.08)) Pay(day, account);
            else PayLate(day, account);
            if (_dice.Chance(0.02)) Refund(day, account);
        }

        _bank.OtherMovements(day);
        if (_dice.Chance(0.04)) _cluster.LetGoOfIdle();
        var jobs = new List<Task> { _cluster.Remind() };
        if (_dice.Chance(0.5)) jobs.Add(CatchUp());
        if (_dice.Chance(0.5)) jobs.Add(Attempt("runs of days", LookAfterDays));
        if (_dice.Chance(0.2)) jobs.Add(Review());
        if (day.Day == 1 || isLate || _dice.Chance(0.04)) jobs.Add(Bill(RunMode.Issue, _dice.Chance(0.8) ? _clock.Today : _clock.Today.AddDays(_dice.Between(-15, 15))));
        if (_dice.Chance(0.01)) jobs.Add(Bill(RunMode.Preview, _clock.Today.AddDays(_dice.Between(0, 30))));
        if (_dice.Chance(0.25)) jobs.Add(ImportUpTo(day));
        if (_dice.Chance(0.15)) jobs.Add(WorkAtDesk());
        if (_dice.Chance(0.3)) jobs.Add(LookAtDesk());
        await Task.WhenAll(jobs);
    }

    private void Join(DateOnly day)
    {
        // Most are there from the beginning, the others come one by one.
        var expected = Math.Min(_size.Accounts, (_size.Accounts / 2) + 1 + (day.DayNumber - Beginning.DayNumber) / 5);
        while (_joined.Count < expected)
        {
            _joined.Add(new AccountId((_joined.Count * BetweenIds) + 1));
            _clients.Join(_joined[^1]);
        }
    }

    private void Pay(DateOnly day, AccountId account)
    {
        var payer = _journal.StateOf(account);
        var open = payer.Documents.Where(document => document.Kind == DocumentKind.Invoice && document.Open.IsPositive).ToList();
        if (open.Count > 0) _bank.Pay(day, payer, _dice.Pick(open), _journal.StateOf(_dice.Pick(_joined)));
    }

    /// <summary>Every third client pays each invoice as late as ever, and always in full.</summary>
    private void PayLate(DateOnly day, AccountId account)
    {
        if (account.Value / BetweenIds % 3 != 0) return;
        var late = 3 + (int)(account.Value / BetweenIds % 29);
        var payer = _journal.StateOf(account);
        if (payer.Documents.FirstOrDefault(document => document.Kind == DocumentKind.Invoice && document.Open.IsPositive && document.DueOn.AddDays(late) == day) is { } invoice)
            _bank.PayInFull(day, payer, invoice);
    }

    private void Refund(DateOnly day, AccountId account)
    {
        var payee = _journal.StateOf(account);
        var credit = payee.Payments.Sum(Currency.Czk, payment => payment.Unallocated);
        if (credit.IsPositive) _bank.Refund(day, payee, credit);
    }

    // ------------------------------------------------------------------ jobs

    /// <summary>A host that asks whoever is due, once a day.</summary>
    private Task Review() => Finish("review", async node =>
    {
        await new ReviewPump(node.Parts.Accounts, new FaultyReviewStore(_reviewsSeen, node.Parts.Calls), _contexts).RunDay(CancellationToken.None);
    });

    /// <summary>Whoever missed a reminder is asked.</summary>
    private Task CatchUp() => Finish("missed turns", _cluster.CatchUp);

    private Task LookAfterDays(Node from) => _cluster.CompleteDays(from, beside: _weather.Strikes(Fault.RunTwice, _weather.Plan.RunTwice));

    /// <summary>The day's turns are over: looks, with some time between them, until the runs of all days have ended.</summary>
    private async Task CompleteDays()
    {
        var began = _clock.GetUtcNow();
        for (var look = 1; look <= MaxLooks; look++)
        {
            await Attempt("runs of days", LookAfterDays);
            do await _loop.Wait();
            while (_cluster.LooksAfterDays);
            if (_clock.GetUtcNow() > began + WalksWithin && _runs.Runs.All(run => run.Status != RunStatus.Open)) return;
            _clock.Advance(BetweenLooks);
        }

        _auditor.Complain(Check.Convergence, null, $"runs of days did not end in {MaxLooks} looks");
    }

    private async Task Bill(RunMode mode, DateOnly through)
    {
        var filter = _dice.Chance(0.9) ? RunFilter.Everyone : new RunFilter(_dice.Pick([IssuerId.Default, Provider.OtherCompany]), null);
        var requested = NewRun(mode, through, filter);
        _trace.Add($"{mode} through {through:yyyy-MM-dd}");
        await Finish("request", async node => await node.Parts.Runs.Runs.Create(requested, CancellationToken.None));
        await Coordinate(requested.Id);
    }

    /// <summary>One node or another looks for unfinished runs and has this one go on, until it has ended. A run that failed is resumed.</summary>
    private async Task<BillingRun> Coordinate(RunId id)
    {
        for (var look = 1; look <= MaxLooks; look++)
        {
            if (await _runs.Find(id, CancellationToken.None) is { Status: RunStatus.Finished } finished)
            {
                _auditor.LookAtRuns();
                return finished;
            }

            await Attempt("billing run", node => _cluster.Continue(node, id, beside: _weather.Strikes(Fault.RunTwice, _weather.Plan.RunTwice)));
            await _loop.Wait();
        }

        throw new InvalidOperationException($"run {id.Value:N} did not end in {MaxLooks} looks");
    }

    private BillingRun NewRun(RunMode mode, DateOnly through, RunFilter filter) => new(
        new RunId(_dice.NewGuid()), mode, through, filter, null, Clerk, _clock.GetUtcNow(), null, RunStatus.Running, default, RunCounts.None, null);

    /// <summary>Everything since the last file, and some of what it held; sometimes the whole file once more.</summary>
    private async Task ImportUpTo(DateOnly day)
    {
        var from = _importedUpTo.AddDays(-_dice.Below(4));
        _importedUpTo = day;
        var movements = _bank.Of(from, day);
        if (_weather.Strikes(Fault.BrokenFile, _weather.Plan.BrokenFile)) await Import(from, day, breaksOff: true);
        _auditor.FileTaken(movements.Where(_listed.Add));
        await Import(from, day, breaksOff: false);
        if (_dice.Chance(0.1)) await Import(from, day, breaksOff: false);
    }

    private Task Import(DateOnly from, DateOnly to, bool breaksOff)
    {
        var import = new StatementImport(
            new ImportId(_dice.NewGuid()), "statement", "simulated", Clerk, _clock.GetUtcNow(), null, ImportStatus.Reading, ImportCounts.None, [], null);
        _trace.Add($"file of {_bank.Of(from, to).Count} movements{(breaksOff ? ", broken" : "")}");
        return Finish("import", async node =>
        {
            try
            {
                var staged = await node.Parts.Imports.Stage(import, _bank.File(from, to, _loop.Wait, breaksOff), CancellationToken.None);
                await Book(node, staged);
            }
            catch (StatementFormatException) when (breaksOff)
            {
                // Refused, as it should be.
            }
        });
    }

    private Task Book(Node node, StatementImport staged) =>
        new CoordinatedBooking(node.Parts.Nodes, node.Parts.Imports, _clock).Match(staged, CancellationToken.None);

    /// <summary>Has a job done, in one process after another, until it ends without a fault.</summary>
    private async Task Finish(string job, Func<Node, Task> work)
    {
        for (var attempt = 1; attempt <= MaxJobAttempts; attempt++)
        {
            if (await Attempt(job, work)) return;
            await _loop.Wait();
        }

        _auditor.Complain(Check.Convergence, null, $"{job} did not end in {MaxJobAttempts} attempts");
    }

    private async Task<bool> Attempt(string job, Func<Node, Task> work)
    {
        try
        {
            await work(_cluster.AnyNode());
            return true;
        }
        catch (Exception fault) when (Cluster.IsFault(fault))
        {
            _trace.Add($"{job}: {fault.Message}");
            return false;
        }
    }

    private sealed class AuditFailedException : Exception;
}
