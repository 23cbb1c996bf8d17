using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains;
using IspBilling.Grains.Reviews;
using IspBilling.Hosting;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Traffic;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Reviews;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Orleans;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// One silo with a reminder for each of N accounts: what it holds in memory, what an hour costs, what a turn costs that bills, and what becomes
/// of a day on which no silo was up.
/// </summary>
/// <remarks>
/// Most of the reminders are of accounts that do not exist: their turns load nothing, find nothing to do and let the reminder go. Their turns
/// are spread over the usual hours. A few thousand accounts exist and bill, in a minute of the evening that is their own.
/// </remarks>
public sealed class ReminderScenario(int accounts, int seed) : IScenario
{
    private const int MostBilling = 3_000;

    /// <summary>Of the silo that is watched: two readings in a minute and a half.</summary>
    private static readonly TimeSpan WatchedRefresh = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WatchedMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly ReviewHours EveningMinute = new(new TimeOnly(21, 0, 30), new TimeOnly(21, 1, 30));

    private readonly ScenarioClock _clock = new();

    public string Name => "reminders";

    private int Billing => Math.Min(MostBilling, accounts);

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var day = bed.Context.Today;
        await BillScenario.Seed(bed, Billing, seed, report, cancellation);
        await HostOnBed.PutSettings(bed, cancellation);
        var settings = bed.Context.Settings;
        var contexts = new LiveContext(_clock, TimeZoneInfo.Utc, settings with
        {
            Issuers = settings.Issuers.SetItem(IssuerId.Default, settings.Issuers[IssuerId.Default] with { Billing = IssuerBilling.ByReminder }),
        });

        _clock.MoveTo(day, new TimeOnly(12, 0));
        await PutReminders(bed.Database, new ReviewClock(contexts, _clock, TimeZoneInfo.Utc, ReviewHours.Default), Billing + 1, accounts, report, cancellation);
        await bed.Settle(cancellation);
        report("watching a silo", 0, 2);
        var near = await Watch(bed, contexts, readAll: false, cancellation);
        report("watching a silo", 1, 2);
        var all = await Watch(bed, contexts, readAll: true, cancellation);
        report("watching a silo", 2, 2);

