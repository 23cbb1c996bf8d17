using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using IspBilling.Domain;
using IspBilling.Outreach.Sms;
using Microsoft.AspNetCore.DataProtection;

namespace IspBilling.Http.Sms;

/// <summary>Under which address others reach this installation; null while nobody does.</summary>
public sealed record PublicOrigin(Uri? Address);

/// <summary>
/// Addresses at which targets tell what became of messages. Each holds what it is for, sealed with the key ring: who does not know one cannot make
/// one up, and one for a message tells of no other.
/// </summary>
public sealed class ReceiptAddresses(IDataProtectionProvider protection, PublicOrigin origin) : IReceiptAddresses
{
    public const string Path = "/v1/receipts";

    private readonly IDataProtector _seal = protection.CreateProtector("IspBilling.Receipt");

    public ValueTask<string?> Of(string target, DeliveryId delivery, CancellationToken cancellation) => ValueTask.FromResult(Address($"{target} {delivery}"));

    /// <summary>For a gateway that calls one address for all messages, set in its own administration.</summary>
    public string? OfAll(string target) => Address(target);

    /// <summary>What an address is for; its delivery is null when it is for all.</summary>
    public bool TryRead(string token, [NotNullWhen(true)] out string? target, out DeliveryId? delivery)
    {
        (target, delivery) = (null, null);
        try
        {
            var parts = _seal.Unprotect(token).Split(' ');
            if (parts.Length == 2) delivery = DeliveryId.Parse(parts[1], CultureInfo.InvariantCulture);
            target = parts[0];
            return true;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private string? Address(string what) => origin.Address is { } address ? new Uri(address, $"{Path}/{_seal.Protect(what)}").AbsoluteUri : null;
}
