using System.Buffers;
using System.Globalization;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Banking.Gpc;

/// <summary>What the 074 record of a statement says. Amounts in the statement's currency; turnovers are positive.</summary>
/// <param name="AccountName">Cut at 20 characters.</param>
/// <param name="StatementNumber">0 … 999.</param>
/// <param name="BookedOn">Date of the new balance and booking date of the entries.</param>
public sealed record GpcHeading(
    CzechAccount OwnAccount,
    string AccountName,
    int StatementNumber,
    DateOnly OpenedOn,
    DateOnly BookedOn,
    Money Opening,
    Money Credits,
    Money Debits)
{
    public Money Closing => Opening + Credits - Debits;

    /// <summary>The heading of a statement whose entries are known beforehand.</summary>
    public static GpcHeading Of(
        CzechAccount ownAccount, string accountName, int statementNumber, DateOnly openedOn, DateOnly bookedOn, Money opening,
        IReadOnlyCollection<StatementEntry> entries) => new(
            ownAccount, accountName, statementNumber, openedOn, bookedOn, opening,
            entries.Where(entry => entry.Direction == EntryDirection.Credit).Sum(opening.Currency, entry => entry.Amount),
            entries.Where(entry => entry.Direction == EntryDirection.Debit).Sum(opening.Currency, entry => entry.Amount));
}

/// <summary>
/// Writes GPC statements as a bank would: for demonstration, tests and load tests. What GPC cannot hold is refused, except texts,
/// which are cut and lose characters that windows-1250 lacks. Several statements may be written to one stream.
/// </summary>
public static class GpcStatementWriter
{
    private const int FlushBytes = 64 * 1024;
    private const int MessagePartsMax = 2;

    /// <param name="entries">
    /// Enumerated once and written as they come. Their sums must be the heading's; their booking date is the heading's, except at
    /// Fio, whose records have a date of their own.
    /// </param>
    /// <exception cref="ArgumentException">An entry does not fit the format or the sums differ; the stream then holds a part.</exception>
    public static async Task Write(Stream output, GpcHeading heading, IEnumerable<StatementEntry> entries, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushBytes + 1024);
        WriteHeader(buffer, heading);
        var (credits, debits) = (Money.Zero(heading.Opening.Currency), Money.Zero(heading.Opening.Currency));
        foreach (var entry in entries)
        {
            WriteEntry(buffer, heading, entry);
            if (entry.Direction == EntryDirection.Credit) credits += entry.Amount;
            else debits += entry.Amount;
            if (buffer.WrittenCount < FlushBytes) continue;
            await output.WriteAsync(buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
        }

        if (credits != heading.Credits || debits != heading.Debits)
            throw new ArgumentException(
                $"The entries sum to credits {credits} and debits {debits}; the heading says {heading.Credits} and {heading.Debits}.",
                nameof(entries));
        await output.WriteAsync(buffer.WrittenMemory, cancellation);
    }

    private static void WriteHeader(ArrayBufferWriter<byte> buffer, GpcHeading heading)
    {
        var record = NewRecord(buffer, "074"u8);
        Digits(record, GpcLayout.OwnAccount, Stored(heading.OwnAccount));
        Text(record, GpcLayout.Header.AccountName, heading.AccountName);
        Date(record, GpcLayout.Header.OpenedOn, heading.OpenedOn);
        Balance(record, GpcLayout.Header.Opening, GpcLayout.Header.OpeningSign, heading.Opening);
        Balance(record, GpcLayout.Header.Closing, GpcLayout.Header.ClosingSign, heading.Closing);
        Digits(record, GpcLayout.Header.Debits, heading.Debits.Minor);
        Text(record, GpcLayout.Header.DebitsSign, "0");
        Digits(record, GpcLayout.Header.Credits, heading.Credits.Minor);
        Text(record, GpcLayout.Header.CreditsSign, "0");
        Digits(record, GpcLayout.Header.StatementNumber, heading.StatementNumber);
        Date(record, GpcLayout.Header.BookedOn, heading.BookedOn);
        if (IsFio(heading)) Text(record, GpcLayout.Header.Filler, "FIO");
        EndRecord(buffer);
    }

    private static void WriteEntry(ArrayBufferWriter<byte> buffer, GpcHeading heading, StatementEntry entry)
    {
        var record = NewRecord(buffer, "075"u8);
        Digits(record, GpcLayout.OwnAccount, Stored(heading.OwnAccount));
        WriteCounterAccount(record, entry.CounterAccount);
        Digits(record, GpcLayout.Item.DocumentNumber, Number(entry.EntryReference, GpcLayout.Item.DocumentNumber));
        Digits(record, GpcLayout.Item.Amount, entry.Amount.Minor);
        Digits(record, GpcLayout.Item.PostingCode, PostingCode(entry, GpcConvention.Of(BankCode(heading)).Reversals));
        Digits(record, GpcLayout.Item.VariableSymbol, entry.VariableSymbol?.Value ?? 0);
        Digits(record, GpcLayout.Item.ConstantSymbol, Number(entry.ConstantSymbol, GpcLayout.Item.ConstantSymbol));
        Digits(record, GpcLayout.Item.SpecificSymbol, Number(entry.SpecificSymbol, GpcLayout.Item.SpecificSymbol));
        Date(record, GpcLayout.Item.ValueOn, entry.ValueOn);
        Text(record, GpcLayout.Item.Text, entry.CounterName);
        Digits(record, GpcLayout.Item.ChangeCode, 0);
        Digits(record, GpcLayout.Item.DataType, GpcItem.NumericCode(entry.Amount.Currency));
        Date(record, GpcLayout.Item.DueOn, entry.BookedOn);
        EndRecord(buffer);
        if (entry.Message is { } message && message != entry.CounterName) WriteMessage(buffer, message);
    }

