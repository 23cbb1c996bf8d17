using System.Globalization;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Gpc;

/// <summary>A 074 record: the account, its balances in haléře and the booking date of a statement.</summary>
internal sealed record GpcHeader(
    long Account,
    DateOnly? OpenedOn,
    long Opening,
    long Closing,
    string? StatementNumber,
    DateOnly BookedOn,
    string? Filler,
    bool IsFillerCut,
    long Record,
    string? Oddity)
{
    /// <summary>114 bytes, everything up to the booking date: the filler behind it is often trimmed.</summary>
    private static readonly int MinBytes = GpcLayout.Header.BookedOn.End;

    /// <summary>Fio signs its statements in the filler: the only hint at a bank in any GPC header.</summary>
    public bool IsSignedByFio => Filler == FioSignature;

    /// <summary>False also where the header is too short to hold a signature: then nobody knows.</summary>
    public bool IsSignedByNobody => Filler != FioSignature && !IsFillerCut;

    private const string FioSignature = "FIO";

    public static GpcHeader Read(in GpcRecord record)
    {
        if (record.IsSavedAsUtf8(GpcLayout.RecordBytes)) throw record.RefuseUtf8();
        if (record.Length < MinBytes || (record.Length > GpcLayout.RecordBytes && !IsOnlyLongerByBlanks(record)))
            throw record.RefuseLength($"a header of {GpcLayout.RecordBytes} bytes");

        var isOpenedOnADay = record.TryDate(GpcLayout.Header.OpenedOn, out var openedOn);
        return new GpcHeader(
            record.Number64(GpcLayout.OwnAccount),
            openedOn,
            Signed(record, GpcLayout.Header.Opening, GpcLayout.Header.OpeningSign),
            Signed(record, GpcLayout.Header.Closing, GpcLayout.Header.ClosingSign),
            record.Text(GpcLayout.Header.StatementNumber),
            BookingDate(record),
            record.Text(GpcLayout.Header.Filler),
            record.Length < GpcLayout.Header.Filler.Start + FioSignature.Length,
            record.Number,
            Describe(record.Length, isOpenedOnADay));
    }

    public StatementFormatException Refuse(string fileName, string expected, string found) =>
        new(fileName, GpcRecord.PositionOf(Record), expected, found);

    private static bool IsOnlyLongerByBlanks(in GpcRecord record) =>
        record[new GpcField(GpcLayout.RecordBytes + 1, record.Length, "")].Trim((byte)' ').IsEmpty;

    private static DateOnly BookingDate(in GpcRecord record) =>
        record.TryDate(GpcLayout.Header.BookedOn, out var date) && date is { } day
            ? day
            : throw record.Refuse(GpcLayout.Header.BookedOn, $"{GpcLayout.Header.BookedOn.Name}, years 00 to 79");

    private static long Signed(in GpcRecord record, GpcField amount, GpcField sign) => record[sign] switch
    {
        [(byte)'+'] => record.Number64(amount),
        [(byte)'-'] => -record.Number64(amount),
        [(byte)' '] => throw record.RefuseMissing(sign, "no sign: the balance could be a debt as well as money"),
        _ => throw record.Refuse(sign),
    };

    private static string? Describe(int length, bool isOpenedOnADay)
    {
        var oddLength = length <= GpcLayout.RecordBytes ? null : string.Create(
            CultureInfo.InvariantCulture, $"the header has {length} bytes instead of {GpcLayout.RecordBytes}");
        var oddDate = isOpenedOnADay ? null : "the date of the old balance is no day of the calendar";
        return oddLength is null || oddDate is null ? oddLength ?? oddDate : $"{oddLength}; {oddDate}";
    }
}
