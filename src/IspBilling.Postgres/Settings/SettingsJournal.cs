using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Settings;

/// <summary>Which entries of the settings journal are asked for; null asks for all.</summary>
/// <param name="ActorId">Goes with <paramref name="ActorKind"/>.</param>
/// <param name="From">UTC.</param>
/// <param name="Before">UTC; entries of that moment are not meant.</param>
public sealed record SettingsFilter(
    string? Kind = null, string? Key = null, ActorKind? ActorKind = null, string? ActorId = null, DateTimeOffset? From = null, DateTimeOffset? Before = null);

/// <summary>What was changed, by whom and why, for people who ask.</summary>
public sealed class SettingsJournal(NpgsqlDataSource database)
{
    /// <summary>The newest first, before a cursor.</summary>
    /// <param name="before">Only older entries than that revision; null from the newest.</param>
    public async Task<IReadOnlyList<SettingsEntry>> List(SettingsFilter filter, long? before, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await SettingsEntry.Many(
            connection,
            """
            WHERE (@before::bigint IS NULL OR revision < @before)
              AND (@kind::text IS NULL OR kind = @kind) AND (@key::text IS NULL OR key = @key)
              AND (@actorKind::text IS NULL OR actor_kind = @actorKind) AND (@actorId::text IS NULL OR actor_id = @actorId)
              AND (@from::timestamptz IS NULL OR at >= @from) AND (@until::timestamptz IS NULL OR at < @until)
            ORDER BY revision DESC LIMIT @max
            """,
            new
            {
                before, kind = filter.Kind, key = filter.Key, actorKind = filter.ActorKind?.ToString(), actorId = filter.ActorId,
                from = filter.From?.UtcDateTime, until = filter.Before?.UtcDateTime, max = PageSize.Reading(max),
            },
            cancellation);
    }

    /// <summary>Null when there is no such entry.</summary>
    public async Task<SettingsEntry?> Find(long revision, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await SettingsEntry.Find(connection, revision, cancellation);
    }

    /// <summary>The entry that first told of a setting; null when none does.</summary>
    public async Task<SettingsEntry?> First(string kind, string key, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await SettingsEntry.First(connection, kind, key, cancellation);
    }
}
