namespace IspBilling.Banking.Detection;

/// <summary>The first bytes of a forward-only file, and the way to read the file as if they had not been read.</summary>
internal sealed class FilePrefix
{
    /// <summary>Enough for a byte order mark, an XML declaration with comments and the root element, or the head of a Fio file.</summary>
    private const int MaxBytes = 16 * 1024;

    private readonly byte[] _bytes;
    private readonly int _length;

    private FilePrefix(byte[] bytes, int length) => (_bytes, _length) = (bytes, length);

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public ReadOnlyMemory<byte> From(int position) => _bytes.AsMemory(position, _length - position);

    public static async ValueTask<FilePrefix> Peek(Stream file, CancellationToken cancellation)
    {
        var bytes = new byte[MaxBytes];
        var length = await file.ReadAtLeastAsync(bytes, MaxBytes, throwOnEndOfStream: false, cancellation);
        return new FilePrefix(bytes, length);
    }

    public MemoryStream OpenRead(int from) => new(_bytes, from, _length - from, writable: false);

    /// <summary>The prefix from a position, then the rest of the file.</summary>
    public Stream Replay(Stream rest, int from) => new ReplayStream(_bytes.AsMemory(from, _length - from), rest);
}
