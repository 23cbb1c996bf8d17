using System.Globalization;
using Dapper;
using IspBilling.Domain;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Postgres.Access;

/// <summary>An attempt to sign in that was counted and may go on.</summary>
/// <param name="Password">Salted hash; null when the person has none.</param>
/// <param name="Factor">The second factor's encrypted secret, when one was confirmed.</param>
public sealed record AttemptRow(PersonId Person, string Name, string? Password, byte[]? Factor);

/// <param name="Factor">Encrypted; null when none was begun.</param>
public sealed record FactorRow(byte[]? Factor, bool IsConfirmed, string? Password);

/// <summary>When passwords are not looked at any more, and for how long.</summary>
/// <param name="Attempts">That may fail in a row.</param>
/// <param name="First">How long the person is locked then; each further failure doubles it.</param>
public sealed record LockoutTerms(int Attempts, TimeSpan First, TimeSpan Longest)
{
    public static readonly LockoutTerms Usual = new(5, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
}

/// <summary>What signing in reads and writes.</summary>
public sealed class SignInStore(NpgsqlDataSource database)
{
    private sealed record PersonOfProvider(int Id, string Name);

    private sealed record Attempt(int Id, string Name, string? Password, byte[]? Factor);

    private sealed record Factors(byte[]? Factor, bool IsConfirmed, string? Password);

    /// <summary>
    /// Counts the attempt as failed before anything is compared, so that many at once are no more than one after another; success takes the
    /// count back. Null for a login that nobody has, that is locked or may not sign in; finding that out costs the same statement.
    /// </summary>
    public async Task<AttemptRow?> Begin(string login, DateTimeOffset at, LockoutTerms terms, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Attempt>(new CommandDefinition(
            """
            UPDATE people SET
                failures = failures + 1,
                locked_until = CASE WHEN failures + 1 >= @attempts
                    THEN @at + least(@first * power(2, least(failures + 1 - @attempts, 20)), @longest) * interval '1 second' END
            WHERE login = @login AND disabled_at IS NULL AND removed_at IS NULL AND (locked_until IS NULL OR locked_until <= @at)
            RETURNING id, name, password, CASE WHEN factor_confirmed THEN factor END AS Factor
            """,
            new
            {
                login, at = at.ToUniversalTime(), attempts = terms.Attempts, first = terms.First.TotalSeconds, longest = terms.Longest.TotalSeconds,
            },
            cancellationToken: cancellation));
        return row is null ? null : new AttemptRow(new PersonId(row.Id), row.Name, row.Password, row.Factor);
    }

    public Task Succeeded(PersonId person, CancellationToken cancellation) =>
        Execute("UPDATE people SET failures = 0, locked_until = NULL WHERE id = @id", new { id = person.Value }, cancellation);

    /// <summary>The attempt was neither right nor wrong; what failed before it stays counted, and a lock of before was over when it began.</summary>
    public Task Undecided(PersonId person, CancellationToken cancellation) =>
        Execute("UPDATE people SET failures = greatest(failures - 1, 0), locked_until = NULL WHERE id = @id", new { id = person.Value }, cancellation);

    /// <summary>The same password under newer terms of hashing.</summary>
    public Task Rehash(PersonId person, string before, string hash, Authorship by, CancellationToken cancellation) => Change(
        person, "password hashed anew", "UPDATE people SET password = @hash WHERE id = @id AND password = @before", new { id = person.Value, before, hash }, by, cancellation);

    /// <summary>False when the step's code, or that of a later one, was used.</summary>
    public Task<bool> UseStep(PersonId person, long step, CancellationToken cancellation) =>
        One("UPDATE people SET factor_step = @step WHERE id = @id AND factor_step < @step", new { id = person.Value, step }, cancellation);

    /// <summary>False when it is none of the person's recovery codes, or was used.</summary>
    public Task<bool> UseRecoveryCode(PersonId person, byte[] hash, DateTimeOffset at, CancellationToken cancellation) => One(
        "UPDATE recovery_codes SET used_at = @at WHERE person = @id AND hash = @hash AND used_at IS NULL",
        new { id = person.Value, hash, at = at.ToUniversalTime() }, cancellation);

