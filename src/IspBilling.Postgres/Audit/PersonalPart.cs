using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// What stands in a row to open the commitments of its event: each opens to what is there, or was erased whole. Computed without the classes
/// that write it; ADR 16 says what a commitment is.
/// </summary>
internal static class PersonalPart
{
    /// <summary>The commitment to the actor's name that the row should be hashed with; null where the name itself is hashed.</summary>
    public static byte[]? NameCommitment(EventRow row)
    {
        if (row.Personal is null) return null;
        try
        {
            using var json = JsonDocument.Parse(row.Personal);
            if (!json.RootElement.TryGetProperty("actor", out var actor)) return null;
            // Of a name that was erased, the commitment was left in the place of its salt.
            return actor.TryGetProperty("salt", out var salt)
                ? Commitment(salt.GetBytesFromBase64(), row.By)
                : actor.GetProperty("sha256").GetBytesFromBase64();
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return [];
        }
    }

    /// <summary>Which commitment does not open, of an event whose hash is as it should be; null when all do.</summary>
    public static string? Fault(EventRow row)
    {
        // An earlier release committed to nothing.
        if (row.Kind is null) return row.Personal is null ? null : "a personal part in an event of an earlier release";
        try
        {
            return Fault(row.Personal, Commitments(row.Payload));
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return $"unreadable: {unreadable.Message}";
        }
    }

    private static string? Fault(byte[]? personal, SortedDictionary<int, byte[]> commitments)
    {
        if (personal is null) return commitments.Count == 0 ? null : "nothing";
        using var json = JsonDocument.Parse(personal);
        var parts = json.RootElement.GetProperty("parts");
        if (!commitments.Keys.SequenceEqual(Enumerable.Range(0, parts.GetArrayLength())))
            return $"{parts.GetArrayLength()} parts for {commitments.Count} commitments";
        foreach (var (number, commitment) in commitments)
        {
            if (!Opens(parts[number], commitment)) return $"part {number} with another text or salt";
        }

        return null;
    }

    /// <summary>Whether a part is the text that was committed to. An erased one has neither salt nor text.</summary>
    private static bool Opens(JsonElement part, byte[] commitment)
    {
        var (hasSalt, hasText) = (part.TryGetProperty("salt", out var salt), part.TryGetProperty("value", out var text));
        if (!hasSalt && !hasText) return true;
        return hasSalt && hasText && Commitment(salt.GetBytesFromBase64(), text.GetString() ?? "").AsSpan().SequenceEqual(commitment);
    }

    private static byte[] Commitment(byte[] salt, string text) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>Wherever in the event they stand, by the number of the part that opens them.</summary>
    private static SortedDictionary<int, byte[]> Commitments(byte[] payload)
    {
        var found = new SortedDictionary<int, byte[]>();
        // Issuing a document commits to nothing, and most of a journal is that.
        if (payload.AsSpan().IndexOf("\"sha256\""u8) < 0) return found;
        using var json = JsonDocument.Parse(payload);
        Collect(json.RootElement, found);
        return found;
    }

    private static void Collect(JsonElement element, SortedDictionary<int, byte[]> found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Collect(item, found);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("sha256", out var commitment)) found.Add(element.GetProperty("part").GetInt32(), commitment.GetBytesFromBase64());
            else foreach (var member in element.EnumerateObject()) Collect(member.Value, found);
        }
    }

    private static bool IsUnreadable(Exception failure) =>
        failure is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException;
}