        _clock.MoveTo(day, new TimeOnly(21, 0));
        await PutReminders(bed.Database, new ReviewClock(contexts, _clock, TimeZoneInfo.Utc, EveningMinute), 1, Billing, report, cancellation);
        await bed.Settle(cancellation);
        var (turns, proof) = await TakeTurns(bed, contexts, day, report, cancellation);
        var missed = await MissTurns(bed, contexts, day, report, cancellation);
        return new Figures("turn that bills", Billing, turns,
        [
            ("reminders", accounts.ToString("#,0", CultureInfo.InvariantCulture)),
            .. near.Rows("what ticks soon is read"),
            .. all.Rows("everything is read and kept"),
            ("the day's run", proof),
            ("a day on which no silo was up", missed),
        ]);
    }

    /// <summary>What one silo holds and does at noon.</summary>
    private sealed record Watched(long ResidentBefore, long ResidentAfterFirst, long ResidentAfterNext, long HeapAfterNext, Cost Minute, Cost Reading, int Read)
    {
        private const int ReadingsPerHour = 4;

        public IEnumerable<(string, string)> Rows(string how)
        {
            yield return ($"{how}: rows a reading", Read.ToString("#,0", CultureInfo.InvariantCulture));
            yield return (
                $"{how}: resident memory more than before the silo, after its first reading and a later one",
                string.Create(CultureInfo.InvariantCulture, $"{Mebi(ResidentAfterFirst - ResidentBefore):#,0} and {Mebi(ResidentAfterNext - ResidentBefore):#,0} MiB; heap {Mebi(HeapAfterNext):#,0} MiB"));
            yield return (
                $"{how}: processor a reading, engine + PostgreSQL",
                string.Create(CultureInfo.InvariantCulture, $"{Reading.EngineCpu:0.00} + {Reading.PostgresCpu:0.00} s"));
            yield return (
                $"{how}: processor an hour with its turns, scaled from a minute, and {ReadingsPerHour} readings",
                string.Create(CultureInfo.InvariantCulture, $"{PerHour(Minute.EngineCpu, Reading.EngineCpu):0} + {PerHour(Minute.PostgresCpu, Reading.PostgresCpu):0} s"));
        }

        /// <summary>The watched minute has two readings, which an hour does not have sixty times.</summary>
        private static double PerHour(double minute, double reading) => (Math.Max(0, minute - (2 * reading)) * 60) + (ReadingsPerHour * reading);

        private static double Mebi(long bytes) => bytes / 1_048_576.0;
    }

    private async Task<Watched> Watch(LoadBed bed, LiveContext contexts, bool readAll, CancellationToken cancellation)
    {
        _clock.MoveTo(contexts.Today, new TimeOnly(12, 0));
        var before = Resident();
        using var silo = Silo(bed, contexts, ReviewHours.Default, WatchedRefresh, readAll);
        await silo.StartAsync(cancellation);
        await Task.Delay(WatchedRefresh / 2, cancellation);
        var first = Environment.WorkingSet;
        using var meter = new Meter(bed.Database);
        await meter.Start();
        await Task.Delay(WatchedMinute, cancellation);
        var minute = await meter.Stop();
        var next = Environment.WorkingSet;

        await meter.Start();
        var read = (await silo.Services.GetRequiredService<IReminderTable>().ReadRows(0, 0, cancellation)).Reminders.Count;
        var reading = await meter.Stop();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        await silo.StopAsync(cancellation);
        return new Watched(before, first, next, heap, minute, reading, read);
    }

    /// <summary>Every account that exists bills in its turn, within a minute.</summary>
    private async Task<(Cost Turns, string Proof)> TakeTurns(
        LoadBed bed, LiveContext contexts, DateOnly day, Action<string, double, double> report, CancellationToken cancellation)
    {
        using var silo = Silo(bed, contexts, EveningMinute, ClusterSettings.DefaultReminderRefresh, readAll: false);
        await silo.StartAsync(cancellation);
        var store = silo.Services.GetRequiredService<IBillingRunStore>();
        using var meter = new Meter(bed.Database);
        await meter.Start();
        await Until(async () => await store.Find(DailyRun.IdOf(IssuerId.Default, day), cancellation) is { } run && Reported(run).Counts.Issued == Billing, cancellation);
        var cost = await meter.Stop();
        await silo.StopAsync(cancellation);
        var open = (await store.Find(DailyRun.IdOf(IssuerId.Default, day), cancellation))!;
        return (cost, Told(open, await store.Prove(open, cancellation)));

        BillingRun Reported(BillingRun run)
        {
            report("turns", run.Counts.Issued, Billing);
            return run;
        }
    }

    /// <summary>The silo comes back in the night after everybody was due again.</summary>
    private async Task<string> MissTurns(LoadBed bed, LiveContext contexts, DateOnly day, Action<string, double, double> report, CancellationToken cancellation)
    {
        report("missed turns", 0, 1);
        var due = day.AddMonths(2);
        _clock.MoveTo(due, new TimeOnly(23, 0));
        var began = TimeProvider.System.GetTimestamp();
        using var silo = Silo(bed, contexts, EveningMinute, ClusterSettings.DefaultReminderRefresh, readAll: false);
        await silo.StartAsync(cancellation);
        var store = silo.Services.GetRequiredService<IBillingRunStore>();
        var id = DailyRun.IdOf(IssuerId.Default, due);
        await Until(async () => await store.Find(id, cancellation) is { TakesTurns: false }, cancellation);
        var took = TimeProvider.System.GetElapsedTime(began);
        // The run is finished when turns that could have been under way have ended.
        _clock.MoveTo(due, new TimeOnly(23, 15));
        await Until(async () => await store.Find(id, cancellation) is { Status: RunStatus.Finished }, cancellation);
        await silo.StopAsync(cancellation);
        var run = (await store.Find(id, cancellation))!;
        report("missed turns", 1, 1);
        var told = Told(run, await store.Prove(run, cancellation));
        return string.Create(CultureInfo.InvariantCulture, $"{told}, {took.TotalSeconds:0.0} s after the silo was started");
    }

    private static string Told(BillingRun run, CompletenessProof proof) => string.Create(
        CultureInfo.InvariantCulture, $"{run.Status}: {run.Counts.Issued:#,0} of {proof.Due:#,0} due billed, {proof.Missed.Count:#,0} missed, proof {(proof.IsComplete ? "complete" : "INCOMPLETE")}");

    private static async Task Until(Func<Task<bool>> isSo, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Limit);
        while (!await isSo()) await Task.Delay(Look, patience.Token);
    }

    private IHost Silo(LoadBed bed, LiveContext contexts, ReviewHours hours, TimeSpan refresh, bool readAll)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(_clock).AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, _clock);
        // The clock is set from one moment to the next; the cluster's heart goes by the system's.
        foreach (var area in new[]
        {
            TimeProviderNames.Membership, TimeProviderNames.SystemTimers, TimeProviderNames.Messaging, TimeProviderNames.Grains,
            TimeProviderNames.ActivationManagement, TimeProviderNames.GrainDirectory,
        })
        {
            services.AddKeyedSingleton(area, TimeProvider.System);
        }

        services.AddSingleton(bed.Database).AddSingleton<IJournal>(bed.Journal).AddSingleton(contexts).AddSingleton<IContextSource>(contexts);
        services.AddSingleton<SettingsStore>().AddSingleton<SettingsDesk>();
        services.AddSingleton<IStatementImportStore, PostgresStatementImportStore>().AddSingleton<IReviewStore, PostgresReviewStore>();
        services.AddSingleton(new StatementImporterOptions()).AddSingleton<StatementImporter>().AddSingleton<ClerkDesk>();
        builder.UseOrleans(silo =>
        {
            silo.JoinCluster(bed.Database, new ClusterSettings(System.Net.IPAddress.Loopback, FreePort.Next()))
                .UseBillingStorage(bed.Database).AddBilling(hours, TimeZoneInfo.Utc, refresh);
            if (readAll) silo.Services.Configure<ReminderOptions>(options => options.ReminderLoadingWindow = TimeSpan.FromHours(25));
        });
        services.AddClusterUpkeep();
        return builder.Build();
    }

    /// <summary>As the silo's own queue would write them, in bulk.</summary>
    private async Task PutReminders(
        NpgsqlDataSource database, ReviewClock reviews, int from, int to, Action<string, double, double> report, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY cluster_reminders (service_id, grain_id, name, grain_hash, start_at, period_ms) FROM STDIN (FORMAT binary)", cancellation);
        for (var id = from; id <= to; id++)
        {
            var grain = GrainId.Create(GrainType.Create("account"), GrainIdKeyExtensions.CreateIntegerKey(id));
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync("ispbilling", NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(grain.ToString(), NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync("review", NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(unchecked((int)grain.GetUniformHashCode()), NpgsqlDbType.Integer, cancellation);
            await copy.WriteAsync(reviews.NextSlot(new AccountId(id), now).UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync((long)TimeSpan.FromDays(1).TotalMilliseconds, NpgsqlDbType.Bigint, cancellation);
            if (id % 10_000 == 0) report("reminders", id, to);
        }

        await copy.CompleteAsync(cancellation);
        report("reminders", to, to);
    }

    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    /// <summary>Runs on from wherever it is set to.</summary>
    private sealed class ScenarioClock : TimeProvider
    {
        private DateTimeOffset _from;
        private long _since;

        public void MoveTo(DateOnly day, TimeOnly time) => (_from, _since) = (new DateTimeOffset(day, time, TimeSpan.Zero), System.GetTimestamp());

        public override DateTimeOffset GetUtcNow() => _from + System.GetElapsedTime(_since);
    }
}
