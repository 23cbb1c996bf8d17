using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Reviews;
using IspBilling.LoadTests.Measuring;
using IspBilling.Postgres.Reviews;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// The reviews of one day, on which three accounts in a hundred have a dunning step or a lapsed promise due and nobody else
/// anything; then the same day again, which must do nothing.
/// <code>
///   days before    44         35         28        24      19            5        1      the day
///   billed         one group  the next   the next  next    the last                      due 14 days later
///   reviewed                  ───────────── every day in between ─────────────────────   measured
///   promised                                                             the 24s, until the day before
/// </code>
/// </summary>
public sealed class ReviewScenario(int accounts, int seed) : IScenario
{
    /// <summary>Days since billing on which the policy's next step falls due on the measured day; 24 is held back by a promise.</summary>
    private static readonly int[] BilledBefore = [44, 35, 28, Promising, 19];

    private const int Promising = 24;
    private const int PromisedBefore = 5;

    /// <summary>Five groups of six in a thousand: three in a hundred.</summary>
    private const int GroupsInThousand = 6;

    private int GroupSize => Math.Max(1, accounts * GroupsInThousand / 1_000);

    public string Name => "review";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        bed.Clock.MoveOn(-BilledBefore[0]);
        await BillScenario.Seed(bed, accounts, seed, report, cancellation);
        var ids = await Accounts(bed, cancellation);
        var pump = new ReviewPump(bed.Accounts, new PostgresReviewStore(bed.Database), bed.Context);
        var targets = new WillingTargets(bed);
        await targets.SwitchOn(cancellation);
        await LetHistoryPass(bed, ids, pump, targets, report, cancellation);
        await bed.Settle(cancellation);

        report("reviewing", 0, 1);
        using var meter = new Meter(bed.Database);
        await meter.Start();
        var day = await pump.RunDay(cancellation);
        var cost = await meter.Stop();
        report("reviewing", 1, 1);

        var expected = GroupSize * BilledBefore.Length;
        if (day.Steps != expected || day.Failed != 0) throw new InvalidOperationException($"steps on {expected} accounts expected: {day}");
        var again = await Again(bed, pump, cancellation);
        return new Figures("review", day.Reviewed, cost,
        [
            ("accounts", accounts.ToString("#,0", CultureInfo.InvariantCulture)),
            ("the day", day.ToString()),
            ("the same day again", again),
        ]);
    }

    private async Task LetHistoryPass(
        LoadBed bed, IReadOnlyList<AccountId> ids, ReviewPump pump, WillingTargets targets, Action<string, double, double> report, CancellationToken cancellation)
    {
        for (var daysBefore = BilledBefore[0]; daysBefore > 0; daysBefore--)
        {
            report("days passing", BilledBefore[0] - daysBefore, BilledBefore[0]);
            var group = Array.IndexOf(BilledBefore, daysBefore);
            if (group >= 0) await Bill(bed, [.. ids.Skip(group * GroupSize).Take(GroupSize)], cancellation);
            if (daysBefore == PromisedBefore) await Promise(bed, ids.Skip(Array.IndexOf(BilledBefore, Promising) * GroupSize).Take(GroupSize), cancellation);
            // Whoever does not pay late is billed the day before: nothing of theirs is due.
            if (daysBefore == 1) await Bill(bed, [.. ids.Skip(BilledBefore.Length * GroupSize)], cancellation);
            await pump.RunDay(cancellation);
            await targets.Accept(cancellation);
            bed.Clock.MoveOn(1);
        }

        report("days passing", BilledBefore[0], BilledBefore[0]);
    }

    private static async Task Bill(LoadBed bed, AccountId[] ids, CancellationToken cancellation)
    {
        foreach (var page in ids.Chunk(RunFilter.MaxAccounts))
        {
            var run = await bed.Bill(new RunFilter(null, page), cancellation);
            if (run.Counts.Issued != page.Length) throw new InvalidOperationException($"{run.Counts.Issued} of {page.Length} accounts were billed");
        }
    }

    private static async Task Promise(LoadBed bed, IEnumerable<AccountId> ids, CancellationToken cancellation)
    {
        var promise = new PromiseToPay(bed.Context.Today.AddDays(PromisedBefore - 1));
        var replies = await Task.WhenAll(ids.Select(id => bed.Accounts.Ask(id, new(new CommandId(Guid.NewGuid()), promise, Actor.System("load test")), cancellation).AsTask()));
        if (replies.FirstOrDefault(reply => reply is not Done) is { } refused) throw new InvalidOperationException($"a promise was answered with {refused}");
    }

    /// <summary>The same day once more: no event, no message, nobody even asked.</summary>
    private static async Task<string> Again(LoadBed bed, ReviewPump pump, CancellationToken cancellation)
    {
        var before = await Written(bed, cancellation);
        var again = await pump.RunDay(cancellation);
        var after = await Written(bed, cancellation);
        if (again != ReviewSummary.None || before != after)
            throw new InvalidOperationException($"the same day again did something: {again}, {after.Events - before.Events} events, {after.Messages - before.Messages} messages");
        return "0 asked, 0 events, 0 messages";
    }

    private static async Task<(long Events, long Messages)> Written(LoadBed bed, CancellationToken cancellation)
    {
        await using var count = bed.Database.CreateCommand("SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM outbox)");
        count.CommandTimeout = 0;
        await using var row = await count.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static async Task<IReadOnlyList<AccountId>> Accounts(LoadBed bed, CancellationToken cancellation)
    {
        var ids = new List<AccountId>();
        await using var select = bed.Database.CreateCommand("SELECT id FROM accounts ORDER BY id");
        select.CommandTimeout = 0;
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) ids.Add(new AccountId(rows.GetInt64(0)));
        return ids;
    }
}
