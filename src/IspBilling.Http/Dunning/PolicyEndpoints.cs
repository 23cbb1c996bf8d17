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

/// <summary>The policies of groups of clients that have one of their own.</summary>
public sealed record GroupPoliciesView(IReadOnlyList<GroupPolicyView> Groups);

/// <param name="Group">As clients name it.</param>
/// <param name="Revision">For <c>If-Match</c>.</param>
public sealed record GroupPolicyView(string Group, long? Revision, DunningPolicyView Policy);

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

        var groups = v1.MapGroup("/dunning-policies").WithTags("Dunning");
        groups.MapGet("", Groups).RequireRight(Right.ReadSettings)
            .Named("listGroupPolicies", "The policies of groups of clients; everybody else goes by the policy of all").Answers<GroupPoliciesView>(200).MayFail();
        groups.MapGet("/{group}", GetOfGroup).RequireRight(Right.ReadSettings)
            .Named("getGroupPolicy", "The steps for a group of clients").Answers<DunningPolicyView>(200).MayFail(404);
        groups.MapPut("/{group}", PutOfGroup).RequireRight(Right.WriteSettings)
            .Named("putGroupPolicy", "Gives a group of clients steps of its own, or others").Answers<DunningPolicyView>(200).MayFail(400, 412);
        groups.MapDelete("/{group}", RemoveOfGroup).RequireRight(Right.WriteSettings)
            .Named("removeGroupPolicy", "The group goes by the policy of all from now on").Answers(204).MayFail(400, 404, 412);
        groups.MapPost("/{group}/effect", EffectOfGroup).RequireRight(Right.WriteSettings)
            .Named("effectOfGroupPolicy", "Where those who owe would stand after today's review by other steps for the group").Answers<PolicyEffectView>(200).MayFail(400);
    }

    private static Ok<DunningPolicyView> Get(HttpContext http, LiveContext contexts)
    {
        SettingAuthor.Show(http, contexts, SettingKinds.DunningPolicy, SettingKinds.OnlyOne);
        return TypedResults.Ok(DunningPolicyView.Of(contexts.Settings.DunningPolicy, Billed(contexts)));
    }

    private static Ok<GroupPoliciesView> Groups(LiveContext contexts) => TypedResults.Ok(new GroupPoliciesView(
    [
        .. contexts.Settings.GroupPolicies.OrderBy(policy => policy.Key, StringComparer.Ordinal).Select(policy => new GroupPolicyView(
            policy.Key, contexts.Settings.Revisions.Of(SettingKinds.DunningPolicy, policy.Key), DunningPolicyView.Of(policy.Value, Billed(contexts)))),
    ]));

    private static IResult GetOfGroup(string group, HttpContext http, LiveContext contexts)
    {
        if (!contexts.Settings.GroupPolicies.TryGetValue(group, out var policy)) return UnknownGroup(group);
        SettingAuthor.Show(http, contexts, SettingKinds.DunningPolicy, group);
        return TypedResults.Ok(DunningPolicyView.Of(policy, Billed(contexts)));
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
        return await Change(desk, settings, store => store.PutDunningPolicy(policy, author, cancellation), cancellation) ?? Get(http, contexts);
    }

    private static async Task<IResult> PutOfGroup(
        string group, DunningPolicyRequest request, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, SettingsStore settings, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        RequireName(group, faults);
        var policy = request.Read(faults, Billed(contexts));
        if (!contexts.Settings.GroupPolicies.ContainsKey(group) && contexts.Settings.GroupPolicies.Count >= SettingsStore.MaxGroupPolicies)
            faults.Add("group", $"at most {SettingsStore.MaxGroupPolicies} groups with a policy of their own");
        if (faults.Any) return faults.Problem();
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, WhyReasonIsNeeded(InForce(contexts, group), policy), faults);
        if (faults.Any) return faults.Problem();
        return await Change(desk, settings, store => store.PutGroupPolicy(group, policy, author, cancellation), cancellation) ?? GetOfGroup(group, http, contexts);
    }

    private static async Task<IResult> RemoveOfGroup(
        string group, string? reason, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, SettingsStore settings, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        RequireName(group, faults);
        if (faults.Any) return faults.Problem();
        if (!contexts.Settings.GroupPolicies.TryGetValue(group, out var before)) return UnknownGroup(group);
        var author = SettingAuthor.Read(http, clock, reason, ifMatch, WhyReasonIsNeeded(before, contexts.Settings.DunningPolicy), faults);
        if (faults.Any) return faults.Problem();
        return await Change(desk, settings, store => store.PutGroupPolicy(group, null, author, cancellation), cancellation) ?? TypedResults.NoContent();
    }

    /// <returns>Null when it is done.</returns>
    private static async Task<IResult?> Change(SettingsDesk desk, SettingsStore settings, Func<SettingsStore, Task> change, CancellationToken cancellation)
    {
        try
        {
            await desk.Change(change, cancellation);
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }

        await settings.ReviewDebts(cancellation);
        return null;
    }

    /// <remarks>Whoever owes something or is restricted is reviewed twice, by the policy in force and by the draft; nothing is written.</remarks>
    private static async Task<IResult> Effect(
        DunningPolicyRequest request, HttpContext http, LiveContext contexts, PolicyEffects effects, CancellationToken cancellation)
    {
        var faults = new Faults();
        var policy = request.Read(faults, Billed(contexts));
        return faults.Any ? faults.Problem() : await effects.Of(http, policy, group: null, cancellation);
    }

    private static async Task<IResult> EffectOfGroup(
        string group, DunningPolicyRequest request, HttpContext http, LiveContext contexts, PolicyEffects effects, CancellationToken cancellation)
    {
        var faults = new Faults();
        RequireName(group, faults);
        var policy = request.Read(faults, Billed(contexts));
        return faults.Any ? faults.Problem() : await effects.Of(http, policy, group, cancellation);
    }

    private static void RequireName(string group, Faults faults)
    {
        if (group == SettingKinds.OnlyOne) faults.Add("group", $"another name than '{SettingKinds.OnlyOne}' expected: that is the policy of all");
        else if (string.IsNullOrWhiteSpace(group) || group.Length > AccountProfile.MaxGroup) faults.Add("group", $"1 to {AccountProfile.MaxGroup} characters expected");
    }

    private static DunningPolicy InForce(LiveContext contexts, string group) =>
        contexts.Settings.GroupPolicies.TryGetValue(group, out var own) ? own : contexts.Settings.DunningPolicy;

    private static IResult UnknownGroup(string group) => Problem.Unknown($"Group '{group}' has no policy of its own; it goes by the policy of all.");

    /// <summary>The first policy dunned nobody before; a name and thanks are not what anybody is dunned by.</summary>
    private static string? WhyReasonIsNeeded(DunningPolicy before, DunningPolicy after) =>
        !before.Steps.IsEmpty && !(before.Steps.SequenceEqual(after.Steps) && before.LeastNoticeDays == after.LeastNoticeDays && (before.Tolerance ?? CurrencyAmounts.None).Equals(after.Tolerance ?? CurrencyAmounts.None))
            ? "others are dunned, or otherwise"
            : null;

    private static HashSet<Currency> Billed(LiveContext contexts) => [.. contexts.Settings.Issuers.Values.Select(issuer => issuer.Currency)];
}
