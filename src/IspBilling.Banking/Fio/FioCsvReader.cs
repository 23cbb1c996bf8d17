using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Fio;

/// <summary>
/// Reads the CSV of Fio: from the API lines of <c>name;value</c>, from internet banking sentences or nothing, then a line of column names,
/// then movements. UTF-8, from internet banking also windows-1250.
/// </summary>
internal sealed class FioCsvReader(StatementReaderOptions options, bool isWindows1250) : IStatementReader
{
    /// <summary>Twenty-odd fields of at most a few hundred characters.</summary>
    private const int MaxRecordBytes = 64 * 1024;
    private const int MaxHeadLines = 64;
    private const int MaxTitleBytes = 200;
    private const int Utf8CharacterMax = 4;

    private static readonly Encoding Windows1250 = CodePagesEncodingProvider.Instance.GetEncoding(1250)!;

    private static readonly CsvReaderOptions Csv = new()
    {
        Separator = ';',
        HasHeader = false, // the column names come after the head
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = MaxRecordBytes,
        TrackLineNumbers = true,
    };

    public static bool Recognises(ReadOnlySpan<byte> content)
    {
        content = content.TrimStart((byte)'"');
        if (content.StartsWith("accountId"u8) || content.StartsWith("ID pohybu"u8) || content.StartsWith("ID oper"u8)) return true;
        var line = content[..Math.Min(content.Length, MaxTitleBytes)];
        return FioWebHead.Recognises(IsWindows1250(line) ? Windows1250.GetString(line) : Encoding.UTF8.GetString(line));
    }

    /// <summary>
    /// Every file has a letter beyond ASCII in its head or column names (Měna, Dátum), and in windows-1250 it is no UTF-8.
    /// </summary>
    public static bool IsWindows1250(ReadOnlySpan<byte> beginning)
    {
        // The last character may have been cut in two.
        var whole = beginning.Length;
        while (whole > 0 && beginning.Length - whole < Utf8CharacterMax && beginning[whole - 1] >= 0x80) whole--;
        return !System.Text.Unicode.Utf8.IsValid(beginning[..whole]);
    }

    public async IAsyncEnumerable<StatementItem> Read(
        Stream file, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var utf8 = isWindows1250 ? Encoding.CreateTranscodingStream(file, Windows1250, Encoding.UTF8, leaveOpen: true) : null;
        await using var csv = CsvReader.Create(utf8 ?? file, Csv, leaveOpen: true);
        var statement = new FioStatement(options, fileName, InvariantNumber);
        var info = new FioInfo();
        FioColumn[]? columns = null;
        while (columns is null && await Next(csv, statement, cancellation))
        {
            columns = ReadColumns(csv, statement);
            if (columns is null) TakeHead(csv, info);
            if (csv.LineNumber > MaxHeadLines)
                throw statement.RefuseAs(csv.LineNumber, $"column names within {MaxHeadLines} lines", "more lines");
        }

        if (columns is null)
            throw statement.RefuseAs(csv.LineNumber, "column names with the movement id, the date and the amount", "the end of the file");

        var movement = new FioMovement();
        while (await Next(csv, statement, cancellation))
        {
            if (IsBlank(csv)) continue;
            TakeFields(csv, columns, movement, statement);
            if (!statement.IsOpened) yield return statement.Open(info, movement[FioColumn.Currency], csv.LineNumber);
            yield return statement.Read(movement, csv.LineNumber);
        }

        if (!statement.IsOpened) yield return statement.Open(info, currencyOfEntries: null, csv.LineNumber);
        yield return statement.Close();
    }

    private static void TakeHead(CsvReader csv, FioInfo info)
    {
        var name = csv.GetString(0).Trim();
        if (csv.FieldCount > 1) info.Take(name, csv.GetString(1).Trim());
        else FioWebHead.TryTake(name, info);
    }

    /// <summary>Null for a line of the head, where no required column is named.</summary>
    private static FioColumn[]? ReadColumns(CsvReader csv, FioStatement statement)
    {
        var columns = new FioColumn[csv.FieldCount];
        for (var i = 0; i < columns.Length; i++) columns[i] = FioColumns.OfName(csv.GetString(i));
        var hasRequired = columns.Contains(FioColumn.MovementId) && columns.Contains(FioColumn.Date) && columns.Contains(FioColumn.Amount);
        if (!hasRequired) return null;
        if (columns.Count(column => column == FioColumn.Amount) > 1)
            throw statement.RefuseAs(
                csv.LineNumber, "a statement of the account", "an export of a card terminal, two columns \"Objem\"; download the account's statement instead");
        return columns;
    }

    private static bool IsBlank(CsvReader csv)
    {
        for (var i = 0; i < csv.FieldCount; i++)
            if (!string.IsNullOrWhiteSpace(csv.GetString(i))) return false;
        return true;
    }

    /// <summary>A shorter row is a file that broke off: what it lacks is not absent, it is unknown.</summary>
    private static void TakeFields(CsvReader csv, FioColumn[] columns, FioMovement movement, FioStatement statement)
    {
        if (csv.FieldCount < columns.Length)
            throw statement.Refuse(csv.LineNumber, $"{columns.Length} columns", Encoding.UTF8.GetString(csv.RawRecord));
        movement.Clear();
        for (var i = 0; i < columns.Length; i++)
            if (columns[i] != FioColumn.None) movement.Add(columns[i], csv.GetString(i));
    }

    private static async ValueTask<bool> Next(CsvReader csv, FioStatement statement, CancellationToken cancellation)
    {
        try
        {
            return await csv.ReadAsync(cancellation);
        }
        catch (CsvFormatException e)
        {
            throw statement.RefuseAs(e.LineNumber, $"CSV with quotes closed and lines of at most {MaxRecordBytes} bytes", Printable.Quote(e.Message));
        }
    }

    /// <summary>From what Fio writes: <c>-1 234,50</c>.</summary>
    private static string InvariantNumber(string number) =>
        number.Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace(',', '.');
}
