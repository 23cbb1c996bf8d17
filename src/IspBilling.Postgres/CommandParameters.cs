using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres;

internal static class CommandParameters
{
    /// <summary>Typed, so that a null and an empty array have a type too.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return command;
    }
}
