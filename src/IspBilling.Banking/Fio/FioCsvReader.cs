using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Fio;

/// <summary>Reads the CSV of Fio's API: lines of <c>name;value</c>, then a line of column names, then movements. UTF-8.</summary>
internal sealed class FioCsvReader(StatementReaderOptions options) : IStatementReader
{
    /// <summary>Twenty-odd fields of at most a few hundred characters.</summary>
    private const int MaxRecordBytes = 64 * 1024;
    private const int MaxHeadLines = 64;

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
        return content.StartsWith("accountId"u8) || content.StartsWith("ID operace"u8) || content.StartsWith("ID pohybu"u8);
    }

    public async IAsyncEnumerable<StatementItem> Read(
        Stream file, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var csv = CsvReader.Create(file, Csv, leaveOpen: true);
        var statement = new FioStatement(options.Limits, fileName, InvariantNumber);
        var info = new FioInfo();
        FioColumn[]? columns = null;
        while (columns is null && await Next(csv, statement, cancellation))
        {
            columns = ReadColumns(csv);
            if (columns is null) info.Take(csv.GetString(0).Trim(), csv.FieldCount > 1 ? csv.GetString(1).Trim() : null);
            if (csv.LineNumber > MaxHeadLines)
                throw statement.Refuse(csv.LineNumber, $"column names within {MaxHeadLines} lines", "more lines");
        }

        if (columns is null)
            throw statement.Refuse(csv.LineNumber, "column names with the movement id, the date and the amount", "the end of the file");
        yield return statement.Open(info, csv.LineNumber);

        var movement = new FioMovement();
        while (await Next(csv, statement, cancellation))
        {
            TakeFields(csv, columns, movement, statement);
            yield return statement.Read(movement, csv.LineNumber);
        }

        foreach (var item in statement.Close(csv.LineNumber)) yield return item;
    }

    /// <summary>Null for a line of the head, where no required column is named.</summary>
    private static FioColumn[]? ReadColumns(CsvReader csv)
    {
        var columns = new FioColumn[csv.FieldCount];
        for (var i = 0; i < columns.Length; i++) columns[i] = FioColumns.OfName(csv.GetString(i));
        var hasRequired = columns.Contains(FioColumn.MovementId) && columns.Contains(FioColumn.Date) && columns.Contains(FioColumn.Amount);
        return hasRequired ? columns : null;
    }

    /// <summary>A shorter row is a file that broke off: what it lacks is not absent, it is unknown.</summary>
    private static void TakeFields(CsvReader csv, FioColumn[] columns, FioMovement movement, FioStatement statement)
    {
        if (csv.FieldCount < columns.Length)
            throw statement.Refuse(csv.LineNumber, $"{columns.Length} columns", Encoding.UTF8.GetString(csv.RawRecord));
        movement.Clear();
        for (var i = 0; i < columns.Length; i++)
            if (columns[i] != FioColumn.None) movement[columns[i]] = csv.GetString(i);
    }

    private static async ValueTask<bool> Next(CsvReader csv, FioStatement statement, CancellationToken cancellation)
    {
        try
        {
            return await csv.ReadAsync(cancellation);
        }
        catch (CsvFormatException e)
        {
            throw statement.Refuse(e.LineNumber, $"CSV with quotes closed and lines of at most {MaxRecordBytes} bytes", e.Message);
        }
    }

    /// <summary>From what Fio writes: <c>-1 234,50</c>.</summary>
    private static string InvariantNumber(string number) =>
        number.Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace(',', '.');
}
