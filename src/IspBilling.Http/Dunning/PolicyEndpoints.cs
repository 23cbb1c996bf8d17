using IspBilling.Engine.Accounts;
using IspBilling.Http.Catalogue;
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
        var policy = v1.MapGroup("/dunning-policy").WithTags("Dunning").RequireScope(Scopes.Settings);
        policy.MapGet("", Get).Named("getDunningPolicy", "The steps from the first reminder to blocking").Answers<DunningPolicyView>(200).MayFail();
        policy.MapPut("", Put).Named("putDunningPolicy", "Replaces the steps; accounts go on from where they stand").Answers<DunningPolicyView>(200).MayFail(400);
    }

    private static Ok<DunningPolicyView> Get(LiveContext contexts) => TypedResults.Ok(DunningPolicyView.Of(contexts.Settings.DunningPolicy));

    private static async Task<IResult> Put(DunningPolicyView request, SettingsDesk desk, CancellationToken cancellation)
    {
        var faults = new Faults();
        var policy = request.Read(faults);
        if (faults.Any) return faults.Problem();
        await desk.Change(store => store.PutDunningPolicy(policy, cancellation), cancellation);
        return TypedResults.Ok(DunningPolicyView.Of(policy));
    }
}
