using System.Collections.Immutable;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains;
using IspBilling.Grains.Nodes;
using IspBilling.Hosting;
using IspBilling.Grains.Placement;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Reviews;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace IspBilling.Cluster.Tests.Grains;

/// <summary>A provider whose accounts were there before the cluster was, on three silos in this process with a database of their own.</summary>
internal sealed class ProviderCluster : IAsyncDisposable
{
    private const short Silos = 3;
    private readonly TestDatabase _database;
    private readonly TimeProvider _clock;

    private ProviderCluster(TestDatabase database, InProcessTestCluster cluster, TimeProvider clock, IReadOnlyList<AccountId> clients)
    {
        (_database, Cluster, _clock, Clients) = (database, cluster, clock, clients);
        Accounts = new PatientAccounts(NodesOf(cluster), TimeProvider.System);
        Runs = new PostgresBillingRunStore(database.Source);
        Imports = new PostgresStatementImportStore(database.Source);
        Booking = new CoordinatedBooking(NodesOf(cluster), Imports, TimeProvider.System);
    }

    public InProcessTestCluster Cluster { get; }

    public IAccounts Accounts { get; }

    public PostgresBillingRunStore Runs { get; }

    public PostgresStatementImportStore Imports { get; }

    public CoordinatedBooking Booking { get; }

    public TestDatabase Database => _database;

    public IReadOnlyList<AccountId> Clients { get; }

    /// <summary>Where a shard lives among the silos that serve.</summary>
    public SiloAddress SiloOfShard(int shard) => SiloOf.Shard(shard, [.. Cluster.Silos.Select(silo => silo.SiloAddress)]);

    /// <summary>The business date of every test, unless it moves its clock on.</summary>
    public static DateOnly Today { get; } = new(2026, 3, 2);

    /// <summary>Tells the business date and drives the reminders: it stands at eight in the morning until a test moves it on.</summary>
    public FakeTimeProvider Clock => _clock as FakeTimeProvider ?? throw new InvalidOperationException("the test gave the cluster a clock of its own");

