using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
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
            .Answers<DunningPolicyView>(200).MayFail(400);
    }

    private static Ok<DunningPolicyView> Get(LiveContext contexts) => TypedResults.Ok(DunningPolicyView.Of(contexts.Settings.DunningPolicy, Billed(contexts)));

    private static async Task<IResult> Put(
        DunningPolicyRequest request, SettingsDesk desk, SettingsStore settings, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var policy = request.Read(faults, Billed(contexts));
        if (faults.Any) return faults.Problem();
        await desk.Change(store => store.PutDunningPolicy(policy, cancellation), cancellation);
        await settings.ReviewDebts(cancellation);
        return TypedResults.Ok(DunningPolicyView.Of(policy, Billed(contexts)));
    }

    private static HashSet<Currency> Billed(LiveContext contexts) => [.. contexts.Settings.Issuers.Values.Select(issuer => issuer.Currency)];
}
