using System.Collections.Immutable;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Local;
using IspBilling.Grains;
using IspBilling.Grains.Accounts;
using IspBilling.Grains.Imports;
using IspBilling.Grains.Reviews;
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
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.TestingHost;

namespace IspBilling.Cluster.Tests.Grains;

/// <summary>A provider whose accounts came from a single machine, now on three silos in this process with a database of their own.</summary>
internal sealed class ProviderCluster : IAsyncDisposable
{
    private const short Silos = 3;
    private readonly TestDatabase _database;

    private ProviderCluster(TestDatabase database, InProcessTestCluster cluster, IReadOnlyList<AccountId> clients)
    {
        (_database, Cluster, Clients) = (database, cluster, clients);
        Accounts = new ClusterAccounts(cluster.Client, TimeProvider.System);
        Runs = new PostgresBillingRunStore(database.Source);
        Imports = new PostgresStatementImportStore(database.Source);
        Booking = new ClusterBooking(cluster.Client, Imports, TimeProvider.System);
    }

    public InProcessTestCluster Cluster { get; }

    public IAccounts Accounts { get; }

    public PostgresBillingRunStore Runs { get; }

    public PostgresStatementImportStore Imports { get; }

    public ClusterBooking Booking { get; }

    public TestDatabase Database => _database;

    public IReadOnlyList<AccountId> Clients { get; }

    public static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    /// <param name="joined">The month from which the clients have services; nothing is billed yet.</param>
    /// <param name="prepare">What the single machine still does with them, on which date.</param>
    /// <param name="clock">Of the silos; the system's unless one is given.</param>
    public static async Task<ProviderCluster> Start(
        int clients, DateOnly joined, ReviewHours hours, Func<IAccounts, IReadOnlyList<AccountId>, Task>? prepare = null, DateOnly? preparedOn = null,
        IssuerBilling billing = IssuerBilling.ByRun, TimeProvider? clock = null)
    {
        var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        var settings = new SettingsStore(database.Source);
        await DemoSettings.Put(settings, CancellationToken.None);
        await settings.PutIssuer(DemoProvider.Issuer with { Billing = billing }, CancellationToken.None);
        var ids = await Seed(database, clients, joined, prepare, preparedOn ?? joined);
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseBillingStorage(database.Source).AddBilling(hours, TimeZoneInfo.Utc);
            AddEngine(silo.Services, database, clock ?? TimeProvider.System);
        });
        builder.ConfigureClient(client => client.Services.AddBillingContract());
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Error));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new ProviderCluster(database, cluster, ids);
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
            new RunId(Guid.NewGuid()), mode, through, RunFilter.Everyone, ComparedTo: null, "test", DateTimeOffset.UtcNow, FinishedAt: null,
            RunStatus.Running, default, RunCounts.None, Failure: null);
        await Runs.Create(run, CancellationToken.None);
        return run.Id;
    }

    public async Task<BillingRun> Ended(RunId run) => await Until(async () => await Runs.Find(run, CancellationToken.None) is { Status: not RunStatus.Running } ended ? ended : null);

    /// <summary>Stores the entries of a statement as read; they are booked by whoever looks first.</summary>
    public async Task<StatementImport> Stage(IReadOnlyCollection<StatementEntry> entries)
    {
        var import = new StatementImport(
            new ImportId(Guid.NewGuid()), "statement.gpc", "gpc", "test", DateTimeOffset.UtcNow, FinishedAt: null, ImportStatus.Reading, ImportCounts.None, [],
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

    private static void AddEngine(IServiceCollection services, TestDatabase database, TimeProvider clock)
    {
        services.AddSingleton(clock).AddSingleton(database.Source);
        // Business dates and reminders go by the clock given, membership and timeouts by the system's.
        services.AddKeyedSingleton(ReminderTimeProviderNames.Reminders, clock);
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
        var clock = new DayClock(preparedOn);
        await using var journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        await using var accounts = new LocalAccounts(journal, Context(database, clock), new LocalAccountsOptions());
        var directory = new ClientDirectory(database.Source);
        var seeding = new DemoSeeding(accounts, directory.GetOrCreateMany, DemoProvider.Tariffs.ToDictionary(tariff => tariff.Id, tariff => tariff.Id));
        var made = DemoClients.Generate(new DemoPopulation(clients, Seed: 7, joined, Plain: true)).ToList();
        await seeding.Push(made, progress: null, CancellationToken.None);
        var ids = await directory.GetOrCreateMany([.. made.Select(client => client.Reference)], CancellationToken.None);
        if (prepare is not null) await prepare(accounts, ids);
        return ids;
    }

    private sealed class DayClock(DateOnly day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
    }
}
