using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using IspBilling.Engine.Accounts;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Settings;

public readonly record struct ApiKeyId(int Value);

/// <param name="RevokedAt">Null while the key is good.</param>
public sealed record ApiKey(ApiKeyId Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>A key of the name exists, or did before it was revoked.</summary>
public sealed class ApiKeyNameTakenException(string name) : Exception($"a key named '{name}' exists already; what a key asks for is told apart by its name");

/// <summary>Who may call. A key is shown once, when it is made; stored is only its SHA-256, enough for 256 random bits.</summary>
public sealed class ApiKeyStore(NpgsqlDataSource database)
{
    public const string Prefix = "isp_";
    public const int MaxNameLength = 100;
    public const int MaxScopes = 50;

    private const int RandomBytes = 32;

    private const string Columns = "id, name, scopes, created_at AS CreatedAt, revoked_at AS RevokedAt";

    /// <summary>Longer than any key that was ever given out; more is not worth hashing.</summary>
    private const int MaxKeyLength = 100;

    /// <param name="Scopes">Of <c>string</c>; the driver names no closer type for an array column.</param>
    private sealed record Row(int Id, string Name, Array Scopes, DateTime CreatedAt, DateTime? RevokedAt)
    {
        public ApiKey ToKey() => new(
            new ApiKeyId(Id), Name, (string[])Scopes, new DateTimeOffset(CreatedAt, TimeSpan.Zero),
            RevokedAt is { } revoked ? new DateTimeOffset(revoked, TimeSpan.Zero) : null);
    }

    /// <returns>The key in plain text, which nobody can see again.</returns>
    /// <exception cref="ApiKeyNameTakenException">Another key has the name, or had it: the journal names who asked by it.</exception>
    public async Task<(ApiKey Key, string Plain)> Create(string name, IReadOnlyCollection<string> scopes, Authorship by, CancellationToken cancellation)
    {
        if (name.Length is 0 or > MaxNameLength) throw new ArgumentException($"a name of 1 to {MaxNameLength} characters expected", nameof(name));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scopes.Count, MaxScopes, nameof(scopes));
        var plain = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        await using var command = new NpgsqlCommand(
            "INSERT INTO api_keys (hash, name, scopes, created_at) VALUES (@hash, @name, @scopes, @at) ON CONFLICT (lower(name)) DO NOTHING RETURNING id", connection)
            .With("hash", NpgsqlDbType.Bytea, HashOf(plain))
            .With("name", NpgsqlDbType.Text, name)
            .With("scopes", NpgsqlDbType.Array | NpgsqlDbType.Text, scopes.ToArray())
            .With("at", NpgsqlDbType.TimestampTz, by.At.ToUniversalTime());
        if (await command.ExecuteScalarAsync(cancellation) is not int id) throw new ApiKeyNameTakenException(name);
        var key = new ApiKey(new ApiKeyId(id), name, [.. scopes], by.At, RevokedAt: null);
        var fingerprint = JsonSerializer.Serialize(SaltedFingerprint.Of(Convert.ToHexStringLower(HashOf(plain))));
        await turn.Append(ChangeOf(key.Id, before: null, await Definition(connection, key.Id, fingerprint, cancellation)), by, cancellation);
        await transaction.CommitAsync(cancellation);
        return (key, plain);
    }

    /// <summary>The good key that a caller shows; null when it is unknown or revoked.</summary>
    /// <remarks>
    /// Every text of a key's length costs the same: a hash and one lookup by it. How long the lookup takes can tell something
    /// about hashes only, from which no key follows.
    /// </remarks>
    public async Task<ApiKey?> Find(string plain, CancellationToken cancellation)
    {
        if (plain.Length > MaxKeyLength) return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM api_keys WHERE hash = @hash", new { hash = HashOf(plain) }, cancellationToken: cancellation));
        return row is { RevokedAt: null } ? row.ToKey() : null;
    }

    /// <summary>False when there is no such key; a revoked one stays revoked since when it was.</summary>
    public async Task<bool> Revoke(ApiKeyId key, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        var last = await SettingsEntry.Last(connection, SettingKinds.ApiKey, key.Value.ToString(CultureInfo.InvariantCulture), cancellation);
        var fingerprint = last?.After is { } told && JsonElement.Parse(told).TryGetProperty("secret", out var kept) ? kept.GetRawText() : null;
        if (await Definition(connection, key, fingerprint, cancellation) is not { } before) return false;
        await using var command = new NpgsqlCommand("UPDATE api_keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL", connection)
            .With("id", NpgsqlDbType.Integer, key.Value)
            .With("at", NpgsqlDbType.TimestampTz, by.At.ToUniversalTime());
        if (await command.ExecuteNonQueryAsync(cancellation) == 0) return true;
        await turn.Append(ChangeOf(key, last is null ? before : last.After, await Definition(connection, key, fingerprint, cancellation)), by, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>All keys, good and revoked, ordered by id, after a cursor.</summary>
    public async Task<IReadOnlyList<ApiKey>> List(ApiKeyId after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM api_keys WHERE id > @after ORDER BY id LIMIT @max",
            new { after = after.Value, max = PageSize.Reading(max) }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToKey())];
    }

    private static SettingsChange ChangeOf(ApiKeyId key, string? before, string? after) =>
        new(SettingKinds.ApiKey, key.Value.ToString(CultureInfo.InvariantCulture), "api-key.v1", before, after);

    /// <summary>What the settings journal says of a key: everything but its secret and the secret's hash. Null when there is none.</summary>
    /// <param name="fingerprint">JSON by which the audit knows the hash again; null of a key that an earlier release made.</param>
    private static Task<string?> Definition(NpgsqlConnection connection, ApiKeyId key, string? fingerprint, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            SELECT json_strip_nulls(json_build_object(
                'name', name, 'scopes', to_json(scopes), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'revokedAt', to_char(revoked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'secret', @fingerprint::json))::text
            FROM api_keys WHERE id = @id
            """,
            new { id = key.Value, fingerprint }, cancellationToken: cancellation));

    private static byte[] HashOf(string plain) => SHA256.HashData(Encoding.UTF8.GetBytes(plain));
}
