using System.Globalization;
using System.Runtime.CompilerServices;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Gpc;

/// <summary>One line of the file; reads its fields in place and refuses them by name and position.</summary>
internal readonly ref struct GpcRecord(ReadOnlySpan<byte> bytes, long number, string fileName)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public long Number { get; } = number;

    public int Length => _bytes.Length;

    public string Position => PositionOf(Number);

    public static string PositionOf(long record) => string.Create(CultureInfo.InvariantCulture, $"record {record}");

    /// <summary>The field's bytes; fewer, or none, where the record ends before the field does.</summary>
    public ReadOnlySpan<byte> this[GpcField field] =>
        _bytes[Math.Min(field.Start, _bytes.Length)..Math.Min(field.End, _bytes.Length)];

    public bool Is(ReadOnlySpan<byte> recordType) => _bytes.StartsWith(recordType);

    public string? Text(GpcField field) => Windows1250.Text(this[field]);

    /// <summary>A number of digits only. Blanks are not zeros here: they are what a shifted record looks like.</summary>
    public long Number64(GpcField field)
    {
        var digits = this[field];
        if (digits.Length != field.Length) throw Refuse(field);
        return TryDigits(digits, out var value) ? value : throw Refuse(field);
    }

    /// <summary>A symbol: digits, or all blank for none, as some banks write it.</summary>
    public long Symbol(GpcField field)
    {
        var digits = this[field].Trim((byte)' ');
        return TryDigits(digits, out var value) ? value : throw Refuse(field);
    }

    /// <summary>A date as ddmmyy in this century; null for 000000.</summary>
    public DateOnly? Date(GpcField field) =>
        TryDate(field, out var date) ? date : throw Refuse(field);

    /// <summary>False for six digits that are no day of the calendar; anything but digits is refused.</summary>
    public bool TryDate(GpcField field, out DateOnly? date)
    {
        date = null;
        var digits = (int)Number64(field);
        if (digits == 0) return true;
        var (day, month, year) = (digits / 10000, digits / 100 % 100, 2000 + (digits % 100));
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        date = new DateOnly(year, month, day);
        return true;
    }

    public StatementFormatException Refuse(GpcField field) => Refuse(field, field.Name);

    public StatementFormatException Refuse(GpcField field, string expected)
    {
        var at = field.Length == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{Position}, position {field.Position}")
            : string.Create(CultureInfo.InvariantCulture, $"{Position}, position {field.Position}–{field.End}");
        return new StatementFormatException(fileName, at, expected, Shown(this[field]));
    }

    public StatementFormatException RefuseLength(string expected) => new(
        fileName, Position, expected, string.Create(CultureInfo.InvariantCulture, $"{_bytes.Length} bytes, {Shown(_bytes)}"));

    private static string Shown(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, Printable.MaxLength + 1)];
        Span<char> characters = stackalloc char[bytes.Length];
        Windows1250.Decode(bytes, characters);
        return Printable.Quote(characters);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDigits(ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        foreach (var letter in bytes)
        {
            var digit = (uint)(letter - '0');
            if (digit > 9) return false;
            value = (value * 10) + digit;
        }

        return true;
    }
}
