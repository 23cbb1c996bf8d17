using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Hosting;
using IspBilling.Grains;
using IspBilling.Grains.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Postgres;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Cluster.Benchmarks;

/// <summary>Two silos in this process, and the mailboxes of a single machine, on a database of their own; a few accounts are awake.</summary>
internal sealed class TwoSilos : IAsyncDisposable
{
    private const string Name = "calls";

    /// <summary>Enough that silos have some each: shards are blocks of a few hundred ids.</summary>
    private const int Candidates = 4_096;

    private const int AwakePerSilo = 64;

    private static readonly AccountProfile Client = new(
        IssuerId.Default, "Jana Nováková", new PostalAddress("Dlouhá 12", "Brno", "602 00", "CZ"), CompanyNumber: null, VatNumber: null,
        "jana@example.org", "+420 777 123 456", "cs", DeliveryPreference.Email, SymbolPolicy.PerDocument, AccountSymbol: null,
        AllocationPolicy.NamedThenOldest, DueDays: 14);

    private readonly EmbeddedPostgres _server;
    private readonly NpgsqlDataSource _database;
    private readonly PostgresJournal _journal;
    private readonly List<BillingNode> _nodes = [];

    private TwoSilos(EmbeddedPostgres server, NpgsqlDataSource database, LiveContext context)
    {
        (_server, _database) = (server, database);
        _journal = new PostgresJournal(database, new PostgresJournalOptions());
    }

    /// <summary>As the first silo reaches them.</summary>
    public IAccounts Accounts => _nodes[0].Services.GetRequiredService<IAccounts>();

    /// <summary>Awake on the first silo.</summary>
    public ImmutableArray<AccountId> Here { get; private set; }

    /// <summary>Awake on the second.</summary>
    public ImmutableArray<AccountId> There { get; private set; }

    public static async Task<TwoSilos> Start()
    {
        var directory = Path.GetFullPath(Path.Combine(".data", "account-calls"));
        await EmbeddedPostgres.Remove(directory, CancellationToken.None);
        var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = directory, Temporary = true }, CancellationToken.None);
        await server.EnsureDatabase(Name, CancellationToken.None);
        var database = BillingDatabase.Connect(server.ConnectionString(Name));
        await new Migrator(database, MigrationSet.OfProgram).Apply(CancellationToken.None);
        var settings = new SettingsStore(database);
        await DemoSettings.Put(settings, DateTimeOffset.UnixEpoch, CancellationToken.None);
        var context = new LiveContext(TimeProvider.System, TimeZoneInfo.Utc, await settings.Load(CancellationToken.None));
        var bed = new TwoSilos(server, database, context);
        for (var number = 1; number <= 2; number++) bed._nodes.Add(await Node(server.ConnectionString(Name), Path.Combine(directory, $"{number}")));
        await bed.Wake();
        return bed;
    }

    /// <summary>The same each time, so that only the first is decided.</summary>
    public static Envelope Question(AccountId account) => new(
        CommandIds.Derive("benchmark", account.Value.ToString(CultureInfo.InvariantCulture)), new SetProfile(Client), Actor.System("benchmark"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await _journal.DisposeAsync();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static async Task<BillingNode> Node(string database, string directory) => await BillingNode.Start(
        new HostSettings { Database = database, Port = 0, Logs = LogForm.None, DataDirectory = directory, Cluster = "benchmark", KeyFile = Path.Combine(Path.GetDirectoryName(directory)!, "secrets.key") }, NodeRole.Front, CancellationToken.None);

    /// <summary>Finds out where accounts live by asking them.</summary>
    private async Task Wake()
    {
        var ids = await new ClientDirectory(_database).GetOrCreateMany([.. Enumerable.Range(0, Candidates).Select(i => $"B{i}")], CancellationToken.None);
        var grains = _nodes[0].Services.GetRequiredService<IGrainFactory>();
        var management = grains.GetGrain<IManagementGrain>(0);
        var self = _nodes[0].Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        var (here, there) = (new List<AccountId>(), new List<AccountId>());
        foreach (var id in ids)
        {
            if (here.Count >= AwakePerSilo && there.Count >= AwakePerSilo) break;
            await Accounts.Ask(id, Question(id), CancellationToken.None);
            var at = await management.GetActivationAddress(grains.GetGrain<IAccountGrain>(id.Value));
            (at?.Equals(self) == true ? here : there).Add(id);
        }

        if (here.Count < AwakePerSilo || there.Count < AwakePerSilo) throw new InvalidOperationException($"{here.Count} and {there.Count} accounts on the two silos");
        (Here, There) = ([.. here.Take(AwakePerSilo)], [.. there.Take(AwakePerSilo)]);
    }
}
