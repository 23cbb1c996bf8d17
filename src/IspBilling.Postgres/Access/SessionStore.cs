using System.Globalization;
using System.Text.Json;
using Dapper;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Postgres.Access;

public readonly record struct SessionId(long Value);

/// <param name="Means">How the person signed in: password or provider.</param>
/// <param name="Agent">What the browser called itself.</param>
public sealed record SessionRow(
    SessionId Id, PersonId Person, string PersonName, string Means, string? Address, string? Agent, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt);

/// <summary>Whose request it is that carries a good session.</summary>
/// <param name="Roles">Codes of the person's roles.</param>
/// <param name="OwnRoleRights">Rights of those among the roles that the provider named, as stored words.</param>
public sealed record SessionHolder(SessionId Session, PersonId Person, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> OwnRoleRights);

/// <summary>How long a session is good.</summary>
/// <param name="Idle">Since it was seen last.</param>
/// <param name="Whole">Since sign-in.</param>
public sealed record SessionTerms(TimeSpan Idle, TimeSpan Whole)
{
    public static readonly SessionTerms Usual = new(TimeSpan.FromHours(4), TimeSpan.FromHours(12));
}

/// <summary>Sessions as rows: what is revoked here is refused by every node with its next request, because none remembers a session.</summary>
public sealed class SessionStore(NpgsqlDataSource database)
{
    /// <summary>Good at once of one person; a further sign-in ends the oldest.</summary>
    public const int MaxPerPerson = 20;

    /// <summary>How far behind <c>seen_at</c> may be: a page with ten requests is one write.</summary>
    private const int SeenEverySeconds = 60;

    private sealed record Row(
        long Id, int Person, string PersonName, string Means, string? Address, string? Agent, DateTime CreatedAt, DateTime SeenAt, DateTime ExpiresAt)
    {
        public SessionRow ToSession() => new(
            new SessionId(Id), new PersonId(Person), PersonName, Means, Address, Agent, PeopleSql.Utc(CreatedAt), PeopleSql.Utc(SeenAt), PeopleSql.Utc(ExpiresAt));
    }

    private sealed record HolderRow(long Session, int Person, string Name, Array Roles, Array OwnRoleRights, DateTime SeenAt);

    public async Task<SessionId> Add(
        PersonId person, byte[] hash, string means, string? address, string? agent, DateTimeOffset at, SessionTerms terms, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return new SessionId(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            WITH surplus AS (
                SELECT id FROM sessions WHERE person = @person AND revoked_at IS NULL AND expires_at > @at ORDER BY id DESC OFFSET @others),
            ended AS (UPDATE sessions SET revoked_at = @at WHERE id IN (SELECT id FROM surplus))
            INSERT INTO sessions (hash, person, means, address, agent, created_at, seen_at, expires_at)
            VALUES (@hash, @person, @means, @address, @agent, @at, @at, @until) RETURNING id
            """,
            new
            {
                hash, person = person.Value, means, address, agent, at = at.ToUniversalTime(), until = (at + terms.Whole).ToUniversalTime(), others = MaxPerPerson - 1,
            },
            cancellationToken: cancellation)));
    }

    /// <summary>Null when the session is unknown, revoked or over, or its person is disabled or removed.</summary>
    public async Task<SessionHolder?> Find(byte[] hash, DateTimeOffset at, SessionTerms terms, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<HolderRow>(new CommandDefinition(
            """
            SELECT s.id AS Session, p.id AS Person, p.name, p.roles,
                   ARRAY(SELECT DISTINCT unnest(r.rights) FROM roles r WHERE r.code = ANY (p.roles)) AS OwnRoleRights, s.seen_at AS SeenAt
            FROM sessions s JOIN people p ON p.id = s.person
            WHERE s.hash = @hash AND s.revoked_at IS NULL AND s.expires_at > @at AND s.seen_at > @idle AND p.disabled_at IS NULL AND p.removed_at IS NULL
            """,
            new { hash, at = at.ToUniversalTime(), idle = (at - terms.Idle).ToUniversalTime() }, cancellationToken: cancellation));
        if (row is null) return null;
        if (PeopleSql.Utc(row.SeenAt).AddSeconds(SeenEverySeconds) <= at)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE sessions SET seen_at = @at WHERE id = @id AND seen_at < @at", new { id = row.Session, at = at.ToUniversalTime() }, cancellationToken: cancellation));
        }

        return new SessionHolder(new SessionId(row.Session), new PersonId(row.Person), row.Name, (string[])row.Roles, (string[])row.OwnRoleRights);
    }

    /// <summary>Good sessions, by id, after a cursor.</summary>
    /// <param name="person">Whose; null for everybody's.</param>
    public async Task<IReadOnlyList<SessionRow>> List(
        PersonId? person, SessionId after, int max, DateTimeOffset at, SessionTerms terms, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT s.id, s.person, p.name AS PersonName, s.means, s.address, s.agent, s.created_at AS CreatedAt, s.seen_at AS SeenAt, s.expires_at AS ExpiresAt
            FROM sessions s JOIN people p ON p.id = s.person
            WHERE s.id > @after AND (@person::integer IS NULL OR s.person = @person) AND s.revoked_at IS NULL AND s.expires_at > @at AND s.seen_at > @idle
            ORDER BY s.id LIMIT @max
            """,
            new
            {
                after = after.Value, person = person?.Value, at = at.ToUniversalTime(), idle = (at - terms.Idle).ToUniversalTime(), max = PageSize.Reading(max),
            },
            cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToSession())];
    }

    /// <summary>Ends anybody's session, which the settings journal tells. False when there is no such session.</summary>
    public async Task<bool> Revoke(SessionId session, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var turn = await SettingsTurn.Take(transaction, cancellation);
        var ended = await connection.QuerySingleOrDefaultAsync<(int Person, bool IsOver)?>(new CommandDefinition(
            "SELECT person, revoked_at IS NOT NULL FROM sessions WHERE id = @id FOR UPDATE", new { id = session.Value }, cancellationToken: cancellation));
        if (ended is not var (person, isOver)) return false;
        if (isOver) return true;
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE sessions SET revoked_at = @at WHERE id = @id", new { id = session.Value, at = by.At.ToUniversalTime() }, cancellationToken: cancellation));
        var change = new SettingsChange(
            SettingKinds.Session, session.Value.ToString(CultureInfo.InvariantCulture), "session.v1", Before: null, JsonSerializer.Serialize(new { person, ended = true }));
        await turn.Append(change, by, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>False when the person has no such session.</summary>
    public async Task<bool> RevokeOwn(SessionId session, PersonId person, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE sessions SET revoked_at = coalesce(revoked_at, @at) WHERE id = @id AND person = @person",
            new { id = session.Value, person = person.Value, at = at.ToUniversalTime() }, cancellationToken: cancellation)) == 1;
    }

    /// <summary>All of a person.</summary>
    /// <param name="except">The one that stays; null when none does.</param>
    public async Task RevokeAll(PersonId person, SessionId? except, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE sessions SET revoked_at = @at WHERE person = @person AND revoked_at IS NULL AND id IS DISTINCT FROM @except",
            new { person = person.Value, except = except?.Value, at = at.ToUniversalTime() }, cancellationToken: cancellation));
    }

    /// <summary>Forgets sessions that were over before an instant.</summary>
    public async Task Forget(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM sessions WHERE expires_at < @before", new { before = before.ToUniversalTime() }, commandTimeout: 0, cancellationToken: cancellation));
    }
}
