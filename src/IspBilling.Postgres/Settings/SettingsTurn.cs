using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Settings;

/// <summary>One change of one setting.</summary>
/// <param name="Kind">See <see cref="Engine.Accounts.SettingKinds"/>; at most <see cref="SettingsTurn.MaxNameLength"/> characters.</param>
/// <param name="Key">Which setting of the kind.</param>
/// <param name="Name">Stored name of the JSON shape: <c>tariff.v1</c>.</param>
/// <param name="Before">JSON; null for a new setting.</param>
/// <param name="After">JSON; null for one that is gone.</param>
/// <param name="Personal">
/// JSON of what a person may ask to be forgotten. It is no part of <paramref name="Before"/> and <paramref name="After"/>, which stay for ever;
/// the chain holds its salted commitment only.
/// </param>
public sealed record SettingsChange(string Kind, string Key, string Name, string? Before, string? After, string? Personal = null);

/// <summary>
/// A writer's turn at the settings, within a transaction of its own: the row of the setting and the journal's entry become durable together.
/// Writers take turns, so that revisions have no gap and are committed in their order. Whoever also locks rows takes the turn first.
/// </summary>
public sealed class SettingsTurn
{
    public const int MaxNameLength = 64;
    public const int MaxKeyLength = 200;

    /// <summary>"ISPSETTG" in ASCII; advisory locks of one database share one number space.</summary>
    private const long WriterLock = 0x49_53_50_53_45_54_54_47;

    private const int SaltLength = 16;

    private readonly NpgsqlConnection _connection;
    private long _revision;
    private byte[] _hash;

    private SettingsTurn(NpgsqlConnection connection, long revision, byte[] hash) => (_connection, _revision, _hash) = (connection, revision, hash);

    private sealed record Head(long Revision, byte[] Hash);

    /// <summary>Waits until no other writer has a turn; it lasts as long as the transaction.</summary>
    public static async Task<SettingsTurn> Take(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var connection = transaction.Connection ?? throw new ArgumentException("the transaction has ended", nameof(transaction));
        await connection.ExecuteAsync(new CommandDefinition($"SELECT pg_advisory_xact_lock({WriterLock})", cancellationToken: cancellation));
        var head = await connection.QuerySingleOrDefaultAsync<Head>(new CommandDefinition(
            "SELECT revision, hash FROM settings_journal ORDER BY revision DESC LIMIT 1", cancellationToken: cancellation));
        return new SettingsTurn(connection, head?.Revision ?? 0, head?.Hash ?? []);
    }

    /// <summary>The revision that the next entry gets.</summary>
    public long Next => _revision + 1;

