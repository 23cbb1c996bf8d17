using System.Text.Json;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Fio;

/// <summary>
/// Tokens of a JSON stream one by one, in constant memory: a bounded buffer that is refilled, and the text of the current token in a
/// scratch buffer. The framework reads streams only as whole documents or as arrays at the root, and Fio's array is neither.
/// </summary>
internal sealed class JsonTokens(Stream file, string fileName)
{
    private const int MaxTokenBytes = 64 * 1024;
    private const int MaxDepth = 32;

    private readonly byte[] _buffer = new byte[2 * MaxTokenBytes];
    private readonly char[] _text = new char[MaxTokenBytes];
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    private int _start;
    private int _end;
    private int _textLength;
    private bool _isLastFill;

    public JsonTokenType Type { get; private set; }

    public int Depth { get; private set; }

    public int Line { get; private set; } = 1;

    /// <summary>The name, string or number; empty for other tokens.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _textLength);

    /// <summary>The value as text, whether it is written as a string or a number; null for JSON's null.</summary>
    public string? Value => Type is JsonTokenType.String or JsonTokenType.Number ? Text.ToString() : null;

    /// <param name="record">The movement that is being read, for the message when the JSON breaks off.</param>
    public async ValueTask<bool> Next(long record, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryNext(record)) return true;
            if (_isLastFill) return false;
            if (_end - _start > MaxTokenBytes) throw Refuse(record, $"a text of at most {MaxTokenBytes} bytes", "a longer one");
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = await file.ReadAsync(_buffer.AsMemory(_end), cancellation);
            _end += read;
            _isLastFill = read == 0;
        }
    }

    /// <summary>Passes over the value of the current name, or over the rest of the object or array that the current token opens.</summary>
    public async ValueTask Skip(long record, CancellationToken cancellation)
    {
        if (Type == JsonTokenType.PropertyName) await Next(record, cancellation);
        if (Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var depth = Depth;
        while (await Next(record, cancellation) && Depth > depth)
        {
        }
    }

    public StatementFormatException Refuse(long record, string expected, string found) =>
        new(fileName, $"record {Math.Max(record, 1)}, line {Line}", expected, found);

    private bool TryNext(long record)
    {
        try
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start.._end), _isLastFill, _state);
            if (!reader.Read()) return false;
            Accept(ref reader, record);
            return true;
        }
        catch (JsonException e)
        {
            throw Refuse(record, "well-formed JSON", Printable.Quote(e.Message));
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or half of a surrogate pair.
            throw Refuse(record, "text in UTF-8", "bytes that are no text");
        }
    }

    private void Accept(ref Utf8JsonReader reader, long record)
    {
        Line += _buffer.AsSpan(_start, (int)reader.BytesConsumed).Count((byte)'\n');
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        (Type, Depth, _textLength) = (reader.TokenType, reader.CurrentDepth, 0);
        if (reader.ValueSpan.Length > MaxTokenBytes) throw Refuse(record, $"a text of at most {MaxTokenBytes} bytes", "a longer one");
        _textLength = reader.TokenType switch
        {
            JsonTokenType.String or JsonTokenType.PropertyName => reader.CopyString(_text),
            JsonTokenType.Number => System.Text.Encoding.ASCII.GetChars(reader.ValueSpan, _text),
            _ => 0,
        };
    }
}
