using System.Buffers;
using System.Security.Cryptography;

namespace IspBilling.Http.Statements;

/// <summary>
/// An uploaded file on disk, gone when disposed. Only a whole file is read: a slow or broken upload holds no transaction, and its
/// hash tells whether a repeated request is the same one.
/// </summary>
internal sealed class SpooledUpload : IAsyncDisposable
{
    private const int BufferSize = 128 * 1024;
    private readonly FileStream _file;

    private SpooledUpload(FileStream file, string fileName, byte[] hash) => (_file, FileName, Hash) = (file, fileName, hash);

    /// <summary>As the caller named it; for messages only.</summary>
    public string FileName { get; }

    /// <summary>SHA-256 of the content.</summary>
    public byte[] Hash { get; }

    public Stream Content => _file;

    public static async Task<SpooledUpload> Receive(Stream body, string fileName, CancellationToken cancellation)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"ispbilling-upload-{Guid.NewGuid():n}"), Options());
        // Without its name it stays until it is closed, and a process that is killed leaves nothing behind.
        if (!OperatingSystem.IsWindows()) File.Delete(file.Name);
        try
        {
            var hash = await Copy(body, file, cancellation);
            file.Position = 0;
            return new SpooledUpload(file, fileName, hash);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <summary>Payments are nobody else's business, on a shared machine too.</summary>
    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous | FileOptions.SequentialScan,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static async Task<byte[]> Copy(Stream from, FileStream to, CancellationToken cancellation)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await from.ReadAsync(buffer, cancellation) is var read and > 0)
            {
                sha.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            return sha.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
