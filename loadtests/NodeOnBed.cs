using System.Net;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains;
using IspBilling.Grains.Imports;
using IspBilling.Hosting;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans;

namespace IspBilling.LoadTests;

/// <summary>
/// A node in this process, on the bed's database, journal and context. Its cluster is its own, so that a node started beside it does not share
/// its accounts, and it reviews nobody unless the scenario does.
/// </summary>
internal sealed class NodeOnBed : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly IHost _host;

    private NodeOnBed(IHost host)
    {
        _host = host;
        Accounts = new Visited(host.Services.GetRequiredService<IAccountBatches>());
    }

    /// <summary>For scenarios that ask many accounts a few questions each.</summary>
    public IAccounts Accounts { get; }

    public IStatementBooking Booking => _host.Services.GetRequiredService<IStatementBooking>();

    public static async Task<NodeOnBed> Start(NpgsqlDataSource database, IJournal journal, LiveContext context, CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var services = builder.Services;
        // Given as they are, because the bed disposes of them. A scenario moves the business date, not the cluster's clock.
        services.AddSingleton(TimeProvider.System).AddSingleton(database).AddSingleton(journal);
        services.AddSingleton(context).AddSingleton<IContextSource>(context);
        services.AddSingleton<SettingsStore>().AddSingleton<SettingsDesk>();
        services.AddSingleton<IStatementImportStore, PostgresStatementImportStore>().AddSingleton<IReviewStore, NothingDue>();
        services.AddSingleton(new StatementImporterOptions()).AddSingleton<StatementImporter>().AddSingleton<ClerkDesk>();
        var place = new ClusterSettings(IPAddress.Loopback, FreePort.Next()) { Cluster = "load" };
        builder.UseOrleans(silo => silo.JoinCluster(database, place).UseBillingStorage(database).AddBilling(ReviewHours.Default, TimeZoneInfo.Utc));
        services.AddClusterUpkeep();
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new NodeOnBed(host);
    }

    /// <remarks>As a front does for a clerk: the run is stored, the bell is rung, and the stored run is looked at until it has ended.</remarks>
    public async Task<BillingRun> Bill(BillingRun run, Action<BillingRun>? progress, CancellationToken cancellation)
    {
        var store = _host.Services.GetRequiredService<PostgresBillingRunStore>();
        await store.Create(run, cancellation);
        _host.Services.GetRequiredService<RunBell>().Ring();
        while (true)
        {
            var now = await store.Find(run.Id, cancellation) ?? throw new InvalidOperationException($"run {run.Id} is gone");
            progress?.Invoke(now);
            if (now.Status == RunStatus.Failed) throw new InvalidOperationException(now.Failure);
            if (now.Status == RunStatus.Finished) return now;
            await Task.Delay(Poll, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
    }

    /// <summary>Asks accounts the way coordinators do, which wakes none of them.</summary>
    private sealed class Visited(IAccountBatches batches) : IAccounts
    {
        public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation) =>
            (await batches.AskAll([new AccountBatch(account, [envelope])], cancellation))[0][0];
    }

    private sealed class NothingDue : IReviewStore
    {
        public ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation) => new([]);
    }
}