    public async Task<int> RecoveryCodesLeft(PersonId person, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "SELECT count(*)::integer FROM recovery_codes WHERE person = @id AND used_at IS NULL", new { id = person.Value }, cancellationToken: cancellation));
    }

    public async Task<FactorRow> Factor(PersonId person, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleAsync<Factors>(new CommandDefinition(
            "SELECT factor, factor_confirmed AS IsConfirmed, password FROM people WHERE id = @id", new { id = person.Value }, cancellationToken: cancellation));
        return new FactorRow(row.Factor, row.IsConfirmed, row.Password);
    }

    /// <summary>A second factor that is not asked for before it is confirmed. False when one is.</summary>
    public Task<bool> BeginFactor(PersonId person, byte[] factor, CancellationToken cancellation) =>
        One("UPDATE people SET factor = @factor WHERE id = @id AND NOT factor_confirmed", new { id = person.Value, factor }, cancellation);

    /// <summary>From now on it is asked for. False when another one was begun or confirmed meanwhile.</summary>
    public Task<bool> ConfirmFactor(
        PersonId person, byte[] factor, long step, IReadOnlyCollection<byte[]> recoveryCodes, Authorship by, CancellationToken cancellation) => Change(
        person, "second factor confirmed",
        """
        WITH confirmed AS (
            UPDATE people SET factor_confirmed = true, factor_step = greatest(factor_step, @step)
            WHERE id = @id AND factor = @factor AND NOT factor_confirmed RETURNING id)
        INSERT INTO recovery_codes (person, hash) SELECT id, unnest(@codes) FROM confirmed
        """,
        new { id = person.Value, factor, step, codes = recoveryCodes.ToArray() }, by, cancellation);

    /// <summary>Who signs in by an identity provider: whoever did before under that subject, or else whose login the provider vouches for.</summary>
    /// <param name="login">An address that the provider has verified; null when it has not.</param>
    /// <param name="at">When; that the person is the provider's subject from now on stands in the settings journal.</param>
    public async Task<(PersonId Id, string Name)?> ByProvider(string provider, string subject, string? login, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var known = await connection.QuerySingleOrDefaultAsync<PersonOfProvider>(new CommandDefinition(
            "SELECT id, name FROM people WHERE provider = @provider AND subject = @subject AND disabled_at IS NULL AND removed_at IS NULL",
            new { provider, subject }, cancellationToken: cancellation));
        // Someone of the provider who is another subject now is someone else, whatever the address says.
        if (known is not null || login is null) return known is null ? null : (new PersonId(known.Id), known.Name);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var journal = await SettingsTurn.Take(transaction, cancellation);
        known = await connection.QuerySingleOrDefaultAsync<PersonOfProvider>(new CommandDefinition(
            """
            UPDATE people SET provider = @provider, subject = @subject
            WHERE login = @login AND subject IS NULL AND disabled_at IS NULL AND removed_at IS NULL
              AND NOT EXISTS (SELECT FROM people WHERE provider = @provider AND subject = @subject)
            RETURNING id, name
            """,
            new { provider, subject, login }, cancellationToken: cancellation));
        if (known is null) return null;
        var person = new PersonId(known.Id);
        var by = new Authorship(new Actor(ActorKind.Person, known.Id.ToString(CultureInfo.InvariantCulture), known.Name), at);
        await Credentials.Tell(connection, journal, person, "identity provider recognised", by, cancellation);
        await transaction.CommitAsync(cancellation);
        return (person, known.Name);
    }

    /// <summary>Looks a link up without using it; null when it is unknown, used or too old.</summary>
    public async Task<(LinkRow Link, PersonRow? Person)?> FindLink(byte[] hash, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (await LinkSql.Find(connection, hash, at, cancellation) is not { } link) return null;
        if (link.Person is not { } person) return (link, null);
        return (link, (await PeopleSql.People(connection, "WHERE p.id = @id", new { id = person.Value }, cancellation)).Single());
    }

    /// <summary>Changes by what a person signs in, and says so in the settings journal. False, and no entry, when nothing was changed.</summary>
    private async Task<bool> Change(PersonId person, string act, string sql, object parameters, Authorship by, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var journal = await SettingsTurn.Take(transaction, cancellation);
        if (await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellation)) == 0) return false;
        await Credentials.Tell(connection, journal, person, act, by, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task Execute(string sql, object parameters, CancellationToken cancellation) => await Count(sql, parameters, cancellation);

    private async Task<bool> One(string sql, object parameters, CancellationToken cancellation) => await Count(sql, parameters, cancellation) == 1;

    private async Task<int> Count(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }
}
