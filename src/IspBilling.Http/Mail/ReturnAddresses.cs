using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Access.Ring;
using IspBilling.Domain;
using IspBilling.Http.Sms;
using IspBilling.Outreach.Mail;

namespace IspBilling.Http.Mail;

/// <summary>
/// Addresses at which services that send for an issuer tell of returned mails: <c>1-</c> and 160 bits of an HMAC-SHA256. Whoever does not know the secret cannot
/// make one up; another secret (<c>mail/returns-key</c>) makes the old addresses nobody's.
/// </summary>
public sealed class ReturnAddresses(SecretStore secrets, PublicOrigin origin)
{
    public const string Path = "/v1/receipts/mail";

    private const int MacBytes = 20;

    /// <returns>Null while nobody from outside can reach this installation, or nothing is set.</returns>
    public async Task<string?> Of(IssuerId issuer, CancellationToken cancellation) =>
        origin.Address is { } address && await secrets.Find(IMailSettings.ReturnsSecret, cancellation) is { } secret ? new Uri(address, $"{Path}/{Token(issuer, secret)}").AbsoluteUri : null;

    /// <returns>Whose the address is; null when it is nobody's.</returns>
    public async Task<IssuerId?> Read(string token, CancellationToken cancellation)
    {
        if (token.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash) || !int.TryParse(token[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        if (await secrets.Find(IMailSettings.ReturnsSecret, cancellation) is not { } secret) return null;
        var issuer = new IssuerId(number);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token(issuer, secret))) ? issuer : null;
    }

    private static string Token(IssuerId issuer, string secret)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{issuer.Value}");
        return $"{name}-{Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"mail returns {name}")).AsSpan(0, MacBytes))}";
    }
}
