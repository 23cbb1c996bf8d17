using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using IspBilling.Engine.Json;

namespace IspBilling.Postgres.Copying;

/// <summary>
/// Rows of one table in PostgreSQL's binary COPY format, built in memory before the transaction opens, so that a flight only
/// has to send bytes; grows as needed and is reused by the next flight.
/// </summary>
/// <remarks>PostgreSQL documentation, COPY, "Binary Format": a header, then per row a field count and length-prefixed fields, then −1.</remarks>
internal sealed class CopyRows : IBufferWriter<byte>
{
    /// <summary>Signature (11 bytes), flags and length of the header extension, both 0.</summary>
    private static ReadOnlySpan<byte> Header =>
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly DateOnly PostgresEpoch = new(2000, 1, 1);
    private static readonly DateTimeOffset PostgresEpochInstant = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonWriterOptions JsonOptions = new() { SkipValidation = true, Encoder = JournalJson.Options.Encoder };

    /// <summary>One per thread, reset for the table being written; creating one per value shows in profiles.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? threadWriter;

    private readonly short _fields;
    private byte[] _bytes = new byte[64 * 1024];
    private int _length;

    /// <param name="target">The table and its columns in the order in which they are written: <c>postings (account_id, version)</c>.</param>
    public CopyRows(string target)
    {
        Target = target;
        _fields = (short)(target.Count(character => character == ',') + 1);
        Clear();
    }

    public string Target { get; }

    public int Rows { get; private set; }

    public int Bytes => _length;

    public void Clear()
    {
        Header.CopyTo(_bytes);
        _length = Header.Length;
        Rows = 0;
    }

    /// <summary>The finished stream; nothing can be added after.</summary>
    public ReadOnlyMemory<byte> Finished()
    {
        Int16Raw(-1);
        return _bytes.AsMemory(0, _length);
    }

    public void StartRow()
    {
        Int16Raw(_fields);
        Rows++;
    }

    public void Null() => Int32Raw(-1);

    public void Int16(short value)
    {
        Int32Raw(2);
        Int16Raw(value);
    }

    public void Int32(int value)
    {
        Int32Raw(4);
        Int32Raw(value);
    }

    public void Int32(int? value)
    {
        if (value is { } present) Int32(present);
        else Null();
    }

    public void Int64(long value)
    {
        Int32Raw(8);
        BinaryPrimitives.WriteInt64BigEndian(Room(8), value);
        _length += 8;
    }

    public void Int64(long? value)
    {
        if (value is { } present) Int64(present);
        else Null();
    }

    public void Bool(bool value)
    {
        Int32Raw(1);
        Room(1)[0] = value ? (byte)1 : (byte)0;
        _length++;
    }

    /// <summary>The earliest date means "always" and is written as PostgreSQL's −infinity, as Npgsql does for parameters.</summary>
    public void Date(DateOnly value) => Int32(value == DateOnly.MinValue ? int.MinValue : value.DayNumber - PostgresEpoch.DayNumber);

    public void Date(DateOnly? value)
    {
        if (value is { } present) Date(present);
        else Null();
    }

    public void Instant(DateTimeOffset value) => Int64((value - PostgresEpochInstant).Ticks / TimeSpan.TicksPerMicrosecond);

    public void Uuid(Guid? value)
    {
        if (value is not { } present)
        {
            Null();
            return;
        }

        Int32Raw(16);
        present.TryWriteBytes(Room(16), bigEndian: true, out _);
        _length += 16;
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        var max = Encoding.UTF8.GetMaxByteCount(value.Length);
        var room = Room(4 + max);
        var written = Encoding.UTF8.GetBytes(value, room[4..]);
        BinaryPrimitives.WriteInt32BigEndian(room, written);
        _length += 4 + written;
    }

    public void Binary(ReadOnlySpan<byte> value)
    {
        Int32Raw(value.Length);
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    /// <summary>A field whose JSON is written straight into the row; returns the JSON until the next write.</summary>
    public ReadOnlySpan<byte> Json<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var prefix = _length;
        Int32Raw(0);
        var json = threadWriter ??= new Utf8JsonWriter(this, JsonOptions);
        json.Reset(this);
        write(json, value);
        json.Flush();
        var length = _length - prefix - 4;
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(prefix), length);
        return _bytes.AsSpan(prefix + 4, length);
    }

    void IBufferWriter<byte>.Advance(int count) => _length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Room(Math.Max(sizeHint, 256));
        return _bytes.AsMemory(_length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(Math.Max(sizeHint, 256));

    private void Int16Raw(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(2), value);
        _length += 2;
    }

    private void Int32Raw(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(4), value);
        _length += 4;
    }

    private Span<byte> Room(int size)
    {
        if (_bytes.Length - _length < size) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        return _bytes.AsSpan(_length);
    }
}
