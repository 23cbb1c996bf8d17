using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace IspBilling.Postgres.Settings;

/// <summary>
/// By what the audit knows a stored hash again that the settings journal does not tell. The salt is drawn anew for each entry, so that two entries do not tell
/// whether a password was the same.
/// </summary>
/// <param name="Salt">16 random bytes, in hexadecimal.</param>
/// <param name="Sha256">Of the salt and the texts, each behind its length; in hexadecimal.</param>
internal sealed record SaltedFingerprint([property: JsonPropertyName("salt")] string Salt, [property: JsonPropertyName("sha256")] string Sha256)
{
    private const int SaltLength = 16;

    public static SaltedFingerprint Of(params ReadOnlySpan<string?> texts)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new SaltedFingerprint(Convert.ToHexStringLower(salt), Convert.ToHexStringLower(SHA256.HashData([.. salt, .. SettingsTurn.Parts(texts)])));
    }
}
