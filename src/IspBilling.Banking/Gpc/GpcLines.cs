using System.Buffers;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Gpc;

/// <summary>
/// Cuts the file into lines within one pooled buffer. A line ends with CRLF, LF or CR; blank lines and the end-of-file mark of DOS
/// programs are passed over but counted, so that a record's number is its line in an editor.
/// </summary>
internal sealed class GpcLines(Stream file, string fileName) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>More than the longest known record; a longer line means that this is no GPC file.</summary>
    private const int MaxLineBytes = 2048;

    private const byte DosEndOfFile = 0x1A;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;
    private bool _isLastFill;
    private long _number;

    /// <summary>The next record of the buffered bytes; false when more must be read, or at the end.</summary>
    public bool TryNext(out GpcRecord record)
    {
        while (TryLine(out var line))
        {
            _number++;
            if (line.Length > MaxLineBytes) throw TooLong(_number);
            line = line.TrimEnd(DosEndOfFile);
            if (line.Trim((byte)' ').IsEmpty) continue;
            record = new GpcRecord(line, _number, fileName);
            return true;
        }

        if (_end - _start > MaxLineBytes) throw TooLong(_number + 1);
        record = default;
        return false;
    }

    /// <summary>Reads on; false when the file has ended and every line was given out.</summary>
    public async ValueTask<bool> Refill(CancellationToken cancellation)
    {
        if (_isLastFill) return false;
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = await file.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        _isLastFill = read == 0;
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool TryLine(out ReadOnlySpan<byte> line)
    {
        var rest = _buffer.AsSpan(_start.._end);
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');

        // Whether a line feed belongs to the carriage return at the end of the buffer is known when the next byte is there.
        if (end >= 0 && (rest[end] == (byte)'\n' || end + 1 < rest.Length || _isLastFill))
        {
            line = rest[..end];
            var isPair = rest[end] == (byte)'\r' && end + 1 < rest.Length && rest[end + 1] == (byte)'\n';
            _start += end + (isPair ? 2 : 1);
            return true;
        }

        line = rest;
        if (!_isLastFill || rest.IsEmpty) return false;
        _start = _end;
        return true;
    }

    private StatementFormatException TooLong(long number) => new(
        fileName, GpcRecord.PositionOf(number), $"a line of at most {MaxLineBytes} bytes", "a longer one");
}