    /// <param name="joined">The month from which the clients have services; nothing is billed yet.</param>
    /// <param name="clock">The business clock of the silos; eight in the morning of <see cref="Today"/> unless one is given.</param>
    /// <param name="prepare">What happens to them before the cluster starts, on which date.</param>
    public static async Task<ProviderCluster> Start(
        int clients, DateOnly joined, ReviewHours hours, Func<IAccounts, IReadOnlyList<AccountId>, Task>? prepare = null, DateOnly? preparedOn = null,
        IssuerBilling billing = IssuerBilling.ByRun, TimeProvider? clock = null)
    {
        var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        var settings = new SettingsStore(database.Source);
        await DemoSettings.Put(settings, DateTimeOffset.UnixEpoch, CancellationToken.None);
        await settings.PutIssuer(DemoProvider.Issuer with { Billing = billing }, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), CancellationToken.None);
        var ids = await Seed(database, clients, joined, prepare, preparedOn ?? joined);
        clock ??= new FakeTimeProvider(new DateTimeOffset(Today, new TimeOnly(8, 0), TimeSpan.Zero));
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseBillingStorage(database.Source).AddBilling(hours, TimeZoneInfo.Utc);
            AddEngine(silo.Services, database, clock);
            silo.Services.AddClusterUpkeep();
        });
        builder.ConfigureClient(client => client.Services.AddBillingContract());
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Error));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new ProviderCluster(database, cluster, clock, ids);
    }

    /// <summary>Asks for a run and waits until it has ended.</summary>
    public async Task<BillingRun> Bill(DateOnly through, RunMode mode = RunMode.Issue)
    {
        var run = await Request(through, mode);
        return await Ended(run);
    }

    public async Task<RunId> Request(DateOnly through, RunMode mode = RunMode.Issue)
    {
        var run = new BillingRun(
            new RunId(Guid.NewGuid()), mode, through, RunFilter.Everyone, ComparedTo: null, Actor.System("test"), _clock.GetUtcNow(), FinishedAt: null,
            RunStatus.Running, default, RunCounts.None, Failure: null);
        await Runs.Create(run, CancellationToken.None);
        return run.Id;
    }

    public async Task<BillingRun> Ended(RunId run) => await Until(async () => await Runs.Find(run, CancellationToken.None) is { Status: not RunStatus.Running } ended ? ended : null);

    /// <summary>Stores the entries of a statement as read; they are booked by whoever looks first.</summary>
    public async Task<StatementImport> Stage(IReadOnlyCollection<StatementEntry> entries)
    {
        var import = new StatementImport(
            new ImportId(Guid.NewGuid()), "statement.gpc", "gpc", Actor.System("test"), _clock.GetUtcNow(), FinishedAt: null, ImportStatus.Reading, ImportCounts.None, [],
            Refusal: null);
        return await Imports.Stage(import, Items(), CancellationToken.None);

        async IAsyncEnumerable<StatementItem> Items()
        {
            await Task.Yield();
            foreach (var entry in entries) yield return new StatementEntryRead(entry);
        }
    }

    /// <summary>Has a statement booked and waits for its end.</summary>
    public async Task<StatementImport> Import(IReadOnlyCollection<StatementEntry> entries) => await Booking.Match(await Stage(entries), CancellationToken.None);

    public static async Task<T> Until<T>(Func<Task<T?>> look) where T : class
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (await look() is { } seen) return seen;
            await Task.Delay(50, patience.Token);
        }
    }

    public async Task<ImmutableArray<string>> Findings()
    {
        var report = await LedgerAudit.Run(_database.Source, progress: null, CancellationToken.None);
        return [.. report.Findings.Select(finding => finding.ToString())];
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static GrainNodes NodesOf(InProcessTestCluster cluster) => new(cluster.Client, new Courtesy(TimeProvider.System));

    private static void AddEngine(IServiceCollection services, TestDatabase database, TimeProvider clock)
    {
        services.AddSingleton(clock).AddSingleton(database.Source);
        services.AddSingleton<SettingsStore>().AddSingleton<SettingsDesk>();
        services.AddSingleton(Context(database, clock)).AddSingleton<IContextSource>(provider => provider.GetRequiredService<LiveContext>());
        services.AddSingleton<IJournal>(_ => new PostgresJournal(database.Source, new PostgresJournalOptions()));
        services.AddSingleton<IStatementImportStore, PostgresStatementImportStore>().AddSingleton<IReviewStore, PostgresReviewStore>();
        // Small pages, so that a short file has several.
        services.AddSingleton(new StatementImporterOptions { PageSize = 100 }).AddSingleton<StatementImporter>().AddSingleton<ClerkDesk>();
    }

    private static LiveContext Context(TestDatabase database, TimeProvider clock) =>
        new(clock, TimeZoneInfo.Utc, new SettingsStore(database.Source).Load(CancellationToken.None).GetAwaiter().GetResult());

    private static async Task<IReadOnlyList<AccountId>> Seed(
        TestDatabase database, int clients, DateOnly joined, Func<IAccounts, IReadOnlyList<AccountId>, Task>? prepare, DateOnly preparedOn)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(preparedOn, new TimeOnly(12, 0), TimeSpan.Zero));
        await using var journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        var accounts = new DirectAccounts(journal, Context(database, clock));
        var directory = new ClientDirectory(database.Source);
        var seeding = new DemoSeeding(accounts, directory.GetOrCreateMany, DemoProvider.Tariffs.ToDictionary(tariff => tariff.Id, tariff => tariff.Id));
        var made = DemoClients.Generate(new DemoPopulation(clients, Seed: 7, joined, Plain: true)).ToList();
        await seeding.Push(made, progress: null, CancellationToken.None);
        var ids = await directory.GetOrCreateMany([.. made.Select(client => client.Reference)], CancellationToken.None);
        if (prepare is not null) await prepare(accounts, ids);
        return ids;
    }
}
