using System.Globalization;
using IspBilling.Access.People;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.SettingsHistory;

/// <summary>Who changes a setting by a request, why, and what they had in front of them.</summary>
internal static class SettingAuthor
{
    /// <param name="reason">From the body, or the query of a request that has none.</param>
    /// <param name="ifMatch">The ETag that a setting was read with: its revision in quotes. <c>"0"</c> says that there is no such setting yet.</param>
    /// <param name="whyNeeded">Why a reason must be given; null when it need not.</param>
    public static Authorship Read(HttpContext http, TimeProvider clock, string? reason, string? ifMatch, string? whyNeeded, Faults faults)
    {
        var said = faults.OptionalReason("reason", reason, Authorship.MaxReasonLength);
        if (said is null && whyNeeded is not null) faults.Add("reason", $"needed, 1 to {Authorship.MaxReasonLength} characters: {whyNeeded}");
        return new Authorship(Caller.Of(http.User).By, clock.GetUtcNow(), said, CommandIdentity.Of(http).Id, BasedOn(ifMatch, faults));
    }

    /// <summary>The same of a change to people, with what whoever asks may do.</summary>
    public static Asker Asker(HttpContext http, TimeProvider clock, string? reason, Faults faults, string? ifMatch = null) =>
        new(Read(http, clock, reason, ifMatch, whyNeeded: null, faults), CallerIdentity.Of(http.User).Rights);

    /// <summary>The revision of a setting as the ETag of what is answered; nothing where no entry tells of it.</summary>
    public static void Show(HttpContext http, LiveContext contexts, string kind, string key) => Show(http, contexts.Settings.Revisions.Of(kind, key));

    /// <inheritdoc cref="Show(HttpContext, LiveContext, string, string)"/>
    public static void Show(HttpContext http, long? revision)
    {
        if (revision is { } known) http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{known}\"");
    }

    public static IResult MovedOn(SettingMovedOnException moved) => Problem.Of(
        StatusCodes.Status412PreconditionFailed, "setting-changed-meanwhile", "Somebody else changed the setting meanwhile.",
        "Look at current, which is in force, and send your change again with its revision as If-Match.",
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["current"] = moved.Current is { } current ? SettingsEntryView.Of(current) : null,
            ["basedOn"] = moved.BasedOn is { } seen ? SettingsEntryView.Of(seen) : null,
        });

    private static long? BasedOn(string? ifMatch, Faults faults)
    {
        if (ifMatch is null) return null;
        var tag = ifMatch.Trim();
        if (tag.Length > 2 && tag[0] == '"' && tag[^1] == '"' && long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
            return revision;
        faults.Add("If-Match", "the ETag that the setting was read with expected, such as \"41\"");
        return null;
    }
}
