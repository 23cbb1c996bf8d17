using System.Collections.Immutable;
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

namespace IspBilling.Simulation.Tests.Coordination;

/// <summary>A provider on simulated nodes among which nothing goes wrong but what a test brings about; audited after every step.</summary>
internal sealed class SimulatedProvider : IProviderOnNodes
{
    private const ulong Seed = 7;
    private const long MaxSteps = 3_000_000;
    private static readonly TariffId Tariff = new(1);
    private static readonly PostalAddress Address = new("Dlouhá 1", "Brno", "60200", "CZ");

    private readonly Dice _dice = new(Seed);
    private readonly SimulatedClock _clock;
    private readonly Loop _loop;
    private readonly InMemoryJournal _journal;
    private readonly MemoryRunStore _runs;
    private readonly MemoryImportStore _imports;
    private readonly Auditor _auditor;
    private readonly Reminders _reminders = new();
    private readonly Cluster _cluster;

    private SimulatedProvider(DateOnly begun)
    {
        _clock = new SimulatedClock(begun);
        _clock.MoveTo(begun, new TimeOnly(8, 0));
        _loop = new Loop(_dice.Split(), _clock);
        var trace = new Trace(_clock);
        var books = new Books(Books.Post);
        var durable = new Queue<(AccountCommit, FinishedCommit)>();
        _journal = new InMemoryJournal
        {
            FillSalt = new Dice(Seed).Fill,
            Committed = (commit, finished) =>
            {
                books.Write(commit, finished);
                durable.Enqueue((commit, finished));
            },
        };
        (_runs, _imports) = (new MemoryRunStore(books), new MemoryImportStore(books));
        _auditor = new Auditor(_journal, durable, books, _imports, _runs, _clock, trace);
        _cluster = new Cluster(
            new ClusterStores(_journal, _runs, _imports, new MemoryReviewStore(books), new StoredStates(), _reminders),
            new Surroundings(_loop, new Calendar(_clock), _clock, _dice.Split(), new Weather(_dice.Split(), FaultPlan.Peace), _auditor, trace),
            new LiveContext(_clock, TimeZoneInfo.Utc, Settings), Sabotage.None, new ReviewHours(new TimeOnly(6, 0), new TimeOnly(7, 0)));
        (_loop.Broke, _loop.AfterStep) = (_auditor.Broke, _auditor.AfterStep);
        Accounts = new Callers(_cluster);
    }

    public DateOnly Today => _clock.Today;

    public IReadOnlyList<AccountId> Clients { get; private set; } = [];

    public IAccounts Accounts { get; }

    public IBillingRunStore Runs => _runs;

    public IStatementImportStore Imports => _imports;

    /// <summary>Clients join on a day; then what was prepared happens, and the test.</summary>
    public static void Live(int clients, DateOnly joined, Func<IProviderOnNodes, Task> test, Func<SimulatedProvider, Task> prepare)
    {
        var provider = new SimulatedProvider(joined);
        provider._loop.RunUntilEnded(
            async () =>
            {
                await provider.Join(clients);
                await prepare(provider);
                await test(provider);
            },
            MaxSteps);
    }

    public Task MoveTo(DateOnly day)
    {
        _clock.MoveTo(day, new TimeOnly(8, 0));
        return Task.CompletedTask;
    }

    /// <summary>Bills each client without a run.</summary>
    public Task BillAlone() => Task.WhenAll(Clients.Select(client => Accounts.Ask(client, _dice.Envelope(new Bill(Today, null, false), Actor.System("test")), CancellationToken.None).AsTask()));

    public void ForgetReminders() => _reminders.Clear();

    public async Task<RunId> Request(RunMode mode)
    {
        var run = new BillingRun(
            new RunId(_dice.NewGuid()), mode, Today, RunFilter.Everyone, null, Actor.System("test"), _clock.GetUtcNow(), null, RunStatus.Running, default, RunCounts.None, null);
        await _runs.Create(run, CancellationToken.None);
        return run.Id;
    }

    public async Task<BillingRun> Ended(RunId run)
    {
        while (true)
        {
            if (await _runs.Find(run, CancellationToken.None) is { Status: not RunStatus.Running } ended) return ended;
            await Attempt(() => _cluster.Continue(_cluster.AnyNode(), run, beside: false));
        }
    }

