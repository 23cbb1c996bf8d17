using IspBilling.Domain;
using IspBilling.Engine.Journal;
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

    /// <summary>The name under <paramref name="name"/>, kind and id under the same with <c>Kind</c> and <c>Id</c>.</summary>
    public static NpgsqlCommand WithActor(this NpgsqlCommand command, string name, Actor actor) => command
        .With($"{name}Kind", NpgsqlDbType.Text, StoredActor.NameOf(actor.Kind))
        .With($"{name}Id", NpgsqlDbType.Text, actor.Id)
        .With(name, NpgsqlDbType.Text, actor.Name);
}
