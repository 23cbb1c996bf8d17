using IspBilling.Access.Rights;
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

/// <summary>When clients are reached, whatever their policy says.</summary>
internal static class OutreachEndpoints
{
    public static void MapOutreachRules(this RouteGroupBuilder v1)
    {
        var rules = v1.MapGroup("/outreach-rules").WithTags("Dunning");
        rules.MapGet("", Get).RequireRight(Right.ReadSettings)
            .Named("getOutreachRules", "Quiet hours, free days, daily caps, the brake, and how old bank data may be").Answers<OutreachRulesRequest>(200).MayFail();
        rules.MapPut("", Put).RequireRight(Right.WriteSettings)
            .Named("putOutreachRules", "Replaces the rules; one that leaves no time at all is refused").Answers<OutreachRulesRequest>(200).MayFail(400, 412);
    }

    private static Ok<OutreachRulesRequest> Get(HttpContext http, LiveContext contexts)
    {
        SettingAuthor.Show(http, contexts, SettingKinds.OutreachRules, SettingKinds.OnlyOne);
        return TypedResults.Ok(OutreachRulesRequest.Of(contexts.Settings.Outreach));
    }

    private static async Task<IResult> Put(
        OutreachRulesRequest request, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var today = contexts.Today;
        var rules = request.Read(faults, today, read => contexts.Settings.HolidaysOf(read, today));
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, whyNeeded: null, faults);
        if (faults.Any) return faults.Problem();
        try
        {
            await desk.Change(store => store.PutOutreachRules(rules, author, cancellation), cancellation);
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }

        return Get(http, contexts);
    }
}
