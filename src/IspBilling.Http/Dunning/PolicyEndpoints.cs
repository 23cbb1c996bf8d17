using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Dunning;

internal static class PolicyEndpoints
{
    public static void MapDunningPolicy(this RouteGroupBuilder v1)
    {
        var policy = v1.MapGroup("/dunning-policy").WithTags("Dunning");
        policy.MapGet("", Get).RequireRight(Right.ReadSettings).Named("getDunningPolicy", "The steps from the first reminder to blocking, and what of them has no effect").Answers<DunningPolicyView>(200).MayFail();
        policy.MapPut("", Put).RequireRight(Right.WriteSettings)
            .Named("putDunningPolicy", "Replaces the steps; whoever owes is looked at again, and nobody stays restricted without a step that says so")
            .Answers<DunningPolicyView>(200).MayFail(400, 412);
        policy.MapPost("/effect", Effect).RequireRight(Right.WriteSettings)
            .Named("effectOfDunningPolicy", "Where those who owe would stand after today's review by other steps").Answers<PolicyEffectView>(200).MayFail(400);
    }

    private static Ok<DunningPolicyView> Get(HttpContext http, LiveContext contexts)
    {
        SettingAuthor.Show(http, contexts, SettingKinds.DunningPolicy, SettingKinds.OnlyOne);
        return TypedResults.Ok(DunningPolicyView.Of(contexts.Settings.DunningPolicy, Billed(contexts)));
    }

    private static async Task<IResult> Put(
        DunningPolicyRequest request, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, SettingsStore settings, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var policy = request.Read(faults, Billed(contexts));
        if (faults.Any) return faults.Problem();
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, WhyReasonIsNeeded(contexts.Settings.DunningPolicy, policy), faults);
        if (faults.Any) return faults.Problem();
        try
        {
            await desk.Change(store => store.PutDunningPolicy(policy, author, cancellation), cancellation);
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }

        await settings.ReviewDebts(cancellation);
        return Get(http, contexts);
    }

    /// <remarks>Whoever owes something or is restricted is reviewed twice, by the policy in force and by the draft; nothing is written.</remarks>
    private static async Task<IResult> Effect(
        DunningPolicyRequest request, HttpContext http, LiveContext contexts, PolicyEffects effects, CancellationToken cancellation)
    {
        var faults = new Faults();
        var policy = request.Read(faults, Billed(contexts));
        return faults.Any ? faults.Problem() : await effects.Of(http, policy, cancellation);
    }

    /// <summary>The first policy dunned nobody before; a name and thanks are not what anybody is dunned by.</summary>
    private static string? WhyReasonIsNeeded(DunningPolicy before, DunningPolicy after) =>
        !before.Steps.IsEmpty && !(before.Steps.SequenceEqual(after.Steps) && (before.Tolerance ?? CurrencyAmounts.None).Equals(after.Tolerance ?? CurrencyAmounts.None))
            ? "others are dunned, or otherwise"
            : null;

    private static HashSet<Currency> Billed(LiveContext contexts) => [.. contexts.Settings.Issuers.Values.Select(issuer => issuer.Currency)];
}
