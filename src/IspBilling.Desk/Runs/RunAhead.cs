using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Postgres.Runs;

namespace IspBilling.Desk.Runs;

/// <summary>What a run issues, in figures that a person can check.</summary>
/// <param name="Documents">Credit notes among them.</param>
/// <param name="Sums">What they sum to, credit notes negative: one total for each currency, ordered by code.</param>
public sealed record RunFindings(long Documents, IReadOnlyList<MoneyTotal> Sums)
{
    public bool AreSameAs(RunFindings other) => Documents == other.Documents && Sums.ToHashSet().SetEquals(other.Sums);
}

/// <summary>What a preview says of a run far ahead.</summary>
/// <param name="Preview">The run that looked.</param>
/// <param name="Found">Null while the preview goes on.</param>
/// <param name="MayBegin">What it will issue is what was confirmed, or nothing.</param>
public sealed record LookAhead(RunId Preview, RunFindings? Found, bool MayBegin);

/// <summary>
/// Runs that would issue further ahead than anybody bills: a slip of the pen in the year sends every client years of invoices. They are
/// previewed first, and issued only for somebody who names what the preview found.
/// </summary>
public sealed class RunAhead(IBillingRunStore store, BillingRunReading reading, LiveContext contexts, TimeProvider clock, RunBell bell)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Shorter than callers usually wait for an answer.</summary>
    private static readonly TimeSpan PreviewWithin = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The shortest cycle is a calendar month: whatever is charged in advance for the next one falls due on its first day, and what comes
    /// later is of a cycle that has not begun.
    /// </summary>
    public bool NeedsConfirmation(BillingRun requested) =>
        requested.Mode == RunMode.Issue && requested.Through > CalendarMonth.Of(contexts.Today).Next.FirstDay;

    public async Task<LookAhead> Look(BillingRun requested, RunFindings? confirmed, CancellationToken cancellation)
    {
        var preview = await Preview(requested, attempt: confirmed is null ? 0 : 1, cancellation);
        if (preview.Status != RunStatus.Finished) return new LookAhead(preview.Id, Found: null, MayBegin: false);
        var found = await Found(preview, cancellation);
        return new LookAhead(preview.Id, found, found.Documents == 0 || confirmed?.AreSameAs(found) is true);
    }

    /// <summary>Its id follows from the request's, so that the same request again finds it.</summary>
    private async Task<BillingRun> Preview(BillingRun requested, int attempt, CancellationToken cancellation)
    {
        var preview = await store.Create(
            requested with { Id = new RunId(CommandIds.Derive("run-ahead", requested.Id.Value, attempt).Value), Mode = RunMode.Preview, ComparedTo = null },
            cancellation);
        bell.Ring();
        var began = clock.GetTimestamp();
        while (preview.Status == RunStatus.Running && clock.GetElapsedTime(began) < PreviewWithin)
        {
            await Task.Delay(BetweenLooks, clock, cancellation);
            preview = await store.Find(preview.Id, cancellation) ?? preview;
        }

        return preview;
    }

    private async Task<RunFindings> Found(BillingRun preview, CancellationToken cancellation)
    {
        var sums = await reading.Sums(preview.Id, cancellation);
        return new RunFindings(
            sums.Sum(sum => sum.Documents),
            MoneyTotal.ByCurrency(sums.Select(sum => new MoneyTotal(sum.TotalMinor, contexts.Settings.Issuers[sum.Issuer].Currency))));
    }
}
