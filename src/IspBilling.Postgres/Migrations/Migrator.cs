using System.Collections.Immutable;
using Npgsql;

namespace IspBilling.Postgres.Migrations;

/// <summary>
/// Brings a database to the schema of the program. Several engines may start at once: every step takes a lock for its transaction and
/// looks again at what is recorded.
/// </summary>
public sealed class Migrator(NpgsqlDataSource database, MigrationSet migrations)
{
    /// <summary>"ISPBILL" in ASCII; advisory locks of one database share one number space.</summary>
    private const long LockNumber = 0x49_53_50_42_49_4C_4C;

    /// <returns>What was applied now; empty when the database was up to date.</returns>
    /// <exception cref="MigrationException">
    /// A recorded file changed, the database is newer than the program, or a statement failed. Steps before the failing one stay.
    /// </exception>
    public async Task<ImmutableArray<Migration>> Apply(CancellationToken cancel)
    {
        var applied = ImmutableArray.CreateBuilder<Migration>();
        await using var connection = await database.OpenConnectionAsync(cancel);
        while (await ApplyNext(connection, cancel) is { } migration) applied.Add(migration);
        return applied.ToImmutable();
    }

    /// <summary>Looks without changing anything: how many steps of the program the database lacks.</summary>
    /// <exception cref="MigrationException">A recorded file changed, or the database is newer than the program.</exception>
    public async Task<int> Missing(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (!await MigrationHistory.Exists(connection, cancel)) return migrations.Migrations.Length;
        var recorded = await MigrationHistory.Read(connection, cancel);
        RequireKnown(recorded);
        return migrations.Migrations.Length - recorded.Length;
    }

    private async Task<Migration?> ApplyNext(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Execute(connection, $"SELECT pg_advisory_xact_lock({LockNumber})", cancel);
        await MigrationHistory.CreateOnce(connection, cancel);
        var recorded = await MigrationHistory.Read(connection, cancel);
        RequireKnown(recorded);
        if (recorded.Length == migrations.Migrations.Length)
        {
            await transaction.CommitAsync(cancel);
            return null;
        }

        var next = migrations.Migrations[recorded.Length];
        await Run(connection, next, cancel);
        await MigrationHistory.Record(connection, next, cancel);
        await transaction.CommitAsync(cancel);
        return next;
    }

    private void RequireKnown(ImmutableArray<RecordedMigration> recorded)
    {
        foreach (var (step, index) in recorded.Select((step, index) => (step, index)))
        {
            if (step.Number != index + 1)
                throw new MigrationException($"schema_migrations lacks number {index + 1}, though {step.Number} is recorded: the table was changed by hand.");
            if (index >= migrations.Migrations.Length)
            {
                throw new MigrationException(
                    $"The database is newer than this program: it has the migration {step.Number} ({step.Name}), and the program knows "
                    + $"{migrations.Migrations.Length}. Start the newer program.");
            }

            var known = migrations.Migrations[index];
            if (known.Checksum != step.Checksum || known.Name != step.Name)
            {
                throw new MigrationException(
                    $"{known.FileName} is not what was applied to this database (as {step.Name}, SHA-256 {step.Checksum}, now {known.Checksum}). "
                    + "A published migration never changes: restore the file and write a new one.");
            }
        }
    }

    private static async Task Run(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        try
        {
            if (!string.IsNullOrWhiteSpace(migration.Sql)) await Execute(connection, migration.Sql, cancel);
        }
        catch (PostgresException failure)
        {
            throw new MigrationException($"{migration.FileName}: {failure.MessageText} ({failure.SqlState})", failure);
        }
    }

    /// <summary>Without a time limit: a step over millions of rows takes what it takes, and half of it is nothing.</summary>
    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
