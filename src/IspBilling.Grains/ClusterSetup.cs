using System.Net;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains.Nodes;
using IspBilling.Grains.Placement;
using IspBilling.Grains.Reviews;
using IspBilling.Grains.Settings;
using IspBilling.Grains.Storage;
using IspBilling.Grains.Wire;
using IspBilling.Postgres.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace IspBilling.Grains;

/// <summary>
/// The silo of a node. The host brings the journal, the stores, the settings and the business clock.
/// </summary>
public static class ClusterSetup
{
    private const string Invariant = "Npgsql";

    /// <summary>Commands that may wait for one account; one that gets more is being flooded.</summary>
    private const int WaitingMax = 1_000;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);

    /// <summary>A node's place among the others, who find each other in the provider's own database.</summary>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, NpgsqlDataSource database, ClusterSettings settings)
    {
        silo.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.Cluster);
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = settings.Address;
            options.SiloPort = settings.Port;
            // Whoever asks the accounts is a node itself.
            options.GatewayPort = 0;
            options.SiloListeningEndpoint = settings.Listen ?? new IPEndPoint(settings.Address, settings.Port);
        });
        return silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, database));
    }

    /// <summary>Coordinators' cursors in the provider's own database.</summary>
    public static ISiloBuilder UseBillingStorage(this ISiloBuilder silo, NpgsqlDataSource database) => silo
        .AddAdoNetGrainStorage(ClusterStorage.Coordinators, options =>
            (options.Invariant, options.DataSource, options.GrainStorageSerializer) = (Invariant, database, new CoordinatorText()));

    /// <summary>How commands and replies travel; whoever talks to the accounts without being a node needs it as well.</summary>
    public static IServiceCollection AddBillingContract(this IServiceCollection services)
    {
        services.AddSerializer(serializer =>
            serializer.Configure(options => options.WellKnownTypeAliases[ContractCodec.Alias] = typeof(ContractCodec)));
        return services.AddSingleton<ContractCodec>()
            .AddSingleton<IGeneralizedCodec>(provider => provider.GetRequiredService<ContractCodec>())
            .AddSingleton<IGeneralizedCopier>(provider => provider.GetRequiredService<ContractCodec>())
            .AddSingleton<ITypeFilter>(provider => provider.GetRequiredService<ContractCodec>());
    }

    /// <summary>The accounts and their coordinators.</summary>
    /// <param name="zone">The provider's, in which the hours are told.</param>
    /// <param name="reminderRefresh">As <see cref="ClusterSettings.ReminderRefresh"/>; null for the usual.</param>
    public static ISiloBuilder AddBilling(this ISiloBuilder silo, ReviewHours hours, TimeZoneInfo zone, TimeSpan? reminderRefresh = null)
    {
        silo.AddReminders().Configure<ReminderOptions>(options =>
        {
            options.RefreshReminderListPeriod = reminderRefresh ?? ClusterSettings.DefaultReminderRefresh;
            // A reading that fails or comes late leaves the reminders of one period more.
            options.ReminderLoadingWindow = 2 * options.RefreshReminderListPeriod;
        });
        silo.AddPlacementDirector<AccountPlacement, AccountPlacementDirector>().AddPlacementDirector<ShardPlacement, ShardPlacementDirector>();
        silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = WaitingMax);
        silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = Idle);
        // A silo that died is found out in a few seconds, so that its accounts are soon alive again; one that hangs, too.
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = Probe;
            options.TableRefreshTimeout = 5 * Probe;
            options.IAmAliveTablePublishTimeout = 5 * Probe;
        });
        var services = silo.Services;
        KeepFrameworkOnMachineTime(services);
        services.AddBillingContract();
        services.AddSingleton(provider => new ReviewClock(
            provider.GetRequiredService<LiveContext>(), provider.GetRequiredService<TimeProvider>(), zone, hours));
        services.AddSingleton<INodes, GrainNodes>().AddSingleton<ActiveSilos>()
            .AddSingleton<IAccounts>(OnMachineTime<PatientAccounts>).AddSingleton<IStatementBooking>(OnMachineTime<CoordinatedBooking>)
            .AddSingleton<AccountPresence>().AddSingleton(VisitsOf).AddSingleton<ShardBooking>()
            .AddSingleton<IAccountBatches>(provider => new ShardedBatches(
                provider.GetRequiredService<INodes>(), TimeProvider.System, ShardHome.Shards))
            .AddSingleton<ISettingsAudience, ClusterAudience>().AddSingleton<SettingsMemories>().AddSingleton<SettingsPlace>();
        services.AddSingleton<PostgresBillingRunStore>()
            .AddSingleton<IBillingRunStore>(provider => provider.GetRequiredService<PostgresBillingRunStore>())
            .AddSingleton<IShardedRunStore>(provider => provider.GetRequiredService<PostgresBillingRunStore>())
            .AddSingleton<IDailyRunStore>(provider => provider.GetRequiredService<PostgresBillingRunStore>());
        services.AddSingleton<DailyRuns>().AddSingleton<AccountTurns>();
        services.AddSingleton<ReminderTable>().AddSingleton<IReminderTable>(provider => provider.GetRequiredService<ReminderTable>())
            .AddSingleton<IReminderStore>(provider => provider.GetRequiredService<ReminderTable>())
            .AddSingleton(provider => new ReminderQueue(provider.GetRequiredService<IReminderStore>(), TimeProvider.System, new ReminderQueueOptions()))
            .AddHostedService<ReminderWriting>();
        services.AddSingleton(provider => new BillingRunnerOptions { Courtesy = provider.GetRequiredService<Courtesy>() });
        services.TryAddSingleton(new Courtesy(TimeProvider.System));
        services.AddSingleton<RunPlaces>().AddSingleton(ToolsOf);
        return silo;
    }

    private static AccountVisits VisitsOf(IServiceProvider provider) => new(
        provider.GetRequiredService<IJournal>(), provider.GetRequiredService<IContextSource>(), provider.GetRequiredService<AccountPresence>(),
        provider.GetRequiredService<IAccounts>());

    private static RunTools ToolsOf(IServiceProvider provider) => new(
        provider.GetRequiredService<AccountVisits>(), provider.GetRequiredService<IBillingRunStore>(), provider.GetRequiredService<IShardedRunStore>(),
        provider.GetRequiredService<LiveContext>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<RunPlaces>(),
        provider.GetRequiredService<BillingRunnerOptions>());

    /// <summary>
    /// Membership, probes, timeouts and timers run on the machine's clock, so that a business clock which stands or jumps does not cost
    /// the cluster a member. Reminders fall due on business days: they follow the business clock.
    /// </summary>
    private static void KeepFrameworkOnMachineTime(IServiceCollection services) => services
        .AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System)
        .AddKeyedSingleton(ReminderTimeProviderNames.Reminders, (provider, _) => provider.GetRequiredService<TimeProvider>());

    /// <summary>For what waits and tries again: it is given the machine's clock instead of the business clock.</summary>
    private static T OnMachineTime<T>(IServiceProvider provider) => ActivatorUtilities.CreateInstance<T>(provider, TimeProvider.System);
}