    public async Task<StatementImport> Stage(IReadOnlyCollection<StatementEntry> entries)
    {
        var import = new StatementImport(
            new ImportId(_dice.NewGuid()), "statement", "simulated", Actor.System("test"), _clock.GetUtcNow(), null, ImportStatus.Reading, ImportCounts.None, [], null);
        return await _imports.Stage(import, Items(), CancellationToken.None);

        async IAsyncEnumerable<StatementItem> Items()
        {
            await Wait();
            foreach (var entry in entries) yield return new StatementEntryRead(entry);
        }
    }

    public async Task<StatementImport> Booked(StatementImport staged)
    {
        while (true)
        {
            if (await _imports.Find(staged.Id, CancellationToken.None) is { Status: not ImportStatus.Matching } ended) return ended;
            await Attempt(() => new CoordinatedBooking(_cluster.AnyNode().Parts.Nodes, _imports, _clock).Match(staged, CancellationToken.None));
        }
    }

    public Task Wait() => _loop.Wait();

    public Task KillNode()
    {
        _cluster.Kill();
        return Task.CompletedTask;
    }

    public async Task UntilReminded(int steps)
    {
        while (await Steps() < steps) await Attempt(() => _cluster.CatchUp(_cluster.AnyNode()));
    }

    public Task<IReadOnlyList<(AccountId Account, VariableSymbol Symbol, Money Total)>> Invoices() =>
        Task.FromResult<IReadOnlyList<(AccountId, VariableSymbol, Money)>>(
        [
            .. from client in Clients
               from document in _journal.StateOf(client).Documents
               select (client, document.Symbol!.Value, document.Open),
        ]);

    public Task<long> Payments() => Task.FromResult(Clients.Sum(client => (long)_journal.StateOf(client).Payments.Length));

    public Task<long> Steps() => Task.FromResult(Clients.Sum(client => _journal.EntriesOf(client).LongCount(entry => entry.Name == "dunning-step-taken.v1")));

    public Task<IReadOnlyList<string>> Findings()
    {
        _auditor.LookAtAll(isQuiet: false);
        return Task.FromResult<IReadOnlyList<string>>([.. _auditor.Findings.Select(finding => finding.ToString())]);
    }

    private async Task Attempt(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (Cluster.IsFault(fault))
        {
            // A node died under it; the next attempt finds another one.
        }

        await Wait();
    }

    private async Task Join(int clients)
    {
        Clients = [.. Enumerable.Range(1, clients).Select(id => new AccountId(id))];
        await Task.WhenAll(Clients.Select(async client =>
        {
            await Accounts.Ask(client, _dice.Envelope(new SetProfile(Profile(client)), Actor.System("test")), CancellationToken.None);
            await Accounts.Ask(
                client,
                _dice.Envelope(new PutService("net", Today, null, Tariff, new Quantity(1000), BillingCycle.Monthly, BillingTiming.InAdvance, null), Actor.System("test")),
                CancellationToken.None);
        }));
    }

    private static AccountProfile Profile(AccountId client) => new(
        IssuerId.Default, $"Client {client}", Address, null, null, "client@example.org", null, "cs", DeliveryPreference.Email, SymbolPolicy.PerDocument, null,
        AllocationPolicy.NamedThenOldest, 14);

    private static ProviderSettings Settings { get; } = new(
        TariffCatalogue.Of(1, new Tariff(
            Tariff, "T1", "Tariff 1", ServiceKind.Internet, PriceMode.Gross, VatCategory.Standard,
            [new TariffVersion(AccountLimits.EarliestDate, Money.Czk(499))])),
        VatRates.Known,
        ImmutableDictionary<IssuerId, Issuer>.Empty.Add(IssuerId.Default, new Issuer(
            IssuerId.Default, 1, "Company", Address, "12345678", "CZ12345678", null, Currency.Czk,
            new IssuerBankAccount("19-2000145399/0800", "CZ6508000000192000145399", null), null, null, null)),
        new DunningPolicy("one", [new DunningStep("first", 5, [Money.Czk(100)], DunningActions.Email, 0)], ThankOnClearing: false),
        CorrectionHorizonMonths: 24);

    /// <summary>Callers outside, each at one of the nodes, who ask again what got lost with it.</summary>
    private sealed class Callers(Cluster cluster) : IAccounts
    {
        public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation) => cluster.Ask(account, envelope);
    }
}
