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
        Span<byte> head = stackalloc byte[Length + 16 + MaxNameLength + 1];
        before.CopyTo(head);
        var at = before.Length;
        BinaryPrimitives.WriteInt64BigEndian(head[at..], account.Value);
        BinaryPrimitives.WriteInt64BigEndian(head[(at + 8)..], version);
        at += 16;
        at += Encoding.ASCII.GetBytes(name, head[at..]);
        head[at++] = 0;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(head[..at]);
        sha.AppendData(payload);
        sha.GetHashAndReset(hash);
    }
}
