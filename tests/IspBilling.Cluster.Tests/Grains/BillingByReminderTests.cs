using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Grains.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Grains.Reviews;
using IspBilling.Grains.Runs;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Cluster.Tests.Grains;

/// <summary>Days of a provider on three silos whose clock runs when the test says so, or from where it says.</summary>
public sealed class BillingByReminderTests
{
    private const int Clients = 12;
    private static readonly DateOnly Joined = new(2026, 3, 1);
    private static readonly DateTimeOffset Morning = new(Joined.AddDays(30), new TimeOnly(5, 0), TimeSpan.Zero);
    private static readonly DateTimeOffset Evening = Morning.AddHours(16);
    private readonly RunningClock _clock = new(Morning);

    [Fact]
    public async Task A_provider_as_it_is_issues_nothing_unasked_on_a_day_on_which_everybody_is_due()
    {
        await using var provider = await Start(IssuerBilling.ByRun);

        _clock.MoveTo(Morning.AddHours(6));
        foreach (var client in provider.Clients) await Tick(provider, client);
        await Look(provider);
        _clock.MoveTo(Evening);
        await Look(provider);
        foreach (var client in provider.Clients) await provider.Cluster.Client.GetGrain<IAccountGrain>(client.Value).CatchUp();
        _clock.MoveTo(Morning.AddDays(1));
        await Look(provider);

        Assert.Equal(0, await provider.Database.Scalar<long>("SELECT count(*) FROM documents"));
        Assert.Equal(0, await provider.Database.Scalar<long>("SELECT count(*) FROM billing_runs"));
        Assert.Equal(0, await provider.Database.Scalar<long>("SELECT count(*) FROM cluster_reminders"));
    }

