using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.SettingsHistory;

/// <param name="Kind">What kind of party.</param>
/// <param name="Id">Which one of the kind, for ever.</param>
/// <param name="Name">What they were called then; empty once it was erased.</param>
public sealed record ActorView(ActorKind Kind, string Id, string Name)
{
    public static ActorView Of(Actor actor) => new(actor.Kind, actor.Id, actor.Name);
}

/// <summary>One change of one setting.</summary>
/// <param name="Revision">Over all settings, from 1 without a gap; lines and dunning steps name the one they came from.</param>
/// <param name="Kind">
/// <c>tariff</c>, <c>issuer</c>, <c>dunning-policy</c>, <c>template</c>, <c>brand</c>, <c>outreach-rules</c>, <c>restriction-release</c>, <c>correction-horizon</c>, <c>sms-gateway</c>,
/// <c>api-key</c>, <c>role</c>, <c>person</c>, <c>credentials</c>, <c>session</c>
/// or <c>secret</c>.
/// </param>
/// <param name="Key">Which one of the kind: a tariff's code, an issuer's number.</param>
/// <param name="Name">Names the shape of <paramref name="Before"/> and <paramref name="After"/>, which are as they were stored.</param>
/// <param name="Before">Null for a new setting.</param>
/// <param name="After">Null for one that is gone.</param>
/// <param name="Personal">Particulars of a person that changed with it, such as the login; null where there are none, and once they were erased.</param>
public sealed record SettingsEntryView(
    long Revision, string Kind, string Key, ActorView By, DateTimeOffset At, string? Reason, string Name, JsonElement? Before, JsonElement? After, JsonElement? Personal)
{
    public static SettingsEntryView Of(SettingsEntry entry) => new(
        entry.Revision, entry.Kind, entry.Key, ActorView.Of(entry.By), entry.At, entry.Reason, entry.Name, Json(entry.Before), Json(entry.After), Json(entry.Personal));

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
