using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Access.Rights;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Security;

/// <summary>A good key, who asks by it and what for.</summary>
internal sealed record KnownKey(ApiKey Key, Caller Caller, RightSet Rights)
{
    public static KnownKey Of(ApiKey key) => new(key, Caller.Of(key), RightNames.Read(key.Scopes));
}

/// <summary>
/// Keys looked up a moment ago, so that a busy caller does not cost a query per request. A key revoked elsewhere is known here for at
/// most <see cref="Lifetime"/>, unless this one is told. Wrong keys are not kept: they could be any number.
/// </summary>
internal sealed class KnownKeys(ApiKeyStore store, TimeProvider clock) : ISettingsMemory
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private const int Max = 1_000;

    private readonly ConcurrentDictionary<string, (KnownKey Key, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Null when the key is unknown or revoked.</summary>
    public async ValueTask<KnownKey?> Find(string secret, CancellationToken cancellation)
    {
        if (!secret.StartsWith(ApiKeyStore.Prefix, StringComparison.Ordinal)) return null;
        var now = clock.GetUtcNow();
        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        if (_known.TryGetValue(name, out var known) && now < known.Until) return known.Key;
        if (await store.Find(secret, cancellation) is not { } key)
        {
            _known.TryRemove(name, out _);
            return null;
        }

        if (_known.Count >= Max) Forget();
        var found = KnownKey.Of(key);
        _known[name] = (found, now + Lifetime);
        return found;
    }

    public async ValueTask<KnownKey?> Find(ApiKeyId id, CancellationToken cancellation) =>
        await store.List(new ApiKeyId(id.Value - 1), 1, cancellation) is [{ RevokedAt: null } key] && key.Id == id ? KnownKey.Of(key) : null;

    public void Forget() => _known.Clear();
}
