using System.Globalization;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Banking.Gpc;

/// <summary>What a posting code says once its bank's convention is known.</summary>
internal readonly record struct GpcPosting(EntryDirection Direction, bool IsReversal);

/// <summary>The fields of a 075 record that need no knowledge of its statement.</summary>
internal static class GpcItem
{
    public static void RequireLength(in GpcRecord record)
    {
        if (record.Length == GpcLayout.RecordBytes || IsExtended(record)) return;
        if (record.IsSavedAsUtf8(GpcLayout.RecordBytes) || record.IsSavedAsUtf8(GpcLayout.ExtendedRecordBytes)) throw record.RefuseUtf8();
        var isPadded = record.Length > GpcLayout.RecordBytes
            && record[new GpcField(GpcLayout.RecordBytes + 1, record.Length, "")].Trim((byte)' ').IsEmpty;
        if (!isPadded)
            throw record.RefuseLength(
                $"an entry of {GpcLayout.RecordBytes} bytes, or {GpcLayout.ExtendedRecordBytes} from Česká spořitelna");
    }

    public static bool IsExtended(in GpcRecord record) => record.Length == GpcLayout.ExtendedRecordBytes;

    /// <summary>
    /// A reversed debit brings the money back, so its real direction is credit, and the other way round.
    /// </summary>
    public static GpcPosting? Posting(byte code, GpcReversalCodes reversals) => (code, reversals) switch
    {
        ((byte)'1', _) => new(EntryDirection.Debit, IsReversal: false),
        ((byte)'2', _) => new(EntryDirection.Credit, IsReversal: false),
        ((byte)'3', GpcReversalCodes.ThreeAndFour) => new(EntryDirection.Credit, IsReversal: true),
        ((byte)'4', GpcReversalCodes.ThreeAndFour) => new(EntryDirection.Debit, IsReversal: true),
        ((byte)'4', GpcReversalCodes.FourAndFive) => new(EntryDirection.Credit, IsReversal: true),
        ((byte)'5', GpcReversalCodes.FourAndFive) => new(EntryDirection.Debit, IsReversal: true),
        _ => null,
    };

    /// <summary>
    /// Banks that follow the clearing centre write 0 and the numeric ISO 4217 code here; others write other things, which say nothing.
    /// </summary>
    public static Currency? CurrencyOf(in GpcRecord record)
    {
        var code = record[GpcLayout.Item.DataType];
        foreach (var (numeric, currency) in NumericCurrencies)
            if (code.SequenceEqual(numeric)) return currency;
        return null;
    }

    /// <summary>What stands in a record of this currency; 0 for one that has no code here.</summary>
    public static long NumericCode(Currency currency)
    {
        foreach (var (numeric, known) in NumericCurrencies)
            if (known == currency) return long.Parse(numeric, CultureInfo.InvariantCulture);
        return 0;
    }

    /// <summary>The full name where the record is long enough to have one.</summary>
    public static string? CounterName(in GpcRecord record) =>
        IsExtended(record) && record.Text(GpcLayout.Item.ExtendedName) is { } fullName ? fullName : record.Text(GpcLayout.Item.Text);

    /// <summary>Česká spořitelna's five lines of 35 characters: a full line runs on, a shorter one ends a word.</summary>
    public static string? ExtendedMessage(in GpcRecord record)
    {
        if (!IsExtended(record)) return null;
        var lines = record[GpcLayout.Item.ExtendedMessages];
        var message = new StringBuilder(lines.Length);
        Span<char> line = stackalloc char[GpcLayout.Item.ExtendedMessageBytes];
        for (; !lines.IsEmpty; lines = lines[line.Length..])
        {
            Windows1250.Decode(lines[..line.Length], line);
            var text = line.TrimEnd();
            message.Append(text);
            if (text.Length < line.Length && message.Length > 0 && message[^1] != ' ') message.Append(' ');
        }

        return Texts.Normal(message.ToString(), message.Length + 1);
    }

    private static readonly (byte[] Numeric, Currency Currency)[] NumericCurrencies =
    [
        ("0203"u8.ToArray(), Currency.Czk),
        ("0978"u8.ToArray(), Currency.Eur),
        ("0840"u8.ToArray(), Currency.Parse("USD")),
        ("0826"u8.ToArray(), Currency.Parse("GBP")),
        ("0756"u8.ToArray(), Currency.Parse("CHF")),
        ("0985"u8.ToArray(), Currency.Parse("PLN")),
        ("0348"u8.ToArray(), Currency.Parse("HUF")),
    ];
}
