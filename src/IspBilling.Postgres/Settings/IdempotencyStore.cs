using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Settings;

public enum IdempotencyClaim
{
    /// <summary>The key was never used.</summary>
    New,

    /// <summary>The key was used for this very request: do it again, it will change nothing.</summary>
    Same,

    /// <summary>The key was used for another request: refuse.</summary>
    Different,
}

/// <summary>Tells callers apart by one number: an API key's, or a person's below zero.</summary>
public readonly record struct CallerNumber(int Value)
{
    public static CallerNumber Of(ApiKeyId key) => new(key.Value);

    /// <param name="person">Its number.</param>
    public static CallerNumber OfPerson(int person) => new(-person);
}

/// <param name="Status">How the first request under the key was answered; null when that is not known, or it was refused.</param>
public readonly record struct ClaimedKey(IdempotencyClaim Claim, int? Status);

/// <summary>
/// What a caller's idempotency key was used for, so that it cannot mean two things. Of the answer it keeps the status alone: commands
/// derive their ids from the key, and accounts remember their replies.
/// </summary>
public sealed class IdempotencyStore(NpgsqlDataSource database)
{
    public const int MaxKeyLength = 200;

    /// <summary>Bytes of a request's hash (SHA-256).</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <exception cref="ArgumentException">The key is empty or too long, or the hash is none.</exception>
    public async Task<ClaimedKey> Claim(
        CallerNumber caller, string key, ReadOnlyMemory<byte> requestHash, DateTimeOffset at, CancellationToken cancellation)
    {
        if (key.Length is 0 or > MaxKeyLength) throw new ArgumentException($"a key of 1 to {MaxKeyLength} characters expected", nameof(key));
        if (requestHash.Length != HashLength) throw new ArgumentException($"a hash of {HashLength} bytes expected", nameof(requestHash));
        // The insert waits for another one of the same key; a key that is taken by then is read by a statement of its own,
        // which sees what the other has committed.
        await using var insert = Of(
            """
            INSERT INTO idempotency_keys (api_key, key, request_hash, created_at) VALUES (@api_key, @key, @hash, @at)
            ON CONFLICT (api_key, key) DO NOTHING
            """,
            caller, key, requestHash).With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime());
        if (await insert.ExecuteNonQueryAsync(cancellation) == 1) return new ClaimedKey(IdempotencyClaim.New, null);

        await using var compare = Of(
            "SELECT status FROM idempotency_keys WHERE api_key = @api_key AND key = @key AND request_hash = @hash", caller, key, requestHash);
        return await compare.ExecuteScalarAsync(cancellation) switch
        {
            null => new ClaimedKey(IdempotencyClaim.Different, null),
            short status => new ClaimedKey(IdempotencyClaim.Same, status),
            _ => new ClaimedKey(IdempotencyClaim.Same, null),
        };
    }

    /// <summary>Keeps how the first request under a key was answered; what is known already stands.</summary>
    public async Task Answered(CallerNumber caller, string key, int status, CancellationToken cancellation)
    {
        await using var command = database
            .CreateCommand("UPDATE idempotency_keys SET status = @status WHERE api_key = @api_key AND key = @key AND status IS NULL")
            .With("api_key", NpgsqlDbType.Integer, caller.Value)
            .With("key", NpgsqlDbType.Text, key)
            .With("status", NpgsqlDbType.Smallint, (short)status);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets keys used before an instant; callers repeat requests for days, not for years.</summary>
    /// <returns>How many.</returns>
    public async Task<int> Forget(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("DELETE FROM idempotency_keys WHERE created_at < @before")
            .With("before", NpgsqlDbType.TimestampTz, before.ToUniversalTime());
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Of(string sql, CallerNumber caller, string key, ReadOnlyMemory<byte> hash) => database.CreateCommand(sql)
        .With("api_key", NpgsqlDbType.Integer, caller.Value)
        .With("key", NpgsqlDbType.Text, key)
        .With("hash", NpgsqlDbType.Bytea, hash);
}
