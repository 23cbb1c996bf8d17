using System.Security.Cryptography;
using System.Text;

namespace IspBilling.Access.Ring;

/// <summary>The key file cannot be used; the message is one sentence that names the file and never its content.</summary>
public sealed class KeyFileException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Wraps the keys of the ring (AES-256-GCM). It stands in a file outside the database, so that a stolen backup of the database opens nothing.
/// </summary>
public sealed class WrappingKey
{
    private const string Header = "ispbilling-key-1:";
    private const int KeyBytes = 32;
    private const int IdBytes = 8;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly byte[] _key;

    private WrappingKey(byte[] key) => (_key, Id) = (key, Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(Header), .. key]).AsSpan(0, IdBytes)));

    /// <summary>Tells one key from another and gives nothing of it away.</summary>
    public string Id { get; }

    /// <summary>A new key in a new file of mode 0600.</summary>
    /// <exception cref="KeyFileException">The file cannot be made.</exception>
    public static WrappingKey Create(string path)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        // Beside its place first: a file that is there is whole.
        var unfinished = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Header + Convert.ToBase64String(key) + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: false);
            return new WrappingKey(key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The key file {path} cannot be made: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    /// <exception cref="KeyFileException">There is no such file, others may read it, or it holds no key.</exception>
    public static WrappingKey Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMay) != UnixFileMode.None)
                throw new KeyFileException($"The key file {path} may be used by others than its owner: set its mode to 0600.");
            return Parse(File.ReadAllText(path).Trim()) ?? throw new KeyFileException($"The key file {path} holds no key: restore it from where it is kept.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KeyFileException(
                $"The key file {path} is missing, and the database has secrets that only it opens: restore it from where it is kept, or name it by ISPBILLING__KEYFILE.", missing);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The key file {path} cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    internal byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        var wrapped = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = wrapped.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(nonce, plain, wrapped.AsSpan(NonceBytes, plain.Length), wrapped.AsSpan(NonceBytes + plain.Length));
        return wrapped;
    }

    /// <exception cref="CryptographicException">It was wrapped by another key, or changed.</exception>
    internal byte[] Unwrap(ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < NonceBytes + TagBytes) throw new CryptographicException("a wrapped key is cut short");
        var plain = new byte[wrapped.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Decrypt(wrapped[..NonceBytes], wrapped.Slice(NonceBytes, plain.Length), wrapped[(NonceBytes + plain.Length)..], plain);
        return plain;
    }

    private static WrappingKey? Parse(string text)
    {
        var key = new byte[KeyBytes];
        return text.StartsWith(Header, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Header.Length..], key, out var length) && length == KeyBytes
            ? new WrappingKey(key)
            : null;
    }
}
