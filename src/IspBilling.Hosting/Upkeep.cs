using IspBilling.Access.Ring;
using IspBilling.Banking.FioPulling;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Outgoing;
using IspBilling.Grains;
using IspBilling.Hosting.Background;
using IspBilling.Http.Statements;
using IspBilling.Outreach.Print;
using IspBilling.Outreach.Sms;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Figures;
using IspBilling.Postgres.Settings;
using IspBilling.Postgres.Terms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting;

/// <summary>
/// All that a node does without being asked. Intervals run on the system's clock: a test that stands still in business time still has a
/// cluster that lives.
/// </summary>
public static class Upkeep
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Reload = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Fold = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Terms = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forget = TimeSpan.FromHours(6);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pull = TimeSpan.FromMinutes(10);

    /// <summary>Of the log, while the clients of an earlier release are read; a multiple of a portion.</summary>
    private const int ClientsBetweenLines = 10_000;

    private static readonly TimeSpan IdempotencyKeysKept = TimeSpan.FromDays(30);
    private static readonly TimeSpan SessionsKept = TimeSpan.FromDays(90);

    /// <summary>
    /// What every node does for the cluster: whoever looks first has unfinished work go on. Add it after the silo, which it needs.
    /// A <see cref="RunBell"/> makes a requested run begin without waiting for the next look.
    /// </summary>
    public static IServiceCollection AddClusterUpkeep(this IServiceCollection services)
    {
        services.AddSingleton<ClusterUpkeep>();
        services.AddSingleton<RunBell>().AddSingleton<IHostedService>(provider =>
        {
            var look = Work(provider, Look, Cluster(provider).ContinueRuns, "Billing runs that are not finished are looked for again.");
            provider.GetRequiredService<RunBell>().Connect(look.Ring);
            return look;
        });
        services.AddPeriodicWork(Look, provider => Cluster(provider).ContinueImports, "Statements that are not booked to their end are looked for again.");
        services.AddPeriodicWork(CatchUp, provider => _ => Cluster(provider).CatchUpMissedTurns(), "Accounts whose reminder did not come are looked for again.");
        services.AddPeriodicWork(CatchUp, provider => _ => Cluster(provider).CompleteDailyRuns(), "Runs of accounts that bill in their turns are not completed yet.");
        services.AddPeriodicWork(CatchUp, provider => _ => Cluster(provider).ResumeAssignments(), "Assignments that were cut short are not completed yet, and suspense is not looked at again.");
        return services;
    }

    /// <summary>What a node does for itself, and a front for the interface.</summary>
    internal static void AddNodeUpkeep(this IServiceCollection services, NodeRole role)
    {
        services.AddHostedService<DatabaseWatch>();
        services.AddPeriodicWork(Reload, provider => provider.GetRequiredService<SettingsDesk>().Reload, "The settings cannot be read; those known stay in force.");
        if (role == NodeRole.Worker) return;
        services.AddPeriodicWork(
            CatchUp, provider => provider.GetRequiredService<DeliveryReports>().Tell, "Accounts are not told yet what became of their messages.");
        services.AddPeriodicWork(
            CatchUp, provider => provider.GetRequiredService<MailReturnReports>().Tell, "Accounts are not told yet which of their mails came back.");
        services.AddPeriodicWork(CatchUp, provider => provider.GetRequiredService<SmsPolling>().Poll, "The gateway for short messages is not asked what became of them.");
        services.AddPeriodicWork(
            CatchUp, provider => cancellation => provider.GetRequiredService<PrintDesk>().Resume(cancellation), "Batches of letters that were cut short are not gone on with yet.");
        services.AddPeriodicWork(
            Fold, provider => provider.GetRequiredService<FigureFolding>().Fold, "The figures are not folded; reports are right all the same, only slower.");
        services.AddPeriodicWork(
            Terms, WriteTerms, "Clients that an earlier release wrote are not all found by a search yet.");
        services.AddPeriodicWork(Forget, ForgetIdempotencyKeys, "Idempotency keys that nobody repeats any more are still there.");
        services.AddPeriodicWork(Forget, ForgetSessions, "Sessions that were over long ago are still there.");
        services.AddPeriodicWork(Forget, provider => provider.GetRequiredService<KeyRing>().Renew, "The key ring has no successor for its last key yet.");
    }

    /// <summary>Statements that nobody uploads: of a folder on this machine, and of accounts at Fio. Each is set on one front of a cluster.</summary>
    internal static void AddStatementSources(this IServiceCollection services, HostSettings settings)
    {
        if (settings.StatementFolder is { } folder)
        {
            services.AddPeriodicWork(
                Sweep,
                provider => new WatchedFolder(folder, provider.GetRequiredService<StatementIntake>(), provider.GetRequiredService<ILogger<WatchedFolder>>()).Sweep,
                "The statements in the watched folder are not taken in yet.");
        }

        foreach (var file in settings.FioTokenFiles)
            AddFio(Path.GetFileName(file), $"whose token is in {file}", _ => _ => Task.FromResult(FioToken.FromFile(file)));
        foreach (var secret in settings.FioSecrets)
            AddFio(secret.Replace('/', '-'), $"whose token is the secret {secret}", provider => cancellation => TokenIn(provider.GetRequiredService<SecretStore>(), secret, cancellation));

        void AddFio(string name, string which, Func<IServiceProvider, Func<CancellationToken, Task<FioToken>>> token) => services.AddPeriodicWork(
            Pull,
            provider => new FioSource(
                token(provider), name, Path.Combine(settings.DataDirectory, "fio"), new FioApiOptions { Address = settings.FioAddress }, settings.FioSince,
                provider.GetRequiredService<StatementIntake>(), provider.GetRequiredService<ILogger<FioSource>>()).Pull,
            $"The account at Fio {which} is not asked.");
    }

    private static async Task<FioToken> TokenIn(SecretStore secrets, string name, CancellationToken cancellation) =>
        FioToken.Parse(await secrets.Find(name, cancellation) ?? throw new FioTokenException($"The secret {name} is not entered yet: PUT /v1/secrets/{name.Replace("/", "%2F", StringComparison.Ordinal)}."))
            ?? throw new FioTokenException($"The secret {name} is no token of Fio.");

    private static Func<CancellationToken, Task> WriteTerms(IServiceProvider provider)
    {
        var log = provider.GetRequiredService<ILogger<TermFilling>>();
        return cancellation => provider.GetRequiredService<TermFilling>().Fill(
            progress =>
            {
                if (progress.Left == 0 || progress.Written % ClientsBetweenLines == 0)
                    log.LogInformation("Terms for the search: {Written} clients written, {Left} left.", progress.Written, progress.Left);
            },
            cancellation);
    }

    private static Func<CancellationToken, Task> ForgetIdempotencyKeys(IServiceProvider provider) => cancellation =>
        provider.GetRequiredService<IdempotencyStore>().Forget(provider.GetRequiredService<TimeProvider>().GetUtcNow() - IdempotencyKeysKept, cancellation);

    private static Func<CancellationToken, Task> ForgetSessions(IServiceProvider provider) => cancellation =>
        provider.GetRequiredService<SessionStore>().Forget(provider.GetRequiredService<TimeProvider>().GetUtcNow() - SessionsKept, cancellation);

    /// <summary>Not by <c>AddHostedService</c>, which takes one of a type.</summary>
    private static void AddPeriodicWork(
        this IServiceCollection services, TimeSpan every, Func<IServiceProvider, Func<CancellationToken, Task>> work, string whenItFails) =>
        services.AddSingleton<IHostedService>(provider => Work(provider, every, work(provider), whenItFails));

    private static PeriodicWork Work(IServiceProvider provider, TimeSpan every, Func<CancellationToken, Task> work, string whenItFails) =>
        new(every, work, whenItFails, TimeProvider.System, provider.GetRequiredService<ILogger<PeriodicWork>>());

    private static ClusterUpkeep Cluster(IServiceProvider provider) => provider.GetRequiredService<ClusterUpkeep>();
}
