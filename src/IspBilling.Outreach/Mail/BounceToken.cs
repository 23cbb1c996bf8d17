using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Outreach.Mail;

/// <summary>
/// The delivery that a returned mail is about, in a form that nobody else can make: <c>42-17-1-</c> and the first 80 bits of an HMAC-SHA256 of it,
/// in hexadecimal digits.
/// </summary>
public sealed class BounceToken(string secret)
{
    private const int MacBytes = 10;

    private const string Prefix = "bounce+";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    public string Of(DeliveryId delivery) => $"{delivery}-{Mac(delivery)}";

    public string Address(DeliveryId delivery, string domain) => $"{Prefix}{Of(delivery)}@{domain}";

    /// <returns>Null when it is none of ours.</returns>
    public DeliveryId? Read(string? token)
    {
        if (token is null || token.LastIndexOf('-') is not (> 0 and var dash) || !DeliveryId.TryParse(token[..dash], null, out var delivery)) return null;
        var said = Encoding.ASCII.GetBytes(token[(dash + 1)..].ToLowerInvariant());
        return CryptographicOperations.FixedTimeEquals(said, Encoding.ASCII.GetBytes(Mac(delivery))) ? delivery : null;
    }

    /// <param name="address">To which a mail came back.</param>
    /// <returns>Null when it is none of ours.</returns>
    public DeliveryId? ReadAddress(string? address)
    {
        if (address is null || !address.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || address.IndexOf('@', StringComparison.Ordinal) is not (> 0 and var at)) return null;
        return Read(address[Prefix.Length..at]);
    }

    private string Mac(DeliveryId delivery) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"bounce {delivery}")).AsSpan(0, MacBytes));
}
