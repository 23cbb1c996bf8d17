using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

internal delegate T ReadItem<out T>(ref SnapshotReader reader);

/// <param name="before">The item before it; the default value before the first one.</param>
internal delegate T ReadNext<T>(ref SnapshotReader reader, T? before);

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote; never past the end, and never more items than there are bytes.</summary>
internal ref struct SnapshotReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Currency _main;
    private int _at;

    /// <exception cref="FormatException">A format that this program does not read.</exception>
    public SnapshotReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        Format = Byte();
        if (!StateSnapshot.Reads(Format))
            throw new FormatException($"a snapshot of format {Format}; this program reads formats {StateSnapshot.OldestReadable} to {StateSnapshot.Format}");
        _main = Code();
    }

    /// <summary>Which fields follow: a shape asks for it before it reads a field that older formats lack.</summary>
    public byte Format { get; }

    /// <summary>Set by a shape that finds something from which today's meaning does not follow.</summary>
    public bool LacksMeaning { get; set; }

    public void RequireEnd()
    {
        if (_at != _bytes.Length) throw new FormatException($"a snapshot of {_bytes.Length} bytes goes on after its end at {_at}");
    }

    public byte Byte() => _at < _bytes.Length ? _bytes[_at++] : throw Short();

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public bool Flag() => Byte() != 0;

    public long Number() => Raw() is var value and <= long.MaxValue ? (long)value : throw TooMuch();

    public long Signed()
    {
        var value = Raw();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <exception cref="FormatException">More than an int holds.</exception>
    public int Int() => Number() is var value and <= int.MaxValue ? (int)value : throw TooMuch();

    public long? Optional() => Number() is var value and > 0 ? value - 1 : null;

    public int? OptionalInt() => Optional() is { } present ? present <= int.MaxValue ? (int)present : throw TooMuch() : null;

    public DateOnly Date() => Day(Int());

    public DateOnly? OptionalDate() => OptionalInt() is { } day ? Day(day) : null;

    public Money Money()
    {
        var minor = Signed();
        return new Money(minor, Flag() ? _main : Code());
    }

    public Money? OptionalMoney() => Flag() ? Money() : null;

    public string Text() => OptionalText() ?? throw new FormatException($"a text is missing at {_at}");

    public string? OptionalText()
    {
        var length = Int() - 1;
        if (length < 0) return null;
        if (length > _bytes.Length - _at) throw Short();
        var text = Encoding.UTF8.GetString(_bytes.Slice(_at, length));
        _at += length;
        return text;
    }

    public ImmutableArray<T> List<T>(ReadItem<T> read)
    {
        var count = Int();
        if (count == 0) return [];
        if (count > _bytes.Length - _at) throw Short();
        var items = new T[count];
        for (var i = 0; i < count; i++) items[i] = read(ref this);
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    /// <inheritdoc cref="SnapshotWriter.Chain"/>
    public ImmutableArray<T> Chain<T>(ReadNext<T> read)
    {
        var count = Int();
        if (count == 0) return [];
        if (count > _bytes.Length - _at) throw Short();
        var items = new T[count];
        T? before = default;
        for (var i = 0; i < count; i++) before = items[i] = read(ref this, before);
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    /// <inheritdoc cref="SnapshotWriter.Shift(long, long?)"/>
    public long Shifted(long? before) => unchecked((before ?? 0) + Signed());

    public int ShiftedInt(int? before) => Shifted(before) is var value and >= 0 and <= int.MaxValue ? (int)value : throw TooMuch();

    public DateOnly ShiftedDate(DateOnly? before) => Day(Shifted(before?.DayNumber));

    /// <inheritdoc cref="SnapshotWriter.Identity"/>
    public string Identity()
    {
        var length = Int() - 1;
        var isHex = length < 0;
        if (isHex) length = SnapshotWriter.IdentityBytes;
        if (length > _bytes.Length - _at) throw Short();
        var content = _bytes.Slice(_at, length);
        _at += length;
        return isHex ? Convert.ToHexStringLower(content) : Encoding.UTF8.GetString(content);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - _at) throw Short();
        _at += length;
        return _bytes.Slice(_at - length, length);
    }

    private ulong Raw()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new FormatException($"a number of more than ten bytes ends at {_at}");
    }

    public static DateOnly Day(long number) =>
        number >= 0 && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)number) : throw new FormatException($"{number} is no day");

    private Currency Code()
    {
        if (_bytes.Length - _at < 3) throw Short();
        Span<char> letters = [(char)_bytes[_at], (char)_bytes[_at + 1], (char)_bytes[_at + 2]];
        _at += 3;
        return letters is ['\0', '\0', '\0'] ? default : Currency.Parse(letters);
    }

    private readonly FormatException TooMuch() => new($"a number that ends at {_at} is too much");

    private readonly FormatException Short() => new($"a snapshot of {_bytes.Length} bytes ends too early");
}
