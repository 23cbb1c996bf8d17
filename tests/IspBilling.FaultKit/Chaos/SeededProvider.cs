using IspBilling.Access.Rights;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>A provider with clients whose services all begin with this month.</summary>
public static class SeededProvider
{
    /// <summary>Days from issue to the first reminder.</summary>
    private static readonly int ReminderAfter = DemoClients.DueDays + DemoProvider.DunningPolicy.Steps[0].DaysOverdue;

    /// <returns>A key to the API, with every scope.</returns>
    public static Task<string> Put(NpgsqlDataSource database, int clients, int seed, CancellationToken cancellation) =>
        Put(database, clients, seed, TrialTime.Clock, MonthOf(TrialTime.Today), bill: false, cancellation);

    /// <summary>
    /// The same with services from the month before. Everybody was billed so many days ago that the first reminder is due today, and nobody
    /// has paid.
    /// </summary>
    public static Task<string> PutOverdue(NpgsqlDataSource database, int clients, int seed, CancellationToken cancellation) =>
        Put(database, clients, seed, new Noon(TrialTime.Today.AddDays(-ReminderAfter)), MonthOf(TrialTime.Today).AddMonths(-1), bill: true, cancellation);

    private static async Task<string> Put(
        NpgsqlDataSource database, int clients, int seed, TimeProvider clock, DateOnly since, bool bill, CancellationToken cancellation)
    {
        await new Migrator(database, MigrationSet.OfProgram).Apply(cancellation);
        var settings = new SettingsStore(database);
        var tariffs = await DemoSettings.Put(settings, clock.GetUtcNow(), cancellation);
        var context = new LiveContext(clock, TimeZoneInfo.Utc, await settings.Load(cancellation));
        await using var journal = new PostgresJournal(database, new PostgresJournalOptions());
        var accounts = new DirectAccounts(journal, context);
        await new DemoSeeding(accounts, new ClientDirectory(database).GetOrCreateMany, tariffs)
            .Push(DemoClients.Generate(new DemoPopulation(clients, seed, since, Plain: true)), progress: null, cancellation);
        if (bill) await Bill(since, accounts, new PostgresBillingRunStore(database), context, clock, cancellation);
        var (_, key) = await new ApiKeyStore(database).Create("faults", RightNames.All, Authorship.OfSystem("faults", clock.GetUtcNow()), cancellation);
        return key;
    }

    /// <summary>The first month that is billed.</summary>
    public static DateOnly MonthOf(DateOnly today) => new(today.Year, today.Month, 1);

    private static Task Bill(
        DateOnly through, IAccounts accounts, PostgresBillingRunStore runs, LiveContext context, TimeProvider clock, CancellationToken cancellation)
    {
        var run = new BillingRun(
            new RunId(Guid.NewGuid()), RunMode.Issue, through, RunFilter.Everyone, ComparedTo: null, Actor.System("faults"), clock.GetUtcNow(), FinishedAt: null,
            RunStatus.Running, default, RunCounts.None, Failure: null);
        return new BillingRunner(accounts, runs, context, clock, new BillingRunnerOptions()).Execute(run, progress: null, cancellation);
    }

    /// <summary>Stands still.</summary>
    private sealed class Noon(DateOnly day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
    }
}
