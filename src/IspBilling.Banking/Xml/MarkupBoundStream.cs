using IspBilling.Engine.StatementImports;
using static System.FormattableString;

namespace IspBilling.Banking.Xml;

/// <summary>
/// Refuses XML in which no tag begins for longer than a bound. The XML library collects a text or an attribute in memory however long
/// it is; without the bound, a gigabyte between two tags would become a gigabyte of memory. Works for every encoding that writes
/// <c>&lt;</c> with the byte 3C: all that banks use, and UTF-16. It also observes the caller's cancellation, which the XML library does
/// not pass on.
/// </summary>
internal sealed class MarkupBoundStream(Stream file, string fileName, CancellationToken cancellation) : ForwardOnlyStream
{
    private const int MaxBytesBetweenTags = 64 * 1024;
    private long _bytesSinceTag;
    private long _bytes;

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer);
        Check(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, cancellation);
        Check(buffer.Span[..read]);
        return read;
    }

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
