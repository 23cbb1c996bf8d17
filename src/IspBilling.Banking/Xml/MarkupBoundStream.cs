using IspBilling.Engine.StatementImports;
using static System.FormattableString;

namespace IspBilling.Banking.Xml;

/// <summary>
/// Refuses XML in which no tag begins for longer than a bound. The XML library collects a text or an attribute in memory however long
/// it is; this keeps one gigabyte between two tags from becoming one gigabyte of memory. Works for every encoding that writes
/// <c>&lt;</c> with the byte 3C: all that banks use, and UTF-16. It also carries the caller's cancellation, which the XML library does not
/// pass on.
/// </summary>
internal sealed class MarkupBoundStream(Stream file, string fileName, CancellationToken cancellation) : Stream
{
    private const int MaxBytesBetweenTags = 64 * 1024;
    private long _bytesSinceTag;
    private long _bytes;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer);
        Check(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, cancellation);
        Check(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Check(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = bytes.IndexOf((byte)'<');
            var passed = tag < 0 ? bytes.Length : tag;
            _bytesSinceTag += passed;
            _bytes += passed;
            if (_bytesSinceTag > MaxBytesBetweenTags)
                throw new StatementFormatException(
                    fileName, Invariant($"byte {_bytes}"), $"a tag at least every {MaxBytesBetweenTags} bytes", "longer text or attributes");
            if (tag < 0) return;
            _bytesSinceTag = 0;
            _bytes++;
            bytes = bytes[(tag + 1)..];
        }
    }
}