    private static void WriteMessage(ArrayBufferWriter<byte> buffer, string message)
    {
        var part = GpcLayout.MessagePart.Length;
        for (var i = 0; i < MessagePartsMax && i * part < message.Length; i++)
        {
            var record = NewRecord(buffer, i == 0 ? "078"u8 : "079"u8);
            Text(record, GpcLayout.MessagePart, message.AsSpan()[(i * part)..Math.Min(message.Length, (i + 1) * part)]);
            EndRecord(buffer);
        }
    }

    private static void WriteCounterAccount(Span<byte> record, string? account)
    {
        if (account is null)
        {
            Digits(record, GpcLayout.Item.CounterAccount, 0);
            Digits(record, KsFieldFiller, 0);
            Digits(record, GpcLayout.Item.BankCode, 0);
            return;
        }

        if (!CzechAccount.TryParse(account, out var czech))
            throw new ArgumentException($"GPC holds Czech accounts only, not {account}.", nameof(account));
        Digits(record, GpcLayout.Item.CounterAccount, Stored(czech));
        Digits(record, KsFieldFiller, 0);
        Digits(record, GpcLayout.Item.BankCode, czech.BankCode);
    }

    /// <summary>The field of the constant symbol has ten digits, of which the first two hold nothing.</summary>
    private static readonly GpcField KsFieldFiller = new(72, 2, "filler");

    private static byte PostingCode(StatementEntry entry, GpcReversalCodes reversals) => (entry.Direction, entry.IsReversal, reversals) switch
    {
        (EntryDirection.Debit, false, _) => 1,
        (EntryDirection.Credit, false, _) => 2,
        (EntryDirection.Credit, true, GpcReversalCodes.ThreeAndFour) => 3,
        (EntryDirection.Debit, true, GpcReversalCodes.ThreeAndFour) => 4,
        (EntryDirection.Credit, true, _) => 4,
        (EntryDirection.Debit, true, _) => 5,
        _ => throw new ArgumentException($"{entry.Direction} is no direction.", nameof(entry)),
    };

    private static Span<byte> NewRecord(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> type)
    {
        var record = buffer.GetSpan(GpcLayout.RecordBytes + 2)[..(GpcLayout.RecordBytes + 2)];
        record.Fill((byte)' ');
        type.CopyTo(record);
        record[^2] = (byte)'\r';
        record[^1] = (byte)'\n';
        return record;
    }

    private static void EndRecord(ArrayBufferWriter<byte> buffer) => buffer.Advance(GpcLayout.RecordBytes + 2);

    private static void Balance(Span<byte> record, GpcField field, GpcField sign, Money balance)
    {
        Digits(record, field, balance.Abs.Minor);
        Text(record, sign, balance.IsNegative ? "-" : "+");
    }

    private static void Digits(Span<byte> record, GpcField field, long value)
    {
        var target = record[field.Start..field.End];
        if (value < 0) throw new ArgumentException($"{value} is negative: {field.Name}.", nameof(value));
        for (var i = target.Length - 1; i >= 0; i--, value /= 10) target[i] = (byte)('0' + (value % 10));
        if (value != 0) throw new ArgumentException($"The value is longer than {field.Length} digits: {field.Name}.", nameof(value));
    }

    private static void Date(Span<byte> record, GpcField field, DateOnly date)
    {
        if (date.Year is < 2000 or > 2099) throw new ArgumentException($"Two digits hold years 2000 to 2099: {field.Name}.", nameof(date));
        Digits(record, field, (date.Day * 10000) + (date.Month * 100) + (date.Year % 100));
    }

    private static void Text(Span<byte> record, GpcField field, ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, field.Length)];
        Windows1250.Encode(text, record[field.Start..field.End]);
    }

    private static long Number(string? digits, GpcField field)
    {
        if (digits is null) return 0;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"{Printable.Quote(digits)} is no number: {field.Name}.", nameof(digits));
    }

    private static long Stored(CzechAccount account) => (account.Prefix * 10_000_000_000) + account.Number;

    private static string BankCode(GpcHeading heading) => heading.OwnAccount.BankCode.ToString("0000", CultureInfo.InvariantCulture);

    private static bool IsFio(GpcHeading heading) => BankCode(heading) == GpcConvention.FioBank;
}
