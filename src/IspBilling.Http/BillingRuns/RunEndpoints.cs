using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.BillingRuns;

/// <summary>The month in one step: preview, look, issue, prove.</summary>
internal static class RunEndpoints
{
    /// <summary>Runs that may wait; a caller with more has a loop.</summary>
    private const int WaitingMax = 20;

    public static void MapBillingRuns(this RouteGroupBuilder v1)
    {
        var runs = v1.MapGroup("/billing-runs").WithTags("Billing runs").RequireScope(Scopes.Billing);
        runs.MapPost("", Start).Named("startBillingRun", "Previews or issues everything due through a day, in the background; an issue beyond the first day of next month needs confirm")
            .Answers<RunView>(202).MayFail(400, 404, 409, 422);
        runs.MapGet("", List).Named("listBillingRuns", "Runs, the youngest first").Answers<Page<RunView>>(200).MayFail(400);
        runs.MapGet("/{id:guid}", Progress).Named("getBillingRun", "How far a run has come").Answers<RunView>(200).MayFail(404);
        runs.MapGet("/{id:guid}/proof", Proof)
            .Named("proveBillingRun", "Due = issued + nothing to bill + skipped + parked, account by account").Answers<ProofView>(200).MayFail(404);
        runs.MapGet("/{id:guid}/items", Items).Named("listBillingRunItems", "How each account ended").Answers<Page<RunItemView>>(200).MayFail(400, 404);
        runs.MapGet("/{id:guid}/differences", Differences)
            .Named("listBillingRunDifferences", "Accounts billed differently from their last period").Answers<Page<RunDifferenceView>>(200).MayFail(400, 404);
        runs.MapGet("/{id:guid}/deviations", Deviations)
            .Named("listBillingRunDeviations", "Where an issue is not what its preview showed").Answers<Page<RunDeviationView>>(200).MayFail(400, 404);
    }

    private static async Task<IResult> Start(
        RunRequest request, HttpContext http, IBillingRunStore store, ClientDirectory directory, LiveContext contexts, TimeProvider clock,
        TotalsByCurrency totals, RunBell bell, BillingRunReading reading, CancellationToken cancellation)
    {
        var faults = new Faults();
        request.Check(faults);
        if (request.Issuer is { } issuer && !contexts.Settings.Issuers.ContainsKey(new IssuerId(issuer))) faults.Add("issuer", $"issuer {issuer} does not exist");
        if (request.ComparedTo is { } preview && await store.Find(new RunId(preview), cancellation) is not { Mode: RunMode.Preview })
            faults.Add("comparedTo", "no preview has this id");
        var accounts = await Accounts(request, directory, faults, cancellation);
        if (faults.Any) return faults.Problem();
        if (request.Mode == RunMode.Issue && Sample(request, contexts) is { } sample) return sample;

        var identity = CommandIdentity.Of(http);
        var id = new RunId(identity.Id);
        if (await store.Find(id, cancellation) is null && (await store.Unfinished(cancellation)).Count >= WaitingMax)
            return Problem.Of(StatusCodes.Status409Conflict, "too-many-runs", "Too many billing runs wait.", $"At most {WaitingMax} wait at a time.");

        var requested = new BillingRun(
            id, request.Mode, request.Through,
            new RunFilter(request.Issuer is { } of ? new IssuerId(of) : null, accounts),
            request.ComparedTo is { } compared ? new RunId(compared) : null,
            identity.By, clock.GetUtcNow(), FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null);
        var ahead = new RunAhead(store, reading, contexts, clock, bell);
        if (ahead.NeedsConfirmation(requested) && await store.Find(id, cancellation) is null
            && await ahead.Objection(requested, request.Confirm, cancellation) is { } objection)
        {
            return objection;
        }

        var run = await store.Create(requested, cancellation);
        bell.Ring();
        return TypedResults.Accepted($"/v1/billing-runs/{run.Id}", await View(run, totals, contexts, cancellation));
    }

    /// <summary>A run that could only be refused client by client is refused here. Of several issuers, the sample's clients are skipped.</summary>
    private static IResult? Sample(RunRequest request, LiveContext contexts)
    {
        var issuers = contexts.Settings.Issuers.Values.Where(issuer => request.Issuer is null || issuer.Id.Value == request.Issuer).ToArray();
        return issuers.All(issuer => issuer.IsSample)
            ? Problem.Of(
                StatusCodes.Status409Conflict, "sample-issuer", "The issuer is a sample.",
                $"Say with PUT /v1/issuers/{issuers[0].Id} who invoices; a document in the sample's name would be nobody's. A preview is possible all the same.")
            : null;
    }

    private static async Task<IResult> List(
        string? cursor, int? limit, BillingRunReading reading, TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<Guid>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var runs = await reading.List(paging.After is { } before ? new RunId(before) : null, paging.Asked, cancellation);
        RunId[] mixed = [.. runs.Where(run => RunCurrencies.OfAll(run, contexts) is null).Select(run => run.Id)];
        var sums = mixed.Length == 0 ? null : await totals.OfRuns(mixed, cancellation);
        return TypedResults.Ok(paging.Of(runs, run => run.Id.Value, run => View(run, sums, contexts)));
    }

