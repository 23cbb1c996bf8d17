using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Runs;

/// <summary>Runs as people look at them: clients by reference, money with its currency. Pages are ordered by account.</summary>
public sealed class RunViews(
    IBillingRunStore store, BillingRunReading reading, TotalsByCurrency totals, ClientDirectory directory, LiveContext contexts)
{
    public async Task<RunView> Of(BillingRun run, CancellationToken cancellation) => (await Of([run], cancellation))[0];

    /// <summary>Runs, the youngest first.</summary>
    /// <param name="before">Only runs older than this one; null for the first page.</param>
    public async Task<IReadOnlyList<RunView>> List(RunId? before, int max, CancellationToken cancellation) =>
        await Of(await reading.List(before, max, cancellation), cancellation);

    /// <summary>Null when there is no such run, like all that follow.</summary>
    public async Task<RunView?> Find(RunId id, CancellationToken cancellation) =>
        await store.Find(id, cancellation) is { } run ? await Of(run, cancellation) : null;

    public async Task<ProofView?> Proof(RunId id, CancellationToken cancellation)
    {
        if (await store.Find(id, cancellation) is not { } run) return null;
        var proof = await store.Prove(run, cancellation);
        var names = await directory.ReferencesOf([.. proof.Missed, .. proof.Unrecorded, .. proof.Exceptions.Select(item => item.Account)], cancellation);
        var currencies = await RunCurrencies.Of(run, proof.Exceptions.Select(item => item.Account), totals, contexts, cancellation);
        var counts = proof.Counts;
        return new ProofView(
            proof.IsComplete, proof.Due, counts.Issued, counts.NothingToBill, counts.Skipped, counts.Parked,
            [.. proof.Missed.Select(account => names[account])],
            [.. proof.Unrecorded.Select(account => names[account])],
            [.. proof.Exceptions.Select(item => Item(item, names, currencies))]);
    }

    /// <param name="outcome">Only accounts that ended so; null for all.</param>
    public async Task<IReadOnlyList<RunItemView>?> Items(RunId id, RunOutcome? outcome, AccountId after, int max, CancellationToken cancellation)
    {
        if (await store.Find(id, cancellation) is not { } run) return null;
        return await Rows(run, await reading.Items(id, outcome, after, max, cancellation), item => item.Account, Item, cancellation);
    }

    public async Task<IReadOnlyList<RunDifferenceView>?> Differences(RunId id, AccountId after, int max, CancellationToken cancellation)
    {
        if (await store.Find(id, cancellation) is not { } run) return null;
        return await Rows(run, await reading.Differences(id, after, max, cancellation), row => row.Account, Difference, cancellation);
    }

    public async Task<IReadOnlyList<RunDeviationView>?> Deviations(RunId id, AccountId after, int max, CancellationToken cancellation)
    {
        if (await store.Find(id, cancellation) is not { } run) return null;
        return await Rows(run, await reading.Deviations(id, after, max, cancellation), row => row.Account, Deviation, cancellation);
    }

    private async Task<IReadOnlyList<RunView>> Of(IReadOnlyList<BillingRun> runs, CancellationToken cancellation)
    {
        RunId[] mixed = [.. runs.Where(run => RunCurrencies.OfAll(run, contexts) is null).Select(run => run.Id)];
        var sums = mixed.Length == 0 ? null : await totals.OfRuns(mixed, cancellation);
        return [.. runs.Select(run => View(run, sums?[run.Id] ?? []))];
    }

    /// <param name="sums">Of a run whose issuers differ in currency, by issuer.</param>
    private RunView View(BillingRun run, IEnumerable<(IssuerId Issuer, long Total)> sums)
    {
        MoneyTotal? total = RunCurrencies.OfAll(run, contexts) is { } currency ? new MoneyTotal(run.Counts.TotalMinor, currency) : null;
        return new RunView(
            run.Id.Value, run.Mode, run.Status, run.Through, run.Filter.Issuer?.Value, run.Filter.Accounts?.Count, run.ComparedTo?.Value, run.RequestedBy,
            run.StartedAt, run.Status == RunStatus.Open ? null : run.FinishedAt, run.Counts.Accounts, run.Counts.Issued, run.Counts.NothingToBill,
            run.Counts.Skipped, run.Counts.Parked, run.Counts.Documents, total,
            total is { } one ? [one] : MoneyTotal.ByCurrency(sums.Select(sum => new MoneyTotal(sum.Total, contexts.Settings.Issuers[sum.Issuer].Currency))),
            run.Failure);
    }

    private async Task<IReadOnlyList<TView>> Rows<TRow, TView>(
        BillingRun run, IReadOnlyList<TRow> rows, Func<TRow, AccountId> account, Func<TRow, IReadOnlyDictionary<AccountId, string>, RunCurrencies, TView> view,
        CancellationToken cancellation)
    {
        AccountId[] accounts = [.. rows.Select(account)];
        var names = await directory.ReferencesOf(accounts, cancellation);
        var currencies = await RunCurrencies.Of(run, accounts, totals, contexts, cancellation);
        return [.. rows.Select(row => view(row, names, currencies))];
    }

    private static RunItemView Item(RunItem item, IReadOnlyDictionary<AccountId, string> names, RunCurrencies currencies) => new(
        names[item.Account], item.Account.Value, item.Outcome, item.Documents,
        item.Documents > 0 ? currencies.Of(item.Account, item.TotalMinor) : null, currencies.Of(item.Account, item.PreviousTotalMinor), item.Detail);

    private static RunDifferenceView Difference(RunDifference row, IReadOnlyDictionary<AccountId, string> names, RunCurrencies currencies) =>
        new(names[row.Account], row.Account.Value, row.Kind, currencies.Of(row.Account, row.BeforeMinor), currencies.Of(row.Account, row.NowMinor));

    private static RunDeviationView Deviation(RunDeviation row, IReadOnlyDictionary<AccountId, string> names, RunCurrencies currencies) => new(
        names[row.Account], row.Account.Value, row.Previewed, currencies.Of(row.Account, row.PreviewedMinor), row.Issued, currencies.Of(row.Account, row.IssuedMinor));
}
