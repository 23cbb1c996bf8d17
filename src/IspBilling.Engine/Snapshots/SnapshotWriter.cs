using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>
/// Values as few bytes: integers take seven bits a byte, least significant first, signed ones zigzag; null is 0 and everything
/// else is one more. Money in the snapshot's main currency carries no code.
/// </summary>
internal sealed class SnapshotWriter
{
    /// <summary>Of half a SHA-256, as entries of statements are named.</summary>
    public const int IdentityBytes = 16;

    private byte[] _bytes = new byte[4096];
    private int _length;
    private Currency _main;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Begin(Currency main)
    {
        _length = 0;
        Byte(StateSnapshot.Format);
        Code(main);
        _main = main;
    }

    public void Byte(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    /// <summary>Eight bytes, of which each is as likely as any other.</summary>
    public void Fixed(ulong value)
    {
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(ulong);
    }

    public void Fixed(uint value)
    {
        Reserve(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(uint);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Not negative.</summary>
    public void Number(long value)
    {
        Invariant.Require(value >= 0);
        Raw((ulong)value);
    }

    public void Signed(long value) => Raw((ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>Null, or a number that is not negative.</summary>
    public void Optional(long? value) => Number(value is { } present ? checked(present + 1) : 0);

    public void Date(DateOnly value) => Number(value.DayNumber);

    public void Date(DateOnly? value) => Optional(value?.DayNumber);

    public void Money(Money value)
    {
        Signed(value.Minor);
        var isMain = value.Currency == _main;
        Flag(isMain);
        if (!isMain) Code(value.Currency);
    }

    public void Money(Money? value)
    {
        Flag(value is not null);
        if (value is { } present) Money(present);
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Number(length + 1);
        Reserve(length);
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    public void List<T>(ImmutableArray<T> items, Action<SnapshotWriter, T> write)
    {
        Number(items.Length);
        foreach (var item in items) write(this, item);
    }

    /// <summary>Items that are each written with the one before at hand; the first one has the default value before it.</summary>
    public void Chain<T>(ImmutableArray<T> items, Action<SnapshotWriter, T?, T> write)
    {
        Number(items.Length);
        T? before = default;
        foreach (var item in items)
        {
            write(this, before, item);
            before = item;
        }
    }

    /// <summary>A number that is near another one; nothing counts as 0.</summary>
    public void Shift(long value, long? before) => Signed(value - (before ?? 0));

    public void Shift(DateOnly value, DateOnly? before) => Signed(value.DayNumber - (before?.DayNumber ?? 0));

    /// <summary>A text that mostly is 32 lower-case hexadecimal digits, and takes half of that then.</summary>
    public void Identity(string value)
    {
        Reserve(1 + IdentityBytes);
        if (value.Length == 2 * IdentityBytes && !value.AsSpan().ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(value, _bytes.AsSpan(_length + 1, IdentityBytes), out _, out var written) == OperationStatus.Done
            && written == IdentityBytes)
        {
            _bytes[_length] = 0;
            _length += 1 + IdentityBytes;
            return;
        }

        Text(value);
    }

    private void Raw(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_length++] = (byte)value;
    }

    /// <summary>Three letters; three zeros for money that has no currency yet.</summary>
    private void Code(Currency currency)
    {
        foreach (var letter in currency.Code) Byte((byte)letter);
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - _length < size) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
    }
}
