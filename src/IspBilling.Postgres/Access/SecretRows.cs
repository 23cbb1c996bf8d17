using Dapper;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Postgres.Access;

/// <param name="ChangedBy">Who entered it.</param>
public sealed record SecretEntry(string Name, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>Secrets as stored, encrypted; opening them is not known here.</summary>
public sealed class SecretRows(NpgsqlDataSource database)
{
    /// <summary>Each is of a bank account, a server or a service that somebody set up by hand.</summary>
    public const int Max = 500;

    private sealed record Row(string Name, DateTime ChangedAt, string ChangedBy);

    /// <summary>False, and nothing stored, when there are <see cref="Max"/> others already.</summary>
    public async Task<bool> Put(string name, string encrypted, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        var before = await Definition(connection, name, cancellation);
        // Asked within the turn: two who enter the last one together wait for each other.
        if (before is null && await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM secrets", cancellationToken: cancellation)) >= Max) return false;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO secrets (name, sealed, changed_at, changed_by) VALUES (@name, @encrypted, @at, @by)
            ON CONFLICT (name) DO UPDATE SET sealed = EXCLUDED.sealed, changed_at = EXCLUDED.changed_at, changed_by = EXCLUDED.changed_by
            """,
            new { name, encrypted, at = by.At.ToUniversalTime(), by = $"{by.Actor.Kind} {by.Actor.Id}: {by.Actor.Name}" }, cancellationToken: cancellation));
        var after = await Definition(connection, name, cancellation);
        if (after != before) await turn.Append(new SettingsChange(SettingKinds.Secret, name, "secret.v1", before, after), by, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Null when there is none of the name.</summary>
    public async Task<string?> Find(string name, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT sealed FROM secrets WHERE name = @name", new { name }, cancellationToken: cancellation));
    }

    /// <summary>False when there was none of the name.</summary>
    public async Task<bool> Remove(string name, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        if (await Definition(connection, name, cancellation) is not { } before) return false;
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM secrets WHERE name = @name", new { name }, cancellationToken: cancellation));
        await turn.Append(new SettingsChange(SettingKinds.Secret, name, "secret.v1", before, After: null), by, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>What the settings journal says of a secret: since when it is there. Null when there is none.</summary>
    private static Task<string?> Definition(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """SELECT json_build_object('changedAt', to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text FROM secrets WHERE name = @name""",
            new { name }, cancellationToken: cancellation));

    /// <summary>By name, after a cursor.</summary>
    public async Task<IReadOnlyList<SecretEntry>> List(string after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT name, changed_at AS ChangedAt, changed_by AS ChangedBy FROM secrets WHERE name > @after ORDER BY name LIMIT @max",
            new { after, max = PageSize.Reading(max) }, cancellationToken: cancellation));
        return [.. rows.Select(row => new SecretEntry(row.Name, PeopleSql.Utc(row.ChangedAt), row.ChangedBy))];
    }
}
