using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IspBilling.Access.People;

/// <summary>Random texts that open something: shown once, kept as SHA-256, which is enough for 256 random bits.</summary>
public static class Tokens
{
    public const string SessionPrefix = "iss_";
    public const string LinkPrefix = "isl_";

    private const int RandomBytes = 32;

    /// <summary>Longer than any token; more is not worth hashing.</summary>
    private const int MaxLength = 100;

    public static (string Plain, byte[] Hash) New(string prefix)
    {
        var plain = prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return (plain, Hash(plain));
    }

    /// <summary>Null for what cannot be a token of that kind.</summary>
    public static byte[]? HashOf(string text, string prefix) =>
        text.Length <= MaxLength && text.StartsWith(prefix, StringComparison.Ordinal) ? Hash(text) : null;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
