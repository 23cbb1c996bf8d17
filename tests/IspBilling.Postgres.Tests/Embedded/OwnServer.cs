using System.Collections.Immutable;
using IspBilling.Postgres.Embedded;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Postgres.Tests.Embedded;

/// <summary>A data directory of one test, with servers that may come and go on it.</summary>
public abstract class OwnServer : IAsyncLifetime
{
    protected string DataDirectory { get; } = TestDirectory.New();

    protected string Cluster => Path.Combine(DataDirectory, "cluster");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (Directory.Exists(DataDirectory)) await EmbeddedPostgres.Remove(DataDirectory, CancellationToken.None);
    }

    protected Task<EmbeddedPostgres> Start() => Start(ImmutableSortedDictionary<string, string>.Empty);

    protected Task<EmbeddedPostgres> Start(ImmutableSortedDictionary<string, string> fixedSettings) => EmbeddedPostgres.Start(
        new EmbeddedPostgresOptions { DataDirectory = DataDirectory, FixedSettings = fixedSettings }, CancellationToken.None);

    protected static async Task WriteNote(EmbeddedPostgres server, string text)
    {
        await server.EnsureDatabase("billing", CancellationToken.None);
        await Query<object>(server, $"CREATE TABLE IF NOT EXISTS notes (text text); INSERT INTO notes VALUES ('{text}')");
    }

    protected static Task<string?> ReadNotes(EmbeddedPostgres server) => Query<string>(server, "SELECT string_agg(text, ', ' ORDER BY text) FROM notes");

    protected static async Task<T?> Query<T>(EmbeddedPostgres server, string sql, string database = "billing")
    {
        var unpooled = new NpgsqlConnectionStringBuilder(server.ConnectionString(database)) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
