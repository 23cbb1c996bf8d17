using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Grains.Accounts;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Reviews;
using IspBilling.Postgres.Journal;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Cluster.Tests.Grains;

public sealed class ClusterTests
{
    private static readonly DateOnly ThisMonth = new(ProviderCluster.Today.Year, ProviderCluster.Today.Month, 1);

    /// <summary>Nobody is reminded within a test.</summary>
    private static readonly ReviewHours Quiet = new(new TimeOnly(0, 0), new TimeOnly(0, 1));

    [Fact]
    public async Task A_run_bills_every_account_once_on_all_silos_together()
    {
        await using var provider = await ProviderCluster.Start(900, ThisMonth, Quiet);

        var run = await provider.Bill(ProviderCluster.Today);
        var again = await provider.Bill(ProviderCluster.Today);

        Assert.Equal((RunStatus.Finished, 900L, 900L), (run.Status, run.Counts.Issued, run.Counts.Documents));
        Assert.True((await provider.Runs.Prove(run, CancellationToken.None)).IsComplete);
        Assert.Equal(0, again.Counts.Issued);
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task A_run_goes_on_where_it_was_when_a_silo_is_killed()
    {
        await using var provider = await ProviderCluster.Start(3_000, ThisMonth, Quiet);
        var request = await provider.Request(ProviderCluster.Today);
        await ProviderCluster.Until(async () => await provider.Runs.Find(request, CancellationToken.None) is { Counts.Accounts: > 0 } begun ? begun : null);

        await provider.Cluster.KillSiloAsync(provider.Cluster.Silos[1]);
        var run = await provider.Ended(request);

        Assert.Null(run.Failure);
        Assert.Equal((RunStatus.Finished, 3_000L, 3_000L), (run.Status, run.Counts.Issued, run.Counts.Documents));
        Assert.True((await provider.Runs.Prove(run, CancellationToken.None)).IsComplete);
        Assert.Equal(3_000, await provider.Database.Scalar<long>("SELECT count(*) FROM documents"));
        Assert.Equal(3_000, await provider.Database.Scalar<long>("SELECT max(sequence) FROM documents"));
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task Accounts_live_on_the_silo_that_their_shard_falls_to()
    {
        await using var provider = await ProviderCluster.Start(1_200, ThisMonth, Quiet);
        foreach (var client in provider.Clients) await provider.Accounts.Ask(client, Promise(client), CancellationToken.None);

        var homes = await Homes(provider);

        Assert.Equal(1_200, homes.Count);
        Assert.All(homes, home => Assert.Equal(provider.SiloOfShard(home.Shard), home.Silo));
    }

    [Fact]
    public async Task A_command_asked_again_is_answered_as_before_whoever_asks()
    {
        await using var provider = await ProviderCluster.Start(3, ThisMonth, Quiet);
        var envelope = new Envelope(new CommandId(Guid.NewGuid()), new Bill(ProviderCluster.Today, Run: null, PreviewOnly: false), Actor.System("test"));

        var first = Assert.IsType<Billed>(await provider.Accounts.Ask(provider.Clients[0], envelope, CancellationToken.None));
        var elsewhere = new PatientAccounts(provider.Cluster.GetSiloServiceProvider(provider.Cluster.Silos[2].SiloAddress).GetRequiredService<INodes>(), TimeProvider.System);
        var second = Assert.IsType<Billed>(await elsewhere.Ask(provider.Clients[0], envelope, CancellationToken.None));

        Assert.Equal(Assert.Single(first.Documents), Assert.Single(second.Documents));
        Assert.Equal(1, await provider.Database.Scalar<long>("SELECT count(*) FROM documents"));
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_loses_nothing_and_goes()
    {
        await using var provider = await ProviderCluster.Start(1, ThisMonth, Quiet);
        var client = provider.Clients[0];
        await provider.Accounts.Ask(client, Promise(client), CancellationToken.None);
        var grain = provider.Cluster.Client.GetGrain<IAccountGrain>(client.Value).GetGrainId();
        Assert.True(provider.Cluster.TryGetGrainContext(grain, out _));

        await WriteBehindItsBack(provider, client);
        var reply = await provider.Accounts.Ask(client, new Envelope(new CommandId(Guid.NewGuid()), new Bill(ProviderCluster.Today, null, false), Actor.System("test")), CancellationToken.None);

        Assert.IsType<Billed>(reply);
        await provider.Cluster.WaitForDeactivationAsync(grain).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task Commands_to_one_account_run_one_at_a_time()
    {
        await using var provider = await ProviderCluster.Start(1, ThisMonth, Quiet);
        var client = provider.Clients[0];

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => provider.Accounts.Ask(
            client,
            new Envelope(new CommandId(Guid.NewGuid()), new BookPayment($"e{i}", Money.Czk(100), ProviderCluster.Today, null, null, null, MatchRule.Clerk), Actor.System("test")),
            CancellationToken.None).AsTask()));

        Assert.Equal(Enumerable.Range(1, 60), replies.Cast<PaymentReceipt>().Select(receipt => receipt.Payment).Order());
        Assert.Empty(await provider.Findings());
    }

    private static Envelope Promise(AccountId client) =>
        new(CommandIds.Derive("promise", $"{client}"), new PromiseToPay(ProviderCluster.Today.AddDays(3)), Actor.System("test"));

    /// <summary>As an activation on the other side of a parted network would.</summary>
    private static async Task WriteBehindItsBack(ProviderCluster provider, AccountId client)
    {
        var contexts = provider.Cluster.GetSiloServiceProvider().GetRequiredService<IContextSource>();
        await using var journal = new PostgresJournal(provider.Database.Source, new PostgresJournalOptions());
        await new DirectAccounts(journal, contexts).Ask(
            client, new Envelope(new CommandId(Guid.NewGuid()), new SetDunningExemption(true, "a friend"), Actor.System("test")), CancellationToken.None);
    }

    private static async Task<List<(int Shard, SiloAddress Silo)>> Homes(ProviderCluster provider)
    {
        var management = provider.Cluster.Client.GetGrain<IManagementGrain>(0);
        var statistics = await management.GetDetailedGrainStatistics();
        return
        [
            .. from grain in statistics
               where grain.GrainType.Contains("AccountGrain", StringComparison.Ordinal)
               let account = new AccountId(grain.GrainId.GetIntegerKey())
               select (AccountShard.NumberOf(account, ShardHome.Shards), grain.SiloAddress),
        ];
    }
}