    private static async Task<IResult> Progress(
        Guid id, IBillingRunStore store, TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation) =>
        await store.Find(new RunId(id), cancellation) is { } run ? TypedResults.Ok(await View(run, totals, contexts, cancellation)) : UnknownRun(id);

    private static async Task<IResult> Proof(
        Guid id, IBillingRunStore store, ClientDirectory directory, TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation)
    {
        if (await store.Find(new RunId(id), cancellation) is not { } run) return UnknownRun(id);
        var proof = await store.Prove(run, cancellation);
        var names = await directory.ReferencesOf([.. proof.Missed, .. proof.Unrecorded, .. proof.Exceptions.Select(item => item.Account)], cancellation);
        var currencies = await RunCurrencies.Of(run, proof.Exceptions.Select(item => item.Account), totals, contexts, cancellation);
        var counts = proof.Counts;
        return TypedResults.Ok(new ProofView(
            proof.IsComplete, proof.Due, counts.Issued, counts.NothingToBill, counts.Skipped, counts.Parked,
            [.. proof.Missed.Select(account => names[account])],
            [.. proof.Unrecorded.Select(account => names[account])],
            [.. proof.Exceptions.Select(item => RunRows.Item(item, names, currencies))]));
    }

    private static async Task<IResult> Items(
        Guid id, RunOutcome? outcome, string? cursor, int? limit, IBillingRunStore store, BillingRunReading reading, ClientDirectory directory,
        TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await store.Find(new RunId(id), cancellation) is not { } run) return UnknownRun(id);
        var items = await reading.Items(run.Id, outcome, new AccountId(paging.After ?? 0), paging.Asked, cancellation);
        var names = await directory.ReferencesOf([.. items.Select(item => item.Account)], cancellation);
        var currencies = await RunCurrencies.Of(run, items.Select(item => item.Account), totals, contexts, cancellation);
        return TypedResults.Ok(paging.Of(items, item => item.Account.Value, item => RunRows.Item(item, names, currencies)));
    }

    private static async Task<IResult> Differences(
        Guid id, string? cursor, int? limit, IBillingRunStore store, BillingRunReading reading, ClientDirectory directory,
        TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await store.Find(new RunId(id), cancellation) is not { } run) return UnknownRun(id);
        var rows = await reading.Differences(run.Id, new AccountId(paging.After ?? 0), paging.Asked, cancellation);
        var names = await directory.ReferencesOf([.. rows.Select(row => row.Account)], cancellation);
        var currencies = await RunCurrencies.Of(run, rows.Select(row => row.Account), totals, contexts, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => row.Account.Value, row => RunRows.Difference(row, names, currencies)));
    }

    private static async Task<IResult> Deviations(
        Guid id, string? cursor, int? limit, IBillingRunStore store, BillingRunReading reading, ClientDirectory directory,
        TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await store.Find(new RunId(id), cancellation) is not { } run) return UnknownRun(id);
        var rows = await reading.Deviations(run.Id, new AccountId(paging.After ?? 0), paging.Asked, cancellation);
        var names = await directory.ReferencesOf([.. rows.Select(row => row.Account)], cancellation);
        var currencies = await RunCurrencies.Of(run, rows.Select(row => row.Account), totals, contexts, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => row.Account.Value, row => RunRows.Deviation(row, names, currencies)));
    }

    private static async Task<List<AccountId>?> Accounts(
        RunRequest request, ClientDirectory directory, Faults faults, CancellationToken cancellation)
    {
        if (request.Clients is not { } clients || faults.Any) return null;
        var known = await directory.Find(clients, cancellation);
        for (var i = 0; i < clients.Count; i++)
        {
            if (!known.ContainsKey(clients[i])) faults.Add($"clients[{i}]", "no client has this reference");
        }

        return [.. known.Values];
    }

    private static IResult UnknownRun(Guid id) => Problem.Unknown($"No billing run has the id {id}.");

    private static async Task<RunView> View(BillingRun run, TotalsByCurrency totals, LiveContext contexts, CancellationToken cancellation) =>
        View(run, RunCurrencies.OfAll(run, contexts) is null ? await totals.OfRuns([run.Id], cancellation) : null, contexts);

    /// <param name="sums">By issuer, of runs whose issuers differ in currency; null where none do.</param>
    private static RunView View(BillingRun run, ILookup<RunId, (IssuerId Issuer, long Total)>? sums, LiveContext contexts)
    {
        var total = RunCurrencies.OfAll(run, contexts) is { } currency ? MoneyAmount.Of(run.Counts.TotalMinor, currency) : null;
        return new RunView(
            run.Id.Value, run.Mode, run.Status, run.Through, run.Filter.Issuer?.Value, run.Filter.Accounts?.Count, run.ComparedTo?.Value, run.RequestedBy,
            run.StartedAt, run.Status == RunStatus.Open ? null : run.FinishedAt, run.Counts.Accounts, run.Counts.Issued, run.Counts.NothingToBill,
            run.Counts.Skipped, run.Counts.Parked, run.Counts.Documents, total,
            total is not null ? [total] : Currencies.Totals((sums?[run.Id] ?? []).Select(sum => new Money(sum.Total, contexts.Settings.Issuers[sum.Issuer].Currency))),
            run.Failure);
    }
}
