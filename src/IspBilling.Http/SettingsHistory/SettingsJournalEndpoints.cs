using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.SettingsHistory;

/// <summary>Who changed which setting, when and why.</summary>
internal static class SettingsJournalEndpoints
{
    public static void MapSettingsJournal(this RouteGroupBuilder v1)
    {
        var settings = v1.MapGroup("/settings").WithTags("Settings journal");
        settings.MapGet("/journal", List).RequireRight(Right.ReadAudit)
            .Named("listSettingsChanges", "Every change of every setting, the newest first").Answers<Page<SettingsEntryView>>(200).MayFail(400);
        settings.MapGet("/{kind}/{key}/revisions", Revisions).RequireRight(Right.ReadAudit)
            .Named("listSettingRevisions", "What one setting was and when, the newest first").Answers<Page<SettingsEntryView>>(200).MayFail(400, 404);
    }

    /// <param name="kind">Only settings of this kind, such as <c>tariff</c>.</param>
    /// <param name="key">Only the setting with this key.</param>
    /// <param name="actorKind">Only changes by this kind of party.</param>
    /// <param name="actorId">Only changes by this one; goes with <c>actorKind</c>.</param>
    /// <param name="from">First day (UTC) whose changes are listed.</param>
    /// <param name="to">Last day (UTC) whose changes are listed.</param>
    private static async Task<IResult> List(
        string? kind, string? key, ActorKind? actorKind, string? actorId, DateOnly? from, DateOnly? to, string? cursor, int? limit,
        SettingsJournal journal, CancellationToken cancellation)
    {
        var faults = new Faults();
        var (first, last) = (faults.Date("from", from), faults.Date("to", to));
        if (actorId is not null && actorKind is null) faults.Add("actorId", "goes with actorKind");
        kind = faults.OptionalText("kind", kind);
        if (kind is not null && !SettingKinds.All.Contains(kind)) faults.Add("kind", $"one of {string.Join(", ", SettingKinds.All)} expected");
        key = faults.OptionalText("key", key);
        actorId = faults.OptionalText("actorId", actorId);
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var filter = new SettingsFilter(kind, key, actorKind, actorId, At(first, TimeOnly.MinValue), At(last, TimeOnly.MaxValue));
        return TypedResults.Ok(Shown(paging, await journal.List(filter, paging.After, paging.Asked, cancellation)));
    }

    /// <param name="kind">Such as <c>tariff</c>.</param>
    /// <param name="key">A tariff's code, an issuer's or key's number; <c>default</c> where there is only one.</param>
    private static async Task<IResult> Revisions(string kind, string key, string? cursor, int? limit, SettingsJournal journal, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var entries = await journal.List(new SettingsFilter(faults.Text("kind", kind), faults.Text("key", key)), paging.After, paging.Asked, cancellation);
        if (faults.Any) return faults.Problem();
        return entries.Count == 0 && paging.After is null ? Problem.Unknown($"No {kind} '{key}' was ever set.") : TypedResults.Ok(Shown(paging, entries));
    }

    private static Page<SettingsEntryView> Shown(Paging<long> paging, IReadOnlyList<SettingsEntry> entries) =>
        paging.Of(entries, entry => entry.Revision, SettingsEntryView.Of);

    /// <summary>The journal keeps microseconds: the last tick of a day is behind all of its entries.</summary>
    private static DateTimeOffset? At(DateOnly? day, TimeOnly time) => day is { } known ? new DateTimeOffset(known, time, TimeSpan.Zero) : null;
}
