using System.Collections.Immutable;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Local;
using IspBilling.Postgres;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.LoadTests;

/// <summary>The whole engine on a server and a database of its own, as the api runs it, with durability on.</summary>
public sealed class LoadBed : IAsyncDisposable
{
    private const string DatabaseName = "load";
    private readonly EmbeddedPostgres _server;

    private LoadBed(EmbeddedPostgres server, NpgsqlDataSource database, BedClock clock, LiveContext context)
    {
        (_server, Database, Clock, Context) = (server, database, clock, context);
        Journal = new PostgresJournal(database, new PostgresJournalOptions());
        Accounts = new LocalAccounts(Journal, context, new LocalAccountsOptions());
        Clients = new ClientDirectory(database);
    }

    public NpgsqlDataSource Database { get; }

    /// <summary>For an engine beside the bed's own; the bed's own must then rest.</summary>
    public string ConnectionString => _server.ConnectionString(DatabaseName);

    public BedClock Clock { get; }

    public LiveContext Context { get; }

    public PostgresJournal Journal { get; }

    public LocalAccounts Accounts { get; }

    public ClientDirectory Clients { get; }

    public static async Task<LoadBed> Start(string directory, CancellationToken cancellation)
    {
        await EmbeddedPostgres.Remove(directory, cancellation);
        var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = directory }, cancellation);
        await server.EnsureDatabase(DatabaseName, cancellation);
        var database = BillingDatabase.Connect(server.ConnectionString(DatabaseName));
        await new Migrator(database, MigrationSet.OfProgram).Apply(cancellation);
        var settings = new ProviderSettings(
            TariffCatalogue.Of(1, DemoProvider.Tariffs),
            VatRates.Czech,
            ImmutableDictionary<IssuerId, Issuer>.Empty.Add(IssuerId.Default, DemoProvider.Issuer),
            DemoProvider.DunningPolicy,
            ProviderSettings.DefaultCorrectionHorizonMonths);
        var clock = new BedClock();
        return new LoadBed(server, database, clock, new LiveContext(clock, TimeZoneInfo.Utc, settings));
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
        await Accounts.DisposeAsync();
        await Journal.DisposeAsync();
        await Database.DisposeAsync();
        await _server.DisposeAsync();
    }
}
