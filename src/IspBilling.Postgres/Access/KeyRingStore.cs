using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Access;

/// <summary>The key ring's elements as stored: XML whose keys are wrapped. Whoever adds one holds <see cref="Alone"/>.</summary>
public sealed class KeyRingStore(NpgsqlDataSource database)
{
    /// <summary>"ISPRING" in ASCII; advisory locks of one database share one number space.</summary>
    private const long Lock = 0x49_53_50_52_49_4E_47;

    /// <summary>In the order in which they came.</summary>
    /// <remarks>Without a task: the framework asks for its keys in the middle of protecting something.</remarks>
    public IReadOnlyList<string> Read()
    {
        using var connection = database.OpenConnection();
        return [.. connection.Query<string>("SELECT element FROM key_ring ORDER BY id")];
    }

    public void Add(string element, DateTimeOffset at)
    {
        using var command = database.CreateCommand("INSERT INTO key_ring (element, created_at) VALUES (@element, @at)")
            .With("element", NpgsqlDbType.Text, element)
            .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime());
        command.ExecuteNonQuery();
    }

    /// <summary>Does something that no other node does meanwhile: nodes that start together make one key, not one each.</summary>
    public async Task<T> Alone<T>(Func<T> work, CancellationToken cancellation)
    {
        await using var alone = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await alone.BeginTransactionAsync(cancellation);
        await alone.ExecuteAsync(new CommandDefinition($"SELECT pg_advisory_xact_lock({Lock})", cancellationToken: cancellation));
        return work();
    }
}
