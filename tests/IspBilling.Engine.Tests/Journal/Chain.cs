using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>Hashes stored events anew, as somebody would who changed one and knows how.</summary>
internal static class Chain
{
    public static byte[] Next(byte[] before, AccountId account, ChainedEvent entry)
    {
        var hash = new byte[HashChain.Length];
        HashChain.Next(before, account, entry.Version, entry.Origin, NameCommitment(entry), entry.Name, entry.Payload, hash);
        return hash;
    }

    private static byte[] NameCommitment(ChainedEvent entry)
    {
        if (entry.Personal.Length == 0) return [];
        using var json = JsonDocument.Parse(entry.Personal);
        if (!json.RootElement.TryGetProperty("actor", out var actor)) return [];
        return actor.TryGetProperty("salt", out var salt)
            ? SHA256.HashData([.. salt.GetBytesFromBase64(), .. Encoding.UTF8.GetBytes(entry.Origin.By.Name)])
            : actor.GetProperty("sha256").GetBytesFromBase64();
    }
}
