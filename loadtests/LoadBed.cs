using System.Collections.Immutable;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.LoadTests;

/// <summary>A node on a server and a database of its own, with durability on.</summary>
public sealed class LoadBed : IAsyncDisposable
{
    public const int IssuersMax = 4;
    private const string DatabaseName = "load";

    /// <summary>More than one, for scenarios that divide their accounts; the others have none.</summary>
    public static readonly ImmutableArray<Issuer> Issuers =
        [.. Enumerable.Range(1, IssuersMax).Select(number => DemoProvider.Issuer with { Id = new IssuerId(number) })];

    private readonly EmbeddedPostgres _server;
    private NodeOnBed? _host;

    private LoadBed(EmbeddedPostgres server, NpgsqlDataSource database, BedClock clock, LiveContext context)
    {
        (_server, Database, Clock, Context) = (server, database, clock, context);
        Journal = new PostgresJournal(database, new PostgresJournalOptions());
        Clients = new ClientDirectory(database);
    }

    public NpgsqlDataSource Database { get; }

    /// <summary>For nodes beside the bed's own, which must then <see cref="Rest"/>.</summary>
    public string ConnectionString => _server.ConnectionString(DatabaseName);

    public BedClock Clock { get; }

    public LiveContext Context { get; }

    public PostgresJournal Journal { get; }

    public IAccounts Accounts => Host.Accounts;

    public IStatementBooking Booking => Host.Booking;

    public ClientDirectory Clients { get; }

    private NodeOnBed Host => _host ?? throw new InvalidOperationException("the bed's own node rests");

    public static async Task<LoadBed> Start(string directory, CancellationToken cancellation)
    {
        await EmbeddedPostgres.Remove(directory, cancellation);
        var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = directory }, cancellation);
        await server.EnsureDatabase(DatabaseName, cancellation);
        var database = BillingDatabase.Connect(server.ConnectionString(DatabaseName));
        await new Migrator(database, MigrationSet.OfProgram).Apply(cancellation);
        var settings = new ProviderSettings(
            TariffCatalogue.Of(1, DemoProvider.Tariffs),
            VatRates.Known,
            Issuers.ToImmutableDictionary(issuer => issuer.Id),
            DemoProvider.DunningPolicy,
            ProviderSettings.DefaultCorrectionHorizonMonths);
        var clock = new BedClock();
        var bed = new LoadBed(server, database, clock, new LiveContext(clock, TimeZoneInfo.Utc, settings));
        bed._host = await NodeOnBed.Start(database, bed.Journal, bed.Context, cancellation);
        return bed;
    }

    /// <summary>Bills everybody of the filter through the business date, or through another one.</summary>
    public Task<BillingRun> Bill(
        RunFilter filter, CancellationToken cancellation, RunMode mode = RunMode.Issue, DateOnly? through = null, Action<BillingRun>? progress = null) =>
        Host.Bill(
            new BillingRun(
                new RunId(Guid.NewGuid()), mode, through ?? Context.Today, filter, ComparedTo: null, Actor.System("load test"), Clock.GetUtcNow(),
                FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null),
            progress, cancellation);

    /// <summary>Stops the bed's own node for good; others may work on its database from now on.</summary>
    public async Task Rest()
    {
        if (_host is { } host) await host.DisposeAsync();
        _host = null;
    }

    /// <summary>Starts measuring from a settled database: what seeding left to write is written, statistics are fresh.</summary>
    public async Task Settle(CancellationToken cancellation)
    {
        foreach (var statement in new[] { "VACUUM (ANALYZE)", "CHECKPOINT" })
        {
            await using var settle = Database.CreateCommand(statement);
            settle.CommandTimeout = 0;
            await settle.ExecuteNonQueryAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Rest();
        await Journal.DisposeAsync();
        await Database.DisposeAsync();
        await _server.DisposeAsync();
    }
}
