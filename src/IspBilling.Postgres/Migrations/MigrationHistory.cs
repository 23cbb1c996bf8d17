using System.Collections.Immutable;
using Npgsql;

namespace IspBilling.Postgres.Migrations;

internal readonly record struct RecordedMigration(int Number, string Name, string Checksum);

/// <summary>The table in which a database remembers its steps.</summary>
internal static class MigrationHistory
{
    public static async Task CreateOnce(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
              number integer PRIMARY KEY CHECK (number > 0),
              name text NOT NULL,
              checksum text NOT NULL,
              applied_at timestamptz NOT NULL DEFAULT now()
            )
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<bool> Exists(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var look = new NpgsqlCommand("SELECT to_regclass('schema_migrations') IS NOT NULL", connection);
        return await look.ExecuteScalarAsync(cancel) is true;
    }

    public static async Task<ImmutableArray<RecordedMigration>> Read(NpgsqlConnection connection, CancellationToken cancel)
    {
        var recorded = ImmutableArray.CreateBuilder<RecordedMigration>();
        await using var command = new NpgsqlCommand("SELECT number, name, checksum FROM schema_migrations ORDER BY number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            recorded.Add(new RecordedMigration(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        return recorded.ToImmutable();
    }

    public static async Task Record(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)", connection)
        {
            Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name }, new() { Value = migration.Checksum } },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
