using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
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

    /// <summary>
    /// A date that nothing depends on: null for zeros, blanks and days that no calendar has. Letters are refused: they are what a shifted
    /// record looks like.
    /// </summary>
    public DateOnly? DateIfAny(GpcField field)
    {
        var digits = this[field].Trim((byte)' ');
        if (digits.IsEmpty) return null;
        return TryDigits(digits, out var value) ? DateOf((int)value) : throw Refuse(field);
    }

    /// <summary>As the release before read it: it took the years 80 to 99 for 2080 to 2099.</summary>
    public DateOnly? DateAsReadBefore(GpcField field)
    {
        const int century = 100;
        if (DateIfAny(field) is { } date) return date;
        if (!TryDigits(this[field].Trim((byte)' '), out var digits)) return null;
        var (day, month, year) = ((int)digits / 10000, (int)digits / 100 % 100, 2000 + ((int)digits % century));
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;
    }

    /// <summary>False for six digits that are no day of the calendar; anything but digits is refused.</summary>
    public bool TryDate(GpcField field, out DateOnly? date)
    {
        var digits = (int)Number64(field);
        date = DateOf(digits);
        return date is not null || digits == 0;
    }

    public StatementFormatException Refuse(GpcField field) => Refuse(field, field.Name);

    public StatementFormatException Refuse(GpcField field, string expected) => new(fileName, At(field), expected, Shown(this[field]));

    /// <param name="what">What its absence means.</param>
    public StatementFormatException RefuseMissing(GpcField field, string what) => new(fileName, At(field), field.Name, what);

    public StatementFormatException RefuseLength(string expected) => new(
        fileName, Position, expected, string.Create(CultureInfo.InvariantCulture, $"{_bytes.Length} bytes, {Shown(_bytes)}"));

    /// <summary>
    /// True for a record that fits when its bytes are read as UTF-8: somebody opened the file and saved it again, and every letter with a
    /// diacritic moved what stands behind it.
    /// </summary>
    public bool IsSavedAsUtf8(int expectedLength) =>
        _bytes.Length > expectedLength && !Ascii.IsValid(_bytes) && Utf8.IsValid(_bytes) && Encoding.UTF8.GetCharCount(_bytes.TrimEnd((byte)' ')) <= expectedLength;

    public StatementFormatException RefuseUtf8() => new(
        fileName, Position, "windows-1250, one byte for each letter",
        "a copy saved as UTF-8: download the statement again and upload it without opening and saving it");

    /// <summary>ddmmyy. A two-digit year from 80 is a slip or a test, never a day ahead of us.</summary>
    private static DateOnly? DateOf(int digits)
    {
        const int lastYear = 79;
        var (day, month, year) = (digits / 10000, digits / 100 % 100, digits % 100);
        if (year > lastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(2000 + year, month)) return null;
        return new DateOnly(2000 + year, month, day);
    }

    private static string Shown(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, Printable.MaxLength + 1)];
        Span<char> characters = stackalloc char[bytes.Length];
        Windows1250.Decode(bytes, characters);
        return Printable.Quote(characters);
    }

    private string At(GpcField field) => field.Length == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Position}, position {field.Position}")
        : string.Create(CultureInfo.InvariantCulture, $"{Position}, position {field.Position}–{field.End}");

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
