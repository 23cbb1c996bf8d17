using System.Net;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains.Accounts;
using IspBilling.Grains.Imports;
using IspBilling.Grains.Placement;
using IspBilling.Grains.Reviews;
using IspBilling.Grains.Runs;
using IspBilling.Grains.Settings;
using IspBilling.Grains.Wire;
using IspBilling.Postgres.Runs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace IspBilling.Grains;

/// <summary>
/// Puts a node together. The process brings the journal, the stores, the context and the clock, as it does on one machine.
/// </summary>
public static class ClusterSetup
{
    private const string Invariant = "Npgsql";

    /// <summary>Commands that may wait for one account, as on one machine.</summary>
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
            options.SiloListeningEndpoint = new IPEndPoint(settings.Address, settings.Port);
        });
        return silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, database));
    }

    /// <summary>Coordinators' cursors in the provider's own database.</summary>
    public static ISiloBuilder UseBillingStorage(this ISiloBuilder silo, NpgsqlDataSource database) => silo
        .AddAdoNetGrainStorage(ClusterStorage.Coordinators, options => (options.Invariant, options.DataSource) = (Invariant, database));

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
        services.AddBillingContract();
        services.AddSingleton(provider => new ReviewClock(
            provider.GetRequiredService<LiveContext>(), provider.GetRequiredService<TimeProvider>(), zone, hours));
        services.AddSingleton<ClusterAccounts>().AddSingleton<AccountPresence>().AddSingleton<AccountVisits>()
            .AddSingleton<IAccounts>(provider => provider.GetRequiredService<ClusterAccounts>()).AddSingleton<IStatementBooking, ClusterBooking>()
            .AddSingleton<IAccountBatches, ShardedBatches>()
            .AddSingleton<ISettingsAudience, ClusterAudience>();
        services.AddSingleton<PostgresBillingRunStore>()
            .AddSingleton<IBillingRunStore>(provider => provider.GetRequiredService<PostgresBillingRunStore>())
            .AddSingleton<IShardedRunStore>(provider => provider.GetRequiredService<PostgresBillingRunStore>())
            .AddSingleton<IDailyRunStore>(provider => provider.GetRequiredService<PostgresBillingRunStore>());
        services.AddSingleton<DailyRuns>().AddSingleton<AccountTurns>();
        services.AddSingleton<ReminderTable>().AddSingleton<IReminderTable>(provider => provider.GetRequiredService<ReminderTable>())
            .AddSingleton<IReminderStore>(provider => provider.GetRequiredService<ReminderTable>())
            .AddSingleton(provider => new ReminderQueue(
                provider.GetRequiredService<IReminderStore>(), provider.GetRequiredService<TimeProvider>(), new ReminderQueueOptions()))
            .AddHostedService<ReminderWriting>();
        // Two shards at once have as many accounts in hand as a whole run on one machine.
        services.AddSingleton(provider => new BillingRunnerOptions { Courtesy = provider.GetService<Courtesy>() });
        services.AddSingleton<RunPlaces>().AddHostedService<ClusterUpkeep>();
        return silo;
    }
}
