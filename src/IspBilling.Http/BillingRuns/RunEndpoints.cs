using IspBilling.Access.Rights;
using IspBilling.Desk.Runs;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
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
        var runs = v1.MapGroup("/billing-runs").WithTags("Billing runs");
        runs.MapPost("", Start).RequireRight(Right.RunBilling).Named("startBillingRun", "Previews or issues everything due through a day, in the background; an issue beyond the first day of next month needs confirm")
            .Answers<RunView>(202).MayFail(400, 404, 409, 422);
        runs.MapGet("", List).RequireRight(Right.ReadBilling).Named("listBillingRuns", "Runs, the youngest first").Answers<Page<RunView>>(200).MayFail(400);
        runs.MapGet("/{id:guid}", Progress).RequireRight(Right.ReadBilling).Named("getBillingRun", "How far a run has come").Answers<RunView>(200).MayFail(404);
        runs.MapGet("/{id:guid}/proof", Proof).RequireRight(Right.ReadBilling)
            .Named("proveBillingRun", "Due = issued + nothing to bill + skipped + parked, account by account").Answers<ProofView>(200).MayFail(404);
        runs.MapGet("/{id:guid}/items", Items).RequireRight(Right.ReadBilling).Named("listBillingRunItems", "How each account ended").Answers<Page<RunItemView>>(200).MayFail(400, 404);
        runs.MapGet("/{id:guid}/differences", Differences).RequireRight(Right.ReadBilling)
            .Named("listBillingRunDifferences", "Accounts billed differently from their last period").Answers<Page<RunDifferenceView>>(200).MayFail(400, 404);
        runs.MapGet("/{id:guid}/deviations", Deviations).RequireRight(Right.ReadBilling)
            .Named("listBillingRunDeviations", "Where an issue is not what its preview showed").Answers<Page<RunDeviationView>>(200).MayFail(400, 404);
    }

    private static async Task<IResult> Start(
        RunRequest request, HttpContext http, IBillingRunStore store, ClientDirectory directory, LiveContext contexts, TimeProvider clock,
        RunViews views, RunAhead ahead, RunBell bell, CancellationToken cancellation)
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
        if (ahead.NeedsConfirmation(requested) && await store.Find(id, cancellation) is null
            && RunFarAhead.Objection(requested, request.Confirm, await ahead.Look(requested, request.Confirm?.Read(), cancellation)) is { } objection)
        {
            return objection;
        }

        var run = await store.Create(requested, cancellation);
        bell.Ring();
        return TypedResults.Accepted($"/v1/billing-runs/{run.Id}", await views.Of(run, cancellation));
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

    private static async Task<IResult> List(string? cursor, int? limit, RunViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<Guid>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var runs = await views.List(paging.After is { } before ? new RunId(before) : null, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(runs, run => run.Id, run => run));
    }

    private static async Task<IResult> Progress(Guid id, RunViews views, CancellationToken cancellation) =>
        await views.Find(new RunId(id), cancellation) is { } run ? TypedResults.Ok(run) : UnknownRun(id);

    private static async Task<IResult> Proof(Guid id, RunViews views, CancellationToken cancellation) =>
        await views.Proof(new RunId(id), cancellation) is { } proof ? TypedResults.Ok(proof) : UnknownRun(id);

    private static async Task<IResult> Items(
        Guid id, RunOutcome? outcome, string? cursor, int? limit, RunViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        return await views.Items(new RunId(id), outcome, new AccountId(paging.After ?? 0), paging.Asked, cancellation) is { } items
            ? TypedResults.Ok(paging.Of(items, item => item.Account, item => item))
            : UnknownRun(id);
    }

    private static async Task<IResult> Differences(Guid id, string? cursor, int? limit, RunViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        return await views.Differences(new RunId(id), new AccountId(paging.After ?? 0), paging.Asked, cancellation) is { } rows
            ? TypedResults.Ok(paging.Of(rows, row => row.Account, row => row))
            : UnknownRun(id);
    }

    private static async Task<IResult> Deviations(Guid id, string? cursor, int? limit, RunViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        return await views.Deviations(new RunId(id), new AccountId(paging.After ?? 0), paging.Asked, cancellation) is { } rows
            ? TypedResults.Ok(paging.Of(rows, row => row.Account, row => row))
            : UnknownRun(id);
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
}