    /// <summary>Whether an author's command changed the setting before: asked again, it changes nothing, whoever changed it since.</summary>
    /// <exception cref="SettingMovedOnException">The author had another revision in front of them than there is now.</exception>
    public async Task<bool> IsDone(string kind, string key, Authorship by, CancellationToken cancellation)
    {
        var done = by.Command is { } command && await _connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM settings_journal WHERE command = @command AND kind = @kind AND key = @key)",
            new { command, kind, key }, cancellationToken: cancellation));
        if (done || by.BasedOn is not { } basedOn) return done;
        var current = await SettingsEntry.Last(_connection, kind, key, cancellation);
        // One that was removed can be made anew, by who saw that there is none.
        if (current is { After: null }) current = null;
        if ((current?.Revision ?? 0) == basedOn) return false;
        var seen = await SettingsEntry.Find(_connection, basedOn, cancellation);
        throw new SettingMovedOnException(current, seen is { } entry && entry.Kind == kind && entry.Key == key ? seen : null);
    }

    /// <returns>The entry's revision.</returns>
    /// <exception cref="ArgumentException">Something is longer than it may be, or nothing changes.</exception>
    public async Task<long> Append(SettingsChange change, Authorship by, CancellationToken cancellation)
    {
        RequireLengths(change, by);
        if (change.Before == change.After && change.Personal is null) throw new ArgumentException("an entry tells of a change", nameof(change));
        var micros = (by.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var commitment = SHA256.HashData([.. salt, .. Parts(by.Actor.Name, by.Reason, change.Personal)]);
        var revision = Next;
        byte[] hash =
        [
            .. _hash,
            .. Parts(
                revision.ToString(CultureInfo.InvariantCulture), change.Kind, change.Key, change.Name, by.Actor.Kind.ToString(), by.Actor.Id,
                by.Command?.ToString("D"), micros.ToString(CultureInfo.InvariantCulture), change.Before, change.After, Convert.ToHexStringLower(commitment)),
        ];
        hash = SHA256.HashData(hash);
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO settings_journal (revision, kind, key, name, actor_kind, actor_id, command, at, before, after, actor_name, reason, personal, salt, commitment, hash)
            VALUES (@revision, @kind, @key, @name, @actorKind, @actorId, @command, @at, @before, @after, @actorName, @reason, @personal, @salt, @commitment, @hash)
            """,
            _connection)
            .With("revision", NpgsqlDbType.Bigint, revision)
            .With("kind", NpgsqlDbType.Text, change.Kind)
            .With("key", NpgsqlDbType.Text, change.Key)
            .With("name", NpgsqlDbType.Text, change.Name)
            .With("actorKind", NpgsqlDbType.Text, by.Actor.Kind.ToString())
            .With("actorId", NpgsqlDbType.Text, by.Actor.Id)
            .With("command", NpgsqlDbType.Uuid, by.Command)
            .With("at", NpgsqlDbType.TimestampTz, DateTimeOffset.UnixEpoch.AddMicroseconds(micros))
            .With("before", NpgsqlDbType.Text, change.Before)
            .With("after", NpgsqlDbType.Text, change.After)
            .With("actorName", NpgsqlDbType.Text, by.Actor.Name)
            .With("reason", NpgsqlDbType.Text, by.Reason)
            .With("personal", NpgsqlDbType.Text, change.Personal)
            .With("salt", NpgsqlDbType.Bytea, salt)
            .With("commitment", NpgsqlDbType.Bytea, commitment)
            .With("hash", NpgsqlDbType.Bytea, hash);
        await insert.ExecuteNonQueryAsync(cancellation);
        (_revision, _hash) = (revision, hash);
        return revision;
    }

    private static void RequireLengths(SettingsChange change, Authorship by)
    {
        Require(change.Kind.Length is > 0 and <= MaxNameLength, "a kind", MaxNameLength, nameof(change));
        Require(change.Key.Length is > 0 and <= MaxKeyLength, "a key", MaxKeyLength, nameof(change));
        Require(change.Name.Length is > 0 and <= MaxNameLength, "a stored name", MaxNameLength, nameof(change));
        Require(by.Actor.Id.Length <= Domain.Actor.MaxLength && by.Actor.Name.Length <= Domain.Actor.MaxLength, "an actor", Domain.Actor.MaxLength, nameof(by));
        Require(by.Reason is not { Length: > Authorship.MaxReasonLength }, "a reason", Authorship.MaxReasonLength, nameof(by));
        if (by.At < DateTimeOffset.UnixEpoch) throw new ArgumentException("a time that a clock tells expected", nameof(by));

        static void Require(bool isSo, string what, int max, string parameter)
        {
            if (!isSo) throw new ArgumentException($"{what} of at most {max} characters expected", parameter);
        }
    }

    /// <summary>Each text in UTF-8 behind its length in bytes (32 bits, big-endian; −1 for none), so that no two lists of texts look the same.</summary>
    internal static byte[] Parts(params ReadOnlySpan<string?> texts)
    {
        var bytes = new List<byte>();
        Span<byte> length = stackalloc byte[4];
        foreach (var text in texts)
        {
            byte[] encoded = text is null ? [] : Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : encoded.Length);
            bytes.AddRange(length);
            bytes.AddRange(encoded);
        }

        return [.. bytes];
    }
}
