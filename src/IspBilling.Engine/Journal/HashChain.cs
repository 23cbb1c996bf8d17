using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.Journal;

/// <summary>Where an event came from: who asked, in which commit, when.</summary>
/// <param name="Command">On the first event of its commit; null on those that follow.</param>
/// <param name="At">To the microsecond, as the journal stores it.</param>
public readonly record struct EventOrigin(Actor By, CommandId? Command, DateTimeOffset At);

/// <summary>
/// Each event of an account carries the hash of the one before it, so that changing, removing or inserting one later shows, and so does
/// changing who asked for it, when, or by which command. A chain per account needs no global lock.
/// </summary>
/// <remarks>
/// Events of releases before 2026-11-27 carry a hash of an earlier format, which covered none of the latter; only who verifies a chain needs to
/// know it. An account's chain goes over from one to the other once. What verifies computes both by itself: the audit of the books, and
/// the simulation's.
/// </remarks>
public static class HashChain
{
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Follows the version. In the earlier format the first letter of the event's name stood there, so none can be taken for the other.</summary>
    private const byte Format = 2;

    private const byte PlainName = 0, CommittedName = 1;

    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// SHA-256 of: hash before (32 bytes, none for the first) · account · version (both 64-bit) · 2 · microseconds since 2000-01-01 UTC (64-bit) ·
    /// command (16 bytes as printed; zeros where none) · kind of the actor · its id · 0 and its name, or 1 and the 32 bytes of a commitment to it ·
    /// the event's name · payload. Numbers are big-endian; a text is its length in bytes (32-bit) and its UTF-8; the payload is the rest.
    /// </summary>
    /// <param name="nameCommitment">Empty where the actor's name is no person's.</param>
    public static void Next(
        ReadOnlySpan<byte> before, AccountId account, long version, in EventOrigin origin, ReadOnlySpan<byte> nameCommitment, string name,
        ReadOnlySpan<byte> payload, Span<byte> hash)
    {
        var kind = StoredActor.NameOf(origin.By.Kind);
        var texts = kind.Length + origin.By.Id.Length + origin.By.Name.Length + name.Length;
        var rented = ArrayPool<byte>.Shared.Rent(before.Length + 128 + (3 * texts) + payload.Length);
        try
        {
            before.CopyTo(rented);
            var rest = rented.AsSpan(before.Length);
            BinaryPrimitives.WriteInt64BigEndian(rest, account.Value);
            BinaryPrimitives.WriteInt64BigEndian(rest[8..], version);
            rest[16] = Format;
            BinaryPrimitives.WriteInt64BigEndian(rest[17..], (origin.At - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
            (origin.Command?.Value ?? Guid.Empty).TryWriteBytes(rest[25..], bigEndian: true, out _);
            rest = rest[41..];
            Text(ref rest, kind);
            Text(ref rest, origin.By.Id);
            rest[0] = nameCommitment.IsEmpty ? PlainName : CommittedName;
            rest = rest[1..];
            if (nameCommitment.IsEmpty) Text(ref rest, origin.By.Name);
            else Bytes(ref rest, nameCommitment);
            Text(ref rest, name);
            Bytes(ref rest, payload);

            // One call over one buffer: an incremental hash costs more than the copy.
            SHA256.HashData(rented.AsSpan(0, rented.Length - rest.Length), hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void Text(ref Span<byte> rest, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, rest[4..]);
        BinaryPrimitives.WriteInt32BigEndian(rest, length);
        rest = rest[(4 + length)..];
    }

    private static void Bytes(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }
}
