using System.Security.Cryptography;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.DataProtection;

namespace IspBilling.Access.Ring;

/// <summary>
/// Secrets that others gave us: tokens of banks, passwords of mail servers and devices. Stored encrypted with the key ring, each under its
/// own name, so that one put in another's place does not open.
/// </summary>
public sealed class SecretStore(SecretRows rows, IDataProtectionProvider protection)
{
    public const int MaxNameLength = 100;
    public const int MaxLength = 8_000;

    /// <inheritdoc cref="SecretRows.Max"/>
    public const int Max = SecretRows.Max;

    /// <summary>False, and nothing stored, when there are <see cref="Max"/> others already.</summary>
    /// <param name="name">Lower-case letters, digits, hyphens, dots and slashes: <c>fio/19-2000145399</c>.</param>
    /// <exception cref="ArgumentException">No such name, or a secret that is empty or too long.</exception>
    public Task<bool> Put(string name, string secret, Authorship by, CancellationToken cancellation)
    {
        if (!IsName(name)) throw new ArgumentException($"a name of 1 to {MaxNameLength} lower-case letters, digits, hyphens, dots and slashes expected", nameof(name));
        if (secret.Length is 0 or > MaxLength) throw new ArgumentException($"a secret of 1 to {MaxLength} characters expected", nameof(secret));
        return rows.Put(name, ProtectorOf(name).Protect(secret), by, cancellation);
    }

    /// <summary>Null when there is none of the name.</summary>
    /// <exception cref="CryptographicException">It was changed in the database, or comes from another one.</exception>
    public async Task<string?> Find(string name, CancellationToken cancellation) =>
        await rows.Find(name, cancellation) is { } stored ? ProtectorOf(name).Unprotect(stored) : null;

    /// <summary>False when there was none of the name.</summary>
    public Task<bool> Remove(string name, Authorship by, CancellationToken cancellation) => rows.Remove(name, by, cancellation);

    /// <summary>Which there are, without what they are.</summary>
    public Task<IReadOnlyList<SecretEntry>> List(string after, int max, CancellationToken cancellation) => rows.List(after, max, cancellation);

    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(letter => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '-' or '.' or '/');

    private IDataProtector ProtectorOf(string name) => protection.CreateProtector("IspBilling.Secret", name);
}
