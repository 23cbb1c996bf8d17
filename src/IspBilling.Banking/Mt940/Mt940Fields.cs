using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Mt940;

/// <summary>One field: its tag without colons ("60F") and its lines.</summary>
/// <param name="Line">Where it begins, from 1.</param>
internal sealed record Mt940Field(string Tag, IReadOnlyList<string> Lines, long Line);

/// <summary>
/// Cuts the file into fields within a pooled buffer. A field begins with a tag between colons and reaches to the next one; the envelope
/// of the network (<c>{1:…}{4:</c>, <c>-}</c>) and the dash behind a message belong to none.
/// </summary>
internal sealed class Mt940Fields(Stream file, string fileName) : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int LineBytesMax = 2048;

    /// <summary>The standard has six lines of 65 letters; banks write more.</summary>
    private const int LinesMax = 100;


    /// <summary>Start and end of a message, and the end of a file of DOS programs.</summary>
    private static readonly char[] NetworkMarks = ['\u0001', '\u0003', '\u001A'];

    private static readonly Encoding Windows1250 = CodePagesEncodingProvider.Instance.GetEncoding(1250)!;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private (string Tag, List<string> Lines, long Line)? _open;
    private int _start;
    private int _end;
    private bool _isLastFill;

    /// <summary>The last line that was read.</summary>
    public long Line { get; private set; }

    /// <summary>The next field; null at the end of the file.</summary>
    public async ValueTask<Mt940Field?> Next(CancellationToken cancellation)
    {
        while (true)
        {
            while (TryLine(out var line))
            {
                Line++;
                if (Take(line) is { } complete) return complete;
            }

            if (_isLastFill) return Complete();
            if (_end - _start > LineBytesMax) throw Refuse($"a line of at most {LineBytesMax} bytes", "a longer one");
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = await file.ReadAsync(_buffer.AsMemory(_end, BufferBytes - _end), cancellation);
            _end += read;
            _isLastFill = read == 0;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>The field before, where this line ends it.</summary>
    private Mt940Field? Take(string text)
    {
        text = text.Trim(NetworkMarks);
        if (text.StartsWith('{')) text = text[(text.LastIndexOf('{') + 1)..] is ['4', ':', .. var inner] ? inner : "";
        if (text is "-" || text.StartsWith("-}", StringComparison.Ordinal)) return Complete();
        if (TagOf(text) is { } tag)
        {
            var before = Complete();
            _open = (tag, [text[(tag.Length + 2)..]], Line);
            return before;
        }

        if (_open is not { } open) return text.Length == 0 ? null : throw Refuse("a field, such as :20:", Printable.Quote(text));
        if (open.Lines.Count == LinesMax) throw Refuse($"at most {LinesMax} lines in a field", "more");
        open.Lines.Add(text);
        return null;
    }

    private Mt940Field? Complete()
    {
        if (_open is not { } open) return null;
        _open = null;
        return new Mt940Field(open.Tag, open.Lines, open.Line);
    }

    /// <summary>Two letters or digits and an optional third: 20, 28C, NS. Null where the line begins otherwise.</summary>
    private static string? TagOf(string text)
    {
        const int tagMax = 3;
        if (text is not [':', ..]) return null;
        var end = text.IndexOf(':', 1);
        if (end is < 3 or > tagMax + 1) return null;
        foreach (var letter in text.AsSpan(1, end - 1))
            if (!char.IsAsciiLetterUpper(letter) && !char.IsAsciiDigit(letter)) return null;
        return text[1..end];
    }

    private bool TryLine(out string line)
    {
        var rest = _buffer.AsSpan(_start.._end);
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        line = "";
        if (end < 0 || (rest[end] == (byte)'\r' && end + 1 == rest.Length && !_isLastFill))
        {
            if (!_isLastFill || rest.IsEmpty) return false;
            end = rest.Length;
        }

        if (end > LineBytesMax) throw Refuse($"a line of at most {LineBytesMax} bytes", "a longer one");
        line = Text(rest[..end]);
        var isPair = end + 1 < rest.Length && rest[end] == (byte)'\r' && rest[end + 1] == (byte)'\n';
        _start += Math.Min(end + (isPair ? 2 : 1), rest.Length);
        return true;
    }

    /// <summary>Banks here write UTF-8 or windows-1250 and do not say which.</summary>
    private static string Text(ReadOnlySpan<byte> bytes) => (Utf8.IsValid(bytes) ? Encoding.UTF8 : Windows1250).GetString(bytes);

    private StatementFormatException Refuse(string expected, string found) =>
        new(fileName, string.Create(CultureInfo.InvariantCulture, $"line {Math.Max(Line, 1)}"), expected, found);
}
