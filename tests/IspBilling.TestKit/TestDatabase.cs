using IspBilling.Postgres;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.TestKit;

/// <summary>A database of one test or one class; dropped when disposed, and at the latest with its server.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres server;

    internal TestDatabase(EmbeddedPostgres server, string name)
    {
        this.server = server;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString(name)) { MaxPoolSize = 20 }.ConnectionString;
        Source = BillingDatabase.Connect(ConnectionString);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public async Task Execute(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As whoever owns the database can, with the triggers off that keep rows as they were written.</summary>
    public async Task Tamper(string sql)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"SET LOCAL session_replication_role = replica; {sql}", connection, transaction);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T?> Scalar<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>Ends all other sessions, as a network or an administrator might.</summary>
    public async Task CutConnections()
    {
        // From another database, so that two who cut at once leave each other alone.
        var elsewhere = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(elsewhere.ConnectionString);
        await connection.OpenAsync();
        await using var cut = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", connection);
        cut.Parameters.Add(new() { Value = Name });
        await cut.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await server.DropDatabase(Name, CancellationToken.None);
    }
}
