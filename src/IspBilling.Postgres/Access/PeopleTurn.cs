using Dapper;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Postgres.Access;

/// <summary>
/// One change to who may do what: nobody else makes one meanwhile, and all of it becomes durable together or nothing. What has changed when it is
/// committed has an entry in the settings journal, whatever changed it.
/// </summary>
public sealed class PeopleTurn : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly SettingsTurn _journal;
    private readonly Dictionary<(string Kind, string Key), Definition> _before;
    private readonly List<(PersonId Person, string Act)> _acts = [];

    private PeopleTurn(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SettingsTurn journal, Dictionary<(string Kind, string Key), Definition> before) =>
        (_connection, _transaction, _journal, _before) = (connection, transaction, journal, before);

    /// <param name="Stays">JSON that the journal keeps for ever.</param>
    /// <param name="Personal">JSON that a person may ask to be forgotten; null where there is none.</param>
    private sealed record Definition(string Kind, string Key, string Stays, string? Personal);

    internal static async Task<PeopleTurn> Begin(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation) => new(
        connection, transaction, await SettingsTurn.Take(transaction, cancellation), await Definitions(connection, cancellation));

    /// <summary>As it stands now, with what this turn has changed.</summary>
    public async Task<PeopleRows> Read(CancellationToken cancellation) => new(
        await PeopleSql.People(_connection, "WHERE p.removed_at IS NULL ORDER BY p.id", new { }, cancellation), await PeopleSql.Roles(_connection, cancellation));

    /// <summary>Whether there ever was a person.</summary>
    public Task<bool> HasAnyone(CancellationToken cancellation) =>
        _connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT FROM people)", cancellationToken: cancellation));

    /// <returns>Null when someone has the login.</returns>
    public async Task<PersonId?> Add(string login, string name, IReadOnlyCollection<string> roles, DateTimeOffset at, CancellationToken cancellation)
    {
        var id = await _connection.ExecuteScalarAsync<int?>(Sql(
            "INSERT INTO people (login, name, roles, created_at) VALUES (@login, @name, @roles, @at) ON CONFLICT (login) DO NOTHING RETURNING id",
            new { login, name, roles = roles.ToArray(), at = at.ToUniversalTime() }, cancellation));
        return id is { } added ? new PersonId(added) : null;
    }

    public Task SetRoles(PersonId person, IReadOnlyCollection<string> roles, CancellationToken cancellation) =>
        Execute("UPDATE people SET roles = @roles WHERE id = @id", new { id = person.Value, roles = roles.ToArray() }, cancellation);

    /// <summary>Ends the person's sessions and links too.</summary>
    public async Task Disable(PersonId person, DateTimeOffset at, CancellationToken cancellation)
    {
        await Execute("UPDATE people SET disabled_at = coalesce(disabled_at, @at) WHERE id = @id", new { id = person.Value, at = at.ToUniversalTime() }, cancellation);
        await CutOff(person, except: null, at, cancellation);
    }

    public async Task Enable(PersonId person, CancellationToken cancellation)
    {
        var unlocked = await _connection.ExecuteAsync(Sql(
            "UPDATE people SET failures = 0, locked_until = NULL WHERE id = @id AND locked_until IS NOT NULL", new { id = person.Value }, cancellation));
        if (unlocked > 0) _acts.Add((person, "lock ended"));
        await Execute("UPDATE people SET disabled_at = NULL, failures = 0 WHERE id = @id", new { id = person.Value }, cancellation);
    }

    /// <summary>Takes everything by which the person could sign in; the name stays for those who read what the person did.</summary>
    public async Task Remove(PersonId person, DateTimeOffset at, CancellationToken cancellation)
    {
        await Execute(
            """
            UPDATE people SET removed_at = @at, login = NULL, roles = '{}', password = NULL, factor = NULL, factor_confirmed = false, provider = NULL, subject = NULL
            WHERE id = @id
            """,
            new { id = person.Value, at = at.ToUniversalTime() }, cancellation);
        await Execute("DELETE FROM recovery_codes WHERE person = @id", new { id = person.Value }, cancellation);
        await CutOff(person, except: null, at, cancellation);
    }

    public async Task RemoveFactor(PersonId person, CancellationToken cancellation)
    {
        var removed = await _connection.ExecuteAsync(Sql(
            "UPDATE people SET factor = NULL, factor_confirmed = false WHERE id = @id AND factor IS NOT NULL", new { id = person.Value }, cancellation));
        if (removed > 0) _acts.Add((person, "second factor removed"));
        await Execute("DELETE FROM recovery_codes WHERE person = @id", new { id = person.Value }, cancellation);
    }

    /// <summary>What was set before opens nothing any more: sessions end, and so does a lock.</summary>
    /// <param name="except">The session that stays, of who changes the password in it; null when none does.</param>
    public async Task SetPassword(PersonId person, string hash, SessionId? except, DateTimeOffset at, CancellationToken cancellation)
    {
        _acts.Add((person, "password chosen"));
        await Execute(
            "UPDATE people SET password = @hash, failures = 0, locked_until = NULL WHERE id = @id", new { id = person.Value, hash }, cancellation);
        await CutOff(person, except, at, cancellation);
    }

    /// <param name="person">Null for a link by which the first person comes to be.</param>
    public async Task AddLink(byte[] hash, PersonId? person, DateTimeOffset at, DateTimeOffset until, CancellationToken cancellation)
    {
        // A newer link takes the place of an older one; of the first person, each front that starts prints one.
        if (person is { } of)
        {
            _acts.Add((of, "link made"));
            await Execute("DELETE FROM one_time_links WHERE person = @id", new { id = of.Value }, cancellation);
        }

        await Execute("DELETE FROM one_time_links WHERE expires_at <= @at", new { at = at.ToUniversalTime() }, cancellation);
        await Execute(
            "INSERT INTO one_time_links (hash, person, created_at, expires_at) VALUES (@hash, @person, @at, @until)",
            new { hash, person = person?.Value, at = at.ToUniversalTime(), until = until.ToUniversalTime() }, cancellation);
    }

    /// <summary>Whose link it is; null when it is unknown, used or too old. It is used from now on, and so are all others of the same purpose.</summary>
    public async Task<LinkRow?> TakeLink(byte[] hash, DateTimeOffset at, CancellationToken cancellation)
    {
        if (await LinkSql.Find(_connection, hash, at, cancellation) is not { } link) return null;
        await Execute("DELETE FROM one_time_links WHERE person IS NOT DISTINCT FROM @person", new { person = link.Person?.Value }, cancellation);
        return link;
    }

    /// <inheritdoc cref="SettingsTurn.IsDone"/>
    public Task<bool> IsRoleDone(string code, Authorship by, CancellationToken cancellation) => _journal.IsDone(SettingKinds.Role, code, by, cancellation);

    /// <param name="role">Its revision is assigned by the journal, whatever it says.</param>
    public Task PutRole(RoleRow role, CancellationToken cancellation) => Execute(
        """
        INSERT INTO roles (code, name, rights) VALUES (@code, @name, @rights)
        ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, rights = EXCLUDED.rights
        """,
        new { code = role.Code, name = role.Name, rights = role.Rights.ToArray() }, cancellation);

    public Task RemoveRole(string code, CancellationToken cancellation) => Execute("DELETE FROM roles WHERE code = @code", new { code }, cancellation);

    /// <param name="by">Whose change it is; there is no other way to make one.</param>
    /// <returns>The last revision there is.</returns>
    public async Task<long> Commit(Authorship by, CancellationToken cancellation)
    {
        var after = await Definitions(_connection, cancellation);
        foreach (var (kind, key) in _before.Keys.Union(after.Keys).OrderBy(setting => setting.Kind, StringComparer.Ordinal).ThenBy(setting => setting.Key, StringComparer.Ordinal))
        {
            var (was, now) = (_before.GetValueOrDefault((kind, key)), after.GetValueOrDefault((kind, key)));
            if (was == now) continue;
            // Particulars alone that changed are told by themselves; of whoever is new or removed they come along.
            var change = new SettingsChange(kind, key, $"{kind}.v1", was?.Stays, now?.Stays, was?.Personal == now?.Personal ? null : now?.Personal);
            await _journal.Append(change, by, cancellation);
        }

        foreach (var (person, act) in _acts.Distinct())
        {
            await Credentials.Tell(_connection, _journal, person, act, by, cancellation);
        }

        await _transaction.CommitAsync(cancellation);
        return _journal.Next - 1;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>People and roles as the journal tells them: without secrets, and without what a sign-in changes by itself.</summary>
    private static async Task<Dictionary<(string Kind, string Key), Definition>> Definitions(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<Definition>(new CommandDefinition(
            """
            SELECT 'person' AS Kind, id::text AS Key, json_strip_nulls(json_build_object(
                'roles', to_json(roles), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'disabledAt', to_char(disabled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'removedAt', to_char(removed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text AS Stays,
                json_strip_nulls(json_build_object('login', login, 'name', name))::text AS Personal
            FROM people
            UNION ALL
            SELECT 'role', code, json_build_object('name', name, 'rights', to_json(rights))::text, NULL FROM roles
            """,
            cancellationToken: cancellation));
        return rows.ToDictionary(row => (row.Kind, row.Key));
    }

    private async Task CutOff(PersonId person, SessionId? except, DateTimeOffset at, CancellationToken cancellation)
    {
        await Execute(
            "UPDATE sessions SET revoked_at = @at WHERE person = @id AND revoked_at IS NULL AND id IS DISTINCT FROM @except",
            new { id = person.Value, except = except?.Value, at = at.ToUniversalTime() }, cancellation);
        await Execute("DELETE FROM one_time_links WHERE person = @id", new { id = person.Value }, cancellation);
    }

    private async Task Execute(string sql, object parameters, CancellationToken cancellation) => await _connection.ExecuteAsync(Sql(sql, parameters, cancellation));

    private static CommandDefinition Sql(string sql, object parameters, CancellationToken cancellation) => new(sql, parameters, cancellationToken: cancellation);
}
