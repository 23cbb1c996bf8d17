using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// The hash that an event should carry, by what stands in its row: computed without the classes that write it, or both would err alike.
/// ADR 16 says what is hashed.
/// </summary>
internal static class EventHash
{
    private const byte Format = 2, PlainName = 0, CommittedName = 1;

    /// <param name="nameCommitment">Null where the actor's name is hashed as it is.</param>
    /// <param name="before">The hash of the event before; empty for the first.</param>
    public static byte[] Of(long account, EventRow row, byte[]? nameCommitment, byte[] before)
    {
        using var hashed = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hashed.AppendData(before);
        Number(hashed, account);
        Number(hashed, row.Version);
        if (row.Kind is null) OfEarlierRelease(hashed, row);
        else WithOrigin(hashed, row, row.Kind, nameCommitment);
        hashed.AppendData(row.Payload);
        return hashed.GetHashAndReset();
    }

    /// <summary>Up to 2026-11-26: who asked, when and by which command could be changed unseen.</summary>
    private static void OfEarlierRelease(IncrementalHash hashed, EventRow row)
    {
        hashed.AppendData(Encoding.ASCII.GetBytes(row.Name));
        hashed.AppendData([0]);
    }

    private static void WithOrigin(IncrementalHash hashed, EventRow row, string kind, byte[]? nameCommitment)
    {
        hashed.AppendData([Format]);
        Number(hashed, row.At);
        hashed.AppendData((row.Command ?? Guid.Empty).ToByteArray(bigEndian: true));
        Text(hashed, kind);
        Text(hashed, row.Id ?? "");
        hashed.AppendData([nameCommitment is null ? PlainName : CommittedName]);
        if (nameCommitment is null) Text(hashed, row.By);
        else hashed.AppendData(nameCommitment);
        Text(hashed, row.Name);
    }

    private static void Number(IncrementalHash hashed, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hashed.AppendData(bytes);
    }

    private static void Text(IncrementalHash hashed, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hashed.AppendData(length);
        hashed.AppendData(bytes);
    }
}