    [Fact]
    public async Task By_reminder_a_day_forms_a_run_that_is_finished_and_proved_in_the_evening()
    {
        await using var provider = await Start(IssuerBilling.ByReminder);
        _clock.MoveTo(Morning.AddHours(6));

        foreach (var client in provider.Clients.Take(5)) await Tick(provider, client);
        var open = await provider.Runs.Find(Today, CancellationToken.None);
        Assert.Equal((RunStatus.Open, 5L), (open!.Status, open.Counts.Issued));

        _clock.MoveTo(Evening);
        await Look(provider);
        foreach (var client in provider.Clients) await Tick(provider, client);
        _clock.MoveTo(Evening.AddMinutes(15));
        await Look(provider);

        var run = (await provider.Runs.Find(Today, CancellationToken.None))!;
        Assert.Equal((RunStatus.Finished, "reminders", Clients, Clients), (run.Status, run.RequestedBy.Name, (int)run.Counts.Issued, (int)run.Counts.Documents));
        Assert.True((await provider.Runs.Prove(run, CancellationToken.None)).IsComplete);
        Assert.Equal(Clients, await provider.Database.Scalar<long>($"SELECT count(*) FROM documents WHERE run = '{Today}'"));
        Assert.Equal(Clients, await provider.Database.Scalar<long>("SELECT count(*) FROM documents"));
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task After_a_night_without_any_silo_the_first_look_bills_who_was_missed_and_the_day_is_over()
    {
        // The silos come to life on the day after everybody was due, before the turns begin.
        _clock.MoveTo(Morning.AddDays(1).AddHours(-4));
        await using var provider = await Start(IssuerBilling.ByReminder);
        await provider.Runs.Create(DailyRun.Of(IssuerId.Default, Joined.AddDays(30), Morning), CancellationToken.None);
        await provider.Cluster.Client.GetGrain<IDailyRunsGrain>(0).Look();

        await ProviderCluster.Until(async () =>
            await provider.Runs.Find(Today, CancellationToken.None) is { TakesTurns: false } closed ? closed : null);
        _clock.MoveTo(Morning.AddDays(1).AddHours(-3));
        await provider.Cluster.Client.GetGrain<IDailyRunsGrain>(0).Look();
        var run = await ProviderCluster.Until(async () =>
            await provider.Runs.Find(Today, CancellationToken.None) is { Status: RunStatus.Finished } ended ? ended : null);

        Assert.Equal(Clients, run.Counts.Issued);
        Assert.True((await provider.Runs.Prove(run, CancellationToken.None)).IsComplete);
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task Orleans_ticks_in_the_accounts_turn_and_nobody_else_asks()
    {
        // The turns are some seconds after the silos have started, and none of them counts as missed within the test.
        _clock.MoveTo(Morning.AddHours(1));
        await using var provider = await Start(IssuerBilling.ByReminder, new ReviewHours(new TimeOnly(6, 0), new TimeOnly(6, 0, 1)));
        _clock.MoveTo(Morning.AddHours(1).AddSeconds(-20));
        var client = await Join(provider);
        await ProviderCluster.Until(async () => await Reminders(provider) == 1 ? "set" : null);
        // A silo finds the reminders that were set since its last reading when it reads again, as one does that begins.
        await provider.Cluster.StartAdditionalSiloAsync();

        await ProviderCluster.Until(async () => await provider.Database.Scalar<long>($"SELECT count(*) FROM documents WHERE account_id = {client.Value}") > 0 ? "billed" : null);

        Assert.Equal(RunStatus.Open, (await provider.Runs.Find(Today, CancellationToken.None))!.Status);
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task A_reminder_is_set_when_a_client_joins_and_let_go_when_nothing_will_be_billed_any_more()
    {
        await using var provider = await Start(IssuerBilling.ByReminder);
        var client = await Join(provider);
        await ProviderCluster.Until(async () => await Reminders(provider) == 1 ? "set" : null);

        Assert.Equal(
            provider.Cluster.Client.GetGrain<IAccountGrain>(client.Value).GetGrainId().ToString(),
            await provider.Database.Scalar<string>("SELECT grain_id FROM cluster_reminders"));

        // Joining again on other terms, and other commands, set no second one.
        await Join(provider);
        await new SettingsDesk(new SettingsStore(provider.Database.Source), Service<LiveContext>(provider), [])
            .Change(store => store.PutIssuer(DemoProvider.Issuer with { Billing = IssuerBilling.ByRun }, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), default), default);
        foreach (var silo in provider.Cluster.Silos) await provider.Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<SettingsDesk>().Reload(default);
        await Tick(provider, client);

        await ProviderCluster.Until(async () => await Reminders(provider) == 0 ? "let go" : null);
    }

    private static RunId Today => DailyRun.IdOf(IssuerId.Default, Joined.AddDays(30));

    private Task<ProviderCluster> Start(IssuerBilling billing, ReviewHours? hours = null) =>
        ProviderCluster.Start(Clients, Joined, hours ?? ReviewHours.Default, billing: billing, clock: _clock);

    /// <summary>As Orleans does when the account's time has come.</summary>
    private async Task Tick(ProviderCluster provider, AccountId client)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        await provider.Cluster.Client.GetGrain<IAccountGrain>(client.Value).AsReference<IRemindable>()
            .ReceiveReminder(ReminderTable.AccountReminder, new TickStatus(now, TimeSpan.FromDays(1), now));
    }

    private static Task Look(ProviderCluster provider) =>
        Service<DailyRuns>(provider).Look(provider.Accounts, Service<ReviewClock>(provider), CancellationToken.None);

    private static T Service<T>(ProviderCluster provider) where T : notnull =>
        provider.Cluster.GetSiloServiceProvider(provider.Cluster.Silos[0].SiloAddress).GetRequiredService<T>();

    private static Task<long> Reminders(ProviderCluster provider) => provider.Database.Scalar<long>("SELECT count(*) FROM cluster_reminders");

    /// <summary>A client that the cluster itself takes in.</summary>
    private static async Task<AccountId> Join(ProviderCluster provider)
    {
        var ids = await new ClientDirectory(provider.Database.Source).GetOrCreateMany(["late-comer"], CancellationToken.None);
        var made = DemoClients.Generate(new DemoPopulation(1, Seed: 7, Joined, Plain: true)).Single();
        foreach (var command in made.Commands)
            Assert.IsNotType<Refused>(await provider.Accounts.Ask(ids[0], new Envelope(new CommandId(Guid.NewGuid()), command, Actor.System("test")), CancellationToken.None));
        return ids[0];
    }

    /// <summary>Runs on from wherever it is set to.</summary>
    private sealed class RunningClock(DateTimeOffset start) : TimeProvider
    {
        private DateTimeOffset _from = start;
        private long _since = System.GetTimestamp();

        public void MoveTo(DateTimeOffset now) => (_from, _since) = (now, System.GetTimestamp());

        public override DateTimeOffset GetUtcNow() => _from + System.GetElapsedTime(_since);
    }
}
