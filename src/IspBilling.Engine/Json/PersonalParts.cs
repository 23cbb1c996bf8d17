using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IspBilling.Domain;

namespace IspBilling.Engine.Json;

/// <summary>
/// What is personal of one event while it is written: the event keeps a commitment to each part, and the row keeps beside it what opens
/// the commitment. One instance serves event after event.
/// </summary>
/// <remarks>
/// A commitment is the SHA-256 of 16 random bytes and the text. The salt is of its part alone, so that erasing the two leaves a commitment
/// that fits every text equally well: who guesses the few million phone numbers there are learns nothing, nor does one opened part
/// say anything about another.
/// </remarks>
/// <param name="fillSalt">Null for the machine's random numbers.</param>
public sealed class PersonalParts(Action<Span<byte>>? fillSalt = null)
{
    public const int SaltLength = 16;

    private readonly Action<Span<byte>> _fillSalt = fillSalt ?? RandomNumberGenerator.Fill;
    private readonly List<(byte[] Salt, string Value)> _parts = [];
    private readonly byte[] _actorSalt = new byte[SaltLength];
    private readonly byte[] _actorCommitment = new byte[SHA256.HashSizeInBytes];
    private bool _namesPerson;

    /// <summary>There is nothing to keep beside the event.</summary>
    public bool IsEmpty => !_namesPerson && _parts.Count == 0;

    /// <summary>Commits to the actor's name; empty where it is no person's.</summary>
    public ReadOnlySpan<byte> ActorCommitment => _namesPerson ? _actorCommitment : default;

    /// <summary>The next event, asked for by this actor.</summary>
    public void Begin(Actor actor)
    {
        _parts.Clear();
        _namesPerson = PersonalMembers.NamesPeople(actor.Kind);
        if (!_namesPerson) return;
        _fillSalt(_actorSalt);
        Commit(_actorSalt, actor.Name, _actorCommitment);
    }

    /// <summary>What opens the commitments, as it stands beside the event: <see cref="PersonalValues"/> reads it.</summary>
    public static void Write(Utf8JsonWriter writer, PersonalParts parts)
    {
        writer.WriteStartObject();
        if (parts._namesPerson)
        {
            writer.WriteStartObject("actor"u8);
            writer.WriteBase64String("salt"u8, parts._actorSalt);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("parts"u8);
        foreach (var (salt, value) in parts._parts)
        {
            writer.WriteStartObject();
            writer.WriteBase64String("salt"u8, salt);
            writer.WriteString("value"u8, value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <returns>The number of the part, from 0.</returns>
    internal int Add(string value, Span<byte> commitment)
    {
        var salt = new byte[SaltLength];
        _fillSalt(salt);
        Commit(salt, value, commitment);
        _parts.Add((salt, value));
        return _parts.Count - 1;
    }

    private static void Commit(ReadOnlySpan<byte> salt, string value, Span<byte> commitment)
    {
        const int OnStack = 512;
        var max = SaltLength + Encoding.UTF8.GetMaxByteCount(value.Length);
        var input = max <= OnStack ? stackalloc byte[OnStack] : new byte[max];
        salt.CopyTo(input);
        var length = SaltLength + Encoding.UTF8.GetBytes(value, input[SaltLength..]);
        SHA256.HashData(input[..length], commitment);
    }
}

/// <summary>The personal texts of one stored event, by the number of their part.</summary>
internal static class PersonalValues
{
    /// <param name="personal">As <see cref="PersonalParts.Write"/> wrote it, or what an erasure left of it.</param>
    /// <returns>Null for a text that was erased.</returns>
    public static ImmutableArray<string?> Read(ReadOnlyMemory<byte> personal)
    {
        if (personal.IsEmpty) return [];
        using var json = JsonDocument.Parse(personal);
        return [.. json.RootElement.GetProperty("parts").EnumerateArray().Select(part => part.TryGetProperty("value", out var value) ? value.GetString() : null)];
    }
}
