using System.Text.Json;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using Npgsql;

namespace IspBilling.Postgres.Settings;

/// <summary>A change of what dunning decides by.</summary>
/// <param name="Entry">Of the settings journal; null where a channel was switched, which has a history of its own.</param>
/// <param name="Text">In words.</param>
/// <param name="After">The settings as they were from then on.</param>
public sealed record DunningSettingsChange(DateTimeOffset At, SettingsEntry? Entry, string Text, ProviderSettings After);

/// <summary>
/// What dunning decided by in the past: the settings in force, with the journal's later entries about policies and outreach and the later switches of
/// channels taken back one after another. Prices and issuers are today's; no step depends on them.
/// </summary>
public sealed class DunningSettingsHistory(NpgsqlDataSource database)
{
    private sealed record Switch(DateTime At, bool IsOn, bool WasOn, short Channel, string By, string? Reason);

    private static readonly DunningPolicy NoDunning = new("none", [], ThankOnClearing: false);

    /// <param name="now">The settings in force.</param>
    /// <returns>The settings at the instant, and how they changed since, in that order.</returns>
    public async Task<(ProviderSettings Then, IReadOnlyList<DunningSettingsChange> Since)> Of(ProviderSettings now, DateTimeOffset instant, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var entries = await SettingsEntry.Many(
            connection, "WHERE at >= @instant AND kind = ANY (@kinds) ORDER BY revision DESC",
            new { instant = instant.UtcDateTime, kinds = new[] { SettingKinds.DunningPolicy, SettingKinds.OutreachRules } }, cancellation);
        var switches = await connection.QueryAsync<Switch>(new CommandDefinition(
            """
            SELECT at, is_on AS IsOn, coalesce((SELECT b.is_on FROM channels b WHERE b.channel = c.channel AND b.entry < c.entry ORDER BY b.entry DESC LIMIT 1), false) AS WasOn,
                   channel, by_name AS By, reason
            FROM channels c WHERE at >= @instant ORDER BY entry DESC
            """,
            new { instant = instant.UtcDateTime }, cancellationToken: cancellation));
        var changes = entries.Select(entry => (entry.At, Entry: (SettingsEntry?)entry, Switched: (Switch?)null))
            .Concat(switches.Select(switched => (new DateTimeOffset(switched.At, TimeSpan.Zero), (SettingsEntry?)null, (Switch?)switched)))
            .OrderByDescending(change => change.Item1);
        var (settings, since) = (now, new List<DunningSettingsChange>());
        foreach (var (at, entry, switched) in changes)
        {
            var before = entry is not null ? Before(settings, entry) : Before(settings, switched!);
            // A channel that was paused, or a policy said once more: nobody decides otherwise.
            if (!ReferenceEquals(before, settings)) since.Add(new DunningSettingsChange(at, entry, entry is not null ? InWords(entry) : InWords(switched!), settings));
            settings = before;
        }

        since.Reverse();
        return (settings, since);
    }

    private static ProviderSettings Before(ProviderSettings settings, SettingsEntry entry) => entry.Kind switch
    {
        SettingKinds.OutreachRules => settings with { Outreach = Read<OutreachRules>(entry.Before) ?? OutreachRules.None },
        _ when entry.Key == SettingKinds.OnlyOne => settings with { DunningPolicy = Read<DunningPolicy>(entry.Before) ?? NoDunning },
        _ when Read<DunningPolicy>(entry.Before) is { } policy => settings with { GroupPolicies = settings.GroupPolicies.SetItem(entry.Key, policy) },
        _ => settings with { GroupPolicies = settings.GroupPolicies.Remove(entry.Key) },
    };

    private static ProviderSettings Before(ProviderSettings settings, Switch switched)
    {
        var action = (MessageChannel)switched.Channel switch
        {
            MessageChannel.Email => DunningActions.Email,
            MessageChannel.Sms => DunningActions.Sms,
            _ => DunningActions.None,
        };
        if (action == DunningActions.None || switched.IsOn == switched.WasOn) return settings;
        return settings with { Delivering = switched.WasOn ? settings.Delivering | action : settings.Delivering & ~action };
    }

    private static string InWords(SettingsEntry entry)
    {
        var what = entry.Kind == SettingKinds.OutreachRules ? "the rules of outreach" : entry.Key == SettingKinds.OnlyOne ? "the dunning policy" : $"the dunning policy of group {entry.Key}";
        return $"{what} {(entry.After is null ? "taken back" : "changed")} by {entry.By.Name}, revision {entry.Revision}{Because(entry.Reason)}";
    }

    private static string InWords(Switch switched) =>
        $"channel {((MessageChannel)switched.Channel).ToString().ToLowerInvariant()} switched {(switched.IsOn ? "on" : "off")} by {switched.By}{Because(switched.Reason)}";

    private static string Because(string? reason) => reason is null ? "" : $": {reason}";

    private static T? Read<T>(string? json) where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, JournalJson.Options);
}
