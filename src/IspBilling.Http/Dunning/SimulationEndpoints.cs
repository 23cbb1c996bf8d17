using IspBilling.Access.Rights;
using IspBilling.Desk.Dunning;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Dunning;

/// <summary>By which policies dunning is simulated, and for how long.</summary>
/// <example>{"days":14}</example>
/// <param name="Policy">A draft; the policies in force unless given.</param>
/// <param name="Group">Whose the draft would be; the policy of all unless given.</param>
/// <param name="Days">1 to 31, today among them.</param>
public sealed record SimulationRequest(DunningPolicyRequest? Policy = null, string? Group = null, int Days = DunningSimulation.DefaultDays)
{
    /// <returns>Null for the policies in force.</returns>
    public DraftPolicy? Read(Faults faults, IReadOnlyCollection<Currency> billed)
    {
        if (Days is < 1 or > DunningPlan.MaxDays) faults.Add("days", $"1 to {DunningPlan.MaxDays} expected");
        if (Group is not null && Policy is null) faults.Add("group", "goes with policy");
        if (Group is { Length: 0 or > AccountProfile.MaxGroup }) faults.Add("group", $"1 to {AccountProfile.MaxGroup} characters expected");
        return Policy is null ? null : new DraftPolicy(Policy.Read(faults, billed), Group);
    }
}

/// <summary>Why a person lets the brake go.</summary>
/// <example>{"reason":"looked at them: the price rise of March"}</example>
public sealed record ReleaseRequest(string Reason);

/// <summary>What dunning is about to do, and what it waits for.</summary>
internal static class SimulationEndpoints
{
    public static void MapDunningAhead(this RouteGroupBuilder v1)
    {
        var dunning = v1.MapGroup("/dunning").WithTags("Dunning").RequireRight(Right.HandleDebts);
        dunning.MapPost("/simulation", Summary)
            .Named("simulateDunning", "What dunning does today and in the days after if nothing else happens, by the policies in force or a draft").Answers<DunningSimulationView>(200).MayFail(400);
        dunning.MapPost("/simulation/clients", Clients)
            .Named("simulateDunningOfClients", "Who gets what, when and why, page by page").Answers<Page<PlannedClientView>>(200).MayFail(400);
        v1.MapGet("/clients/{reference}/dunning-plan", Hindsight).WithTags("Dunning").RequireRight(Right.HandleDebts)
            .Named("reviewDunningPlan", "What was planned for a client on a day, and where it came otherwise: each difference with what made it")
            .Answers<PlanReviewView>(200).MayFail(400, 404);
        dunning.MapGet("/waiting", Waiting)
            .Named("listWaitingRestrictions", "Restrictions that are due and wait, with what they wait for; clients whom no message reaches").Answers<Page<WaitingRestrictionView>>(200).MayFail(400);
        dunning.MapGet("/brake", Brake).Named("getBrake", "How many restrictions there were today, and how many may be").Answers<BrakeStanding>(200).MayFail();
        dunning.MapPost("/brake/release", Release)
            .Named("releaseBrake", "Lets today's restrictions go on beyond the limit").Answers<BrakeStanding>(200).MayFail(400);
    }

    private static async Task<IResult> Summary(
        SimulationRequest request, HttpContext http, LiveContext contexts, DunningSimulation simulation, EffectTurn turn, CancellationToken cancellation)
    {
        var faults = new Faults();
        var draft = request.Read(faults, Billed(contexts));
        return faults.Any ? faults.Problem() : await turn.Take(http, async () => TypedResults.Ok(await simulation.Summary(draft, request.Days, cancellation)));
    }

    private static async Task<IResult> Clients(
        SimulationRequest request, string? cursor, int? limit, HttpContext http, LiveContext contexts, DunningSimulation simulation, EffectTurn turn, CancellationToken cancellation)
    {
        var faults = new Faults();
        var draft = request.Read(faults, Billed(contexts));
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging || faults.Any) return faults.Problem();
        return await turn.Take(http, async () => TypedResults.Ok(paging.Of(
            await simulation.Clients(draft, request.Days, After(paging), paging.Asked, cancellation), row => row.Account.Value, row => row.Client)));
    }

    /// <param name="from">The day whose plan is looked at, within the last 366 days; two weeks ago when left out.</param>
    /// <param name="days">Days of the plan, 1 to 31, the first among them; 14 when left out.</param>
    private static async Task<IResult> Hindsight(
        string reference, DateOnly? from, int? days, HttpContext http, LiveContext contexts, ClientDirectory directory, DunningHindsight hindsight, EffectTurn turn,
        CancellationToken cancellation)
    {
        var faults = new Faults();
        var today = contexts.Today;
        var (first, earliest) = (from ?? PlanDays.EndingOn(today, DunningSimulation.DefaultDays), PlanDays.Earliest(today));
        if (first > today || first < earliest) faults.Add("from", $"{earliest:yyyy-MM-dd} to {today:yyyy-MM-dd} expected");
        if (days is < 1 or > DunningPlan.MaxDays) faults.Add("days", $"1 to {DunningPlan.MaxDays} expected");
        if (faults.Any) return faults.Problem();
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        return await turn.Take(http, async () => TypedResults.Ok(await hindsight.Of(account, reference, PlanDays.Of(first, days ?? DunningSimulation.DefaultDays), cancellation)));
    }

    private static async Task<IResult> Waiting(
        RestrictionWait? wait, string? cursor, int? limit, HttpContext http, WaitingRestrictions waiting, EffectTurn turn, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging || faults.Any) return faults.Problem();
        return await turn.Take(http, async () => TypedResults.Ok(paging.Of(
            await waiting.After(wait, After(paging), paging.Asked, cancellation), row => row.Account.Value, row => row.Client)));
    }

    private static async Task<Ok<BrakeStanding>> Brake(RestrictionBrake brake, LiveContext contexts, CancellationToken cancellation) =>
        TypedResults.Ok(await brake.Look(contexts.Today, cancellation));

    private static async Task<IResult> Release(
        ReleaseRequest request, HttpContext http, SettingsDesk desk, RestrictionBrake brake, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch: null, "restrictions go on that nobody expected", faults);
        if (faults.Any) return faults.Problem();
        var today = contexts.Today;
        await desk.Change(store => store.ReleaseRestrictions(today, author, cancellation), cancellation);
        return await Brake(brake, contexts, cancellation);
    }

    private static AccountId? After(Paging<long> paging) => paging.After is { } id ? new AccountId(id) : null;

    private static HashSet<Currency> Billed(LiveContext contexts) => [.. contexts.Settings.Issuers.Values.Select(issuer => issuer.Currency)];
}
