using System.Runtime.CompilerServices;
using System.Text.Json;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Fio;

/// <summary>Reads the JSON of Fio's API: <c>accountStatement</c> with <c>info</c> and then <c>transactionList.transaction[]</c>.</summary>
internal sealed class FioJsonReader(StatementReaderOptions options) : IStatementReader
{
    public static bool Recognises(ReadOnlySpan<byte> content) =>
        content.StartsWith("{"u8)
        && (content.IndexOf("\"accountStatement\""u8) >= 0 || content.IndexOf("\"AccountStatement\""u8) >= 0 || content.IndexOf("\"accountstatement\""u8) >= 0);

    public async IAsyncEnumerable<StatementItem> Read(
        Stream file, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var json = new JsonTokens(file, fileName);
        var statement = new FioStatement(options, fileName, static number => number);
        var movement = new FioMovement();

        // Names of objects on the way to the current token, by depth: accountStatement, transactionList, transaction.
        while (await json.Next(statement.Records, cancellation))
        {
            if (json.Type == JsonTokenType.PropertyName && json.Depth == 2 && Is(json, "info"))
            {
                if (statement.IsOpened) throw json.Refuse(statement.Records, "one info", "a second one");
                yield return statement.Open(await ReadInfo(json, cancellation), currencyOfEntries: null, json.Line);
            }
            else if (json.Type == JsonTokenType.StartObject && json.Depth == 4)
            {
                if (!statement.IsOpened) throw json.Refuse(statement.Records, "info before the transactions", "a transaction");
                var line = json.Line;
                await ReadMovement(json, movement, statement.Records, cancellation);
                yield return statement.Read(movement, line);
            }
            else if (json.Type == JsonTokenType.PropertyName && !IsOnTheWay(json))
            {
                await json.Skip(statement.Records, cancellation);
            }
        }

        if (!statement.IsOpened) throw json.Refuse(statement.Records, "accountStatement with info", "the end of the file");
        yield return statement.Close();
    }

    private static bool IsOnTheWay(JsonTokens json) => json.Depth switch
    {
        1 => Is(json, "accountStatement"),
        2 => Is(json, "transactionList"),
        3 => Is(json, "transaction"),
        _ => false,
    };

    /// <summary>Clients that pass the file on re-write the case of its names.</summary>
    private static bool Is(JsonTokens json, string name) => json.Text.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<FioInfo> ReadInfo(JsonTokens json, CancellationToken cancellation)
    {
        var info = new FioInfo();
        await json.Next(0, cancellation);
        if (json.Type != JsonTokenType.StartObject) throw json.Refuse(0, "info as an object", json.Type.ToString());
        while (await json.Next(0, cancellation) && json.Type == JsonTokenType.PropertyName)
        {
            var name = json.Text.ToString();
            await json.Next(0, cancellation);
            info.Take(name, json.Value);
            await json.Skip(0, cancellation);
        }

        return info;
    }

    /// <summary>A movement is an object of columns, each null or an object of value, name and id.</summary>
    private static async ValueTask ReadMovement(JsonTokens json, FioMovement movement, long record, CancellationToken cancellation)
    {
        movement.Clear();
        while (await json.Next(record, cancellation) && json.Type == JsonTokenType.PropertyName)
        {
            var column = FioColumns.OfNumberedName(json.Text);
            if (column == FioColumn.None) await json.Skip(record, cancellation);
            else movement[column] = await ReadValue(json, record, cancellation);
        }
    }

    private static async ValueTask<string?> ReadValue(JsonTokens json, long record, CancellationToken cancellation)
    {
        await json.Next(record, cancellation);
        if (json.Type == JsonTokenType.Null) return null;
        if (json.Type != JsonTokenType.StartObject) throw json.Refuse(record, "a column as an object or null", json.Type.ToString());
        string? value = null;
        while (await json.Next(record, cancellation) && json.Type == JsonTokenType.PropertyName)
        {
            var isValue = Is(json, "value");
            await json.Next(record, cancellation);
            if (isValue) value = json.Value;
            await json.Skip(record, cancellation);
        }

        return value;
    }
}
