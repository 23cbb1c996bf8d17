using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.Journal;

/// <summary>
/// Each event of an account carries the hash of the one before it, so that changing, removing or inserting one later shows.
/// A chain per account needs no global lock.
/// </summary>
public static class HashChain
{
    public const int Length = SHA256.HashSizeInBytes;

    private const int MaxNameLength = 64;

    /// <summary>SHA-256 of: hash before (32 bytes, none for the first) · account · version (both 64-bit big-endian) · name · 0 · payload.</summary>
    public static void Next(ReadOnlySpan<byte> before, AccountId account, long version, string name, ReadOnlySpan<byte> payload, Span<byte> hash)
    {
        var size = before.Length + 16 + MaxNameLength + 1 + payload.Length;
        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            before.CopyTo(rented);
            var at = before.Length;
            BinaryPrimitives.WriteInt64BigEndian(rented.AsSpan(at), account.Value);
            BinaryPrimitives.WriteInt64BigEndian(rented.AsSpan(at + 8), version);
            at += 16;
            at += Encoding.ASCII.GetBytes(name, rented.AsSpan(at, MaxNameLength));
            rented[at++] = 0;
            payload.CopyTo(rented.AsSpan(at));

            // One call over one buffer: an incremental hash costs more than the copy.
            SHA256.HashData(rented.AsSpan(0, at + payload.Length), hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
