using System.Data;
using System.Data.Common;
using Npgsql;

namespace IspBilling.Postgres.Tests.Cluster;

/// <summary>
/// Runs stored queries as Orleans' providers do: looked up by key, parameters by name and with the type of their .NET value, columns by
/// name. It does without the providers' packages, which cannot be restored everywhere.
/// </summary>
internal sealed class StoredQueries
{
    private readonly NpgsqlDataSource database;
    private readonly Dictionary<string, string> texts;

    private StoredQueries(NpgsqlDataSource database, Dictionary<string, string> texts)
    {
        this.database = database;
        this.texts = texts;
    }

    public IEnumerable<string> Keys => texts.Keys;

    public static async Task<StoredQueries> Of(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        var rows = await Rows(command, row => (Key: row.Get<string>("QueryKey"), Text: row.Get<string>("QueryText")));
        return new StoredQueries(database, rows.ToDictionary(row => row.Key, row => row.Text));
    }

    public async Task<List<T>> Read<T>(string key, Func<DbDataReader, T> row, params QueryParameter[] parameters)
    {
        await using var command = database.CreateCommand(texts[key]);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(
                new NpgsqlParameter { ParameterName = parameter.Name, Value = parameter.Value ?? DBNull.Value, DbType = parameter.Type });
        }

        return await Rows(command, row);
    }

    public Task Execute(string key, params QueryParameter[] parameters) => Read(key, _ => true, parameters);

    /// <summary>Whether what was asked for was done.</summary>
    public async Task<bool> Done(string key, params QueryParameter[] parameters)
    {
        var answers = await Read(
            key,
            row =>
            {
                Assert.Equal(1, row.FieldCount);
                return Convert.ToBoolean(row.GetValue(0));
            },
            parameters);
        return answers[0];
    }

    private static async Task<List<T>> Rows<T>(NpgsqlCommand command, Func<DbDataReader, T> row)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(row(reader));
        return rows;
    }
}

/// <summary>A named value; its .NET type decides the type it is sent with.</summary>
internal readonly record struct QueryParameter(string Name, DbType Type, object? Value)
{
    public static implicit operator QueryParameter((string Name, string? Value) of) => new(of.Name, DbType.String, of.Value);

    public static implicit operator QueryParameter((string Name, int Value) of) => new(of.Name, DbType.Int32, of.Value);

    public static implicit operator QueryParameter((string Name, int? Value) of) => new(of.Name, DbType.Int32, of.Value);

    public static implicit operator QueryParameter((string Name, long Value) of) => new(of.Name, DbType.Int64, of.Value);

    public static implicit operator QueryParameter((string Name, DateTime Value) of) => new(of.Name, DbType.DateTime, of.Value);

    public static implicit operator QueryParameter((string Name, byte[] Value) of) => new(of.Name, DbType.Binary, of.Value);
}

internal static class Columns
{
    public static T Get<T>(this DbDataReader row, string column) => (T)row.GetValue(row.GetOrdinal(column));

    public static T? GetOrNull<T>(this DbDataReader row, string column)
        where T : class
    {
        var ordinal = row.GetOrdinal(column);
        return row.IsDBNull(ordinal) ? null : (T)row.GetValue(ordinal);
    }

    public static DateTime GetInstant(this DbDataReader row, string column) =>
        DateTime.SpecifyKind(row.GetDateTime(row.GetOrdinal(column)), DateTimeKind.Utc);
}
