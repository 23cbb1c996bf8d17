using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.Accounts;

/// <summary>Command ids derived from what the command is about, so that a resumed job asks with the same id.</summary>
public static class CommandIds
{
    public static CommandId Derive(string scope, Guid job, long part)
    {
        Span<byte> input = stackalloc byte[16 + 8 + 64];
        job.TryWriteBytes(input);
        BitConverter.TryWriteBytes(input[16..], part);
        var length = 24 + Encoding.ASCII.GetBytes(scope, input[24..]);
        return FromHash(input[..length]);
    }

    public static CommandId Derive(string scope, string subject) => FromHash(Encoding.UTF8.GetBytes($"{scope}\n{subject}"));

    private static CommandId FromHash(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return new CommandId(new Guid(hash[..16]));
    }
}
