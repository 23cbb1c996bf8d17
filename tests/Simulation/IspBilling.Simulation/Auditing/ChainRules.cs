using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Simulation.Auditing;

/// <summary>What the chain of an account's events must be, computed by none of the engine's classes that write it.</summary>
internal static class ChainRules
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] HashOf(AccountId account, ChainedEvent entry, ReadOnlySpan<byte> before, long version)
    {
        using var hashed = new MemoryStream();
        hashed.Write(before);
        Number(hashed, account.Value);
        Number(hashed, version);
        hashed.WriteByte(2);
        Number(hashed, (entry.Origin.At - Epoch).Ticks / 10);
        hashed.Write((entry.Origin.Command?.Value ?? Guid.Empty).ToByteArray(bigEndian: true));
        Text(hashed, entry.Origin.By.Kind.ToString());
        Text(hashed, entry.Origin.By.Id);
        var isPerson = entry.Origin.By.Kind is ActorKind.Person or ActorKind.ApiKey or ActorKind.Client;
        hashed.WriteByte((byte)(isPerson ? 1 : 0));
        if (isPerson) hashed.Write(Commitment(Open(entry).GetProperty("actor").GetProperty("salt").GetBytesFromBase64(), entry.Origin.By.Name));
        else Text(hashed, entry.Origin.By.Name);
        Text(hashed, entry.Name);
        hashed.Write(entry.Payload);
        return SHA256.HashData(hashed.ToArray());
    }

    /// <summary>What of the event's commitments does not open; null when all do. Nothing is ever erased here.</summary>
    public static string? Closed(ChainedEvent entry)
    {
        using var payload = JsonDocument.Parse(entry.Payload);
        var commitments = Commitments(payload.RootElement).ToDictionary(found => found.Part, found => found.Commitment);
        var parts = entry.Personal.Length == 0 ? [] : Open(entry).GetProperty("parts").EnumerateArray().ToList();
        if (parts.Count != commitments.Count) return $"{parts.Count} personal parts for {commitments.Count} commitments";
        for (var i = 0; i < parts.Count; i++)
        {
            var (salt, text) = (parts[i].GetProperty("salt").GetBytesFromBase64(), parts[i].GetProperty("value").GetString()!);
            if (salt.Length < 16) return $"part {i} has a salt of {salt.Length} bytes";
            if (!commitments.TryGetValue(i, out var commitment) || !commitment.AsSpan().SequenceEqual(Commitment(salt, text))) return $"part {i} does not open its commitment";
        }

        return null;
    }

    private static JsonElement Open(ChainedEvent entry)
    {
        using var json = JsonDocument.Parse(entry.Personal);
        return json.RootElement.Clone();
    }

    private static byte[] Commitment(byte[] salt, string text) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]);

    private static IEnumerable<(int Part, byte[] Commitment)> Commitments(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Commitments),
        JsonValueKind.Object when element.TryGetProperty("sha256", out var commitment) => [(element.GetProperty("part").GetInt32(), commitment.GetBytesFromBase64())],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Commitments(member.Value)),
        _ => [],
    };

    private static void Number(MemoryStream hashed, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hashed.Write(bytes);
    }

    private static void Text(MemoryStream hashed, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hashed.Write(length);
        hashed.Write(bytes);
    }
}
