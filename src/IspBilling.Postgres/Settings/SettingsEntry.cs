using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Settings;

/// <summary>One entry of the settings journal.</summary>
/// <param name="Revision">From 1 without a gap, over all settings.</param>
/// <param name="Name">Stored name of the JSON's shape.</param>
/// <param name="By">Who changed it; without a name once that was erased.</param>
/// <param name="Before">JSON; null for a new setting.</param>
/// <param name="After">JSON; null for one that is gone.</param>
/// <param name="Personal">JSON of particulars that changed with it; null where there are none, and once they were erased.</param>
public sealed record SettingsEntry(
    long Revision, string Kind, string Key, string Name, Actor By, DateTimeOffset At, string? Reason, string? Before, string? After, string? Personal)
{
    private const string Columns = "revision, kind, key, name, actor_kind AS ActorKind, actor_id AS ActorId, actor_name AS ActorName, at, reason, before, after, personal";

    private sealed record Row(
        long Revision, string Kind, string Key, string Name, string ActorKind, string ActorId, string? ActorName, DateTime At, string? Reason, string? Before, string? After, string? Personal)
    {
        public SettingsEntry ToEntry() => new(
            Revision, Kind, Key, Name, new Actor(Enum.Parse<ActorKind>(ActorKind), ActorId, ActorName ?? ""), new DateTimeOffset(At, TimeSpan.Zero), Reason, Before, After, Personal);
    }

    internal static Task<SettingsEntry?> Last(NpgsqlConnection connection, string kind, string key, CancellationToken cancellation) =>
        One(connection, "WHERE kind = @kind AND key = @key ORDER BY revision DESC LIMIT 1", new { kind, key }, cancellation);

    internal static Task<SettingsEntry?> First(NpgsqlConnection connection, string kind, string key, CancellationToken cancellation) =>
        One(connection, "WHERE kind = @kind AND key = @key ORDER BY revision LIMIT 1", new { kind, key }, cancellation);

    internal static Task<SettingsEntry?> Find(NpgsqlConnection connection, long revision, CancellationToken cancellation) =>
        One(connection, "WHERE revision = @revision", new { revision }, cancellation);

    internal static async Task<IReadOnlyList<SettingsEntry>> Many(NpgsqlConnection connection, string where, object parameters, CancellationToken cancellation) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM settings_journal {where}", parameters, cancellationToken: cancellation)))
            .Select(row => row.ToEntry())];

    private static async Task<SettingsEntry?> One(NpgsqlConnection connection, string where, object parameters, CancellationToken cancellation) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM settings_journal {where}", parameters, cancellationToken: cancellation)))
            ?.ToEntry();
}
