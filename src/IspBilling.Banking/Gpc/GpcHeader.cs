using System.Globalization;

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
    long Record,
    string? Oddity)
{
    /// <summary>Everything up to the booking date; the filler behind it is often trimmed.</summary>
    private static readonly int MinBytes = GpcLayout.Header.BookedOn.End;

    /// <summary>Fio signs its statements in the filler: the only hint at a bank in any GPC header.</summary>
    public bool IsSignedByFio => Filler == "FIO";

    public static GpcHeader Read(in GpcRecord record)
    {
        if (record.Length < MinBytes || record.Length > GpcLayout.RecordBytes && !IsOnlyLongerByBlanks(record))
            throw record.RefuseLength($"a header of {GpcLayout.RecordBytes} bytes");

        var isOpenedOnADay = record.TryDate(GpcLayout.Header.OpenedOn, out var openedOn);
        return new GpcHeader(
            record.Number64(GpcLayout.OwnAccount),
            openedOn,
            Signed(record, GpcLayout.Header.Opening, GpcLayout.Header.OpeningSign),
            Signed(record, GpcLayout.Header.Closing, GpcLayout.Header.ClosingSign),
            record.Text(GpcLayout.Header.StatementNumber),
            record.Date(GpcLayout.Header.BookedOn) ?? throw record.Refuse(GpcLayout.Header.BookedOn),
            record.Text(GpcLayout.Header.Filler),
            record.Number,
            Describe(record.Length, isOpenedOnADay));
    }

    private static bool IsOnlyLongerByBlanks(in GpcRecord record) =>
        record[new GpcField(GpcLayout.RecordBytes + 1, record.Length, "")].Trim((byte)' ').IsEmpty;

    private static long Signed(in GpcRecord record, GpcField amount, GpcField sign) => record[sign] switch
    {
        [(byte)'+'] => record.Number64(amount),
        [(byte)'-'] => -record.Number64(amount),
        _ => throw record.Refuse(sign),
    };

    private static string? Describe(int length, bool isOpenedOnADay)
    {
        var oddLength = length == GpcLayout.RecordBytes ? null : string.Create(
            CultureInfo.InvariantCulture, $"the header has {length} bytes instead of {GpcLayout.RecordBytes}");
        var oddDate = isOpenedOnADay ? null : "the date of the old balance is no day of the calendar";
        return oddLength is null || oddDate is null ? oddLength ?? oddDate : $"{oddLength}; {oddDate}";
    }
}
