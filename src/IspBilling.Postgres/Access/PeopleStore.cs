using Dapper;
using Npgsql;

namespace IspBilling.Postgres.Access;

/// <summary>People and the provider's own roles. Whoever changes who may do what takes a turn, so that two changes together break no rule.</summary>
public sealed class PeopleStore(NpgsqlDataSource database)
{
    /// <summary>People who are not removed.</summary>
    public const int Max = 10_000;

    public const int MaxRoles = 500;

    /// <summary>"ISPPEOPL" in ASCII; advisory locks of one database share one number space.</summary>
    private const long TurnLock = 0x49_53_50_50_45_4F_50_4C;

    /// <summary>Ends without a trace unless it is committed.</summary>
    public async Task<PeopleTurn> Turn(CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            await connection.ExecuteAsync(new CommandDefinition($"SELECT pg_advisory_xact_lock({TurnLock})", cancellationToken: cancellation));
            return await PeopleTurn.Begin(connection, transaction, cancellation);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>By id, after a cursor; also those who were removed, whom the journal still names.</summary>
    public async Task<IReadOnlyList<PersonRow>> List(PersonId after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await PeopleSql.People(
            connection, "WHERE p.id > @after ORDER BY p.id LIMIT @max", new { after = after.Value, max = PageSize.Reading(max) }, cancellation);
    }

    /// <summary>Null when there is none; removed ones are found.</summary>
    public async Task<PersonRow?> Find(PersonId person, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await PeopleSql.People(connection, "WHERE p.id = @id", new { id = person.Value }, cancellation)).SingleOrDefault();
    }

    public async Task<bool> HasAnyone(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT FROM people)", cancellationToken: cancellation));
    }

    public async Task<IReadOnlyList<RoleRow>> Roles(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await PeopleSql.Roles(connection, cancellation);
    }
}
