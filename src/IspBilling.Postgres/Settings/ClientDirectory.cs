using Dapper;
using IspBilling.Domain;
using IspBilling.Postgres.Terms;
using Npgsql;

namespace IspBilling.Postgres.Settings;

/// <summary>
/// Which account the CRM's reference means. An account id is given once and never changes hands. References are compared in one form
/// (<see cref="CallerReference.Normal"/>); what was stored in another before is found as it was written.
/// </summary>
public sealed class ClientDirectory(NpgsqlDataSource database)
{
    /// <summary>The most references that one call looks up.</summary>
    public const int MaxReferences = 10_000;

    private sealed record Row(string Reference, long Account);

    /// <summary>Null when nobody is known by that reference.</summary>
    public async Task<AccountId?> Find(string reference, CancellationToken cancellation)
    {
        if (!CallerReference.IsValid(reference)) return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Find(connection, reference, cancellation);
    }

    /// <summary>The known ones among the references, under the texts that were asked for.</summary>
    public async Task<IReadOnlyDictionary<string, AccountId>> Find(IReadOnlyCollection<string> references, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(references.Count, MaxReferences, nameof(references));
        var asked = references.Where(CallerReference.IsValid).Distinct(StringComparer.Ordinal).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT reference, account_id AS Account FROM client_references WHERE reference = ANY (@known)",
            new { known = asked.Concat(asked.Select(CallerReference.Normal)).Distinct(StringComparer.Ordinal).ToArray() }, cancellationToken: cancellation));
        var known = rows.ToDictionary(row => row.Reference, row => new AccountId(row.Account), StringComparer.Ordinal);
        var found = new Dictionary<string, AccountId>(known.Count, StringComparer.Ordinal);
        foreach (var reference in asked)
        {
            if (known.TryGetValue(reference, out var account) || known.TryGetValue(CallerReference.Normal(reference), out account)) found[reference] = account;
        }

        return found;
    }

    /// <summary>The account of a reference; a new one when the CRM names it for the first time. Simultaneous callers get the same one.</summary>
    /// <exception cref="ArgumentException">Not a reference, see <see cref="CallerReference"/>.</exception>
    public async Task<AccountId> GetOrCreate(string reference, CancellationToken cancellation)
    {
        if (!CallerReference.IsValid(reference))
            throw new ArgumentException($"a reference of 1 to {CallerReference.MaxLength} printable characters expected", nameof(reference));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        // Looked up first, because inserting a known reference would use up an account id.
        if (await Find(connection, reference, cancellation) is { } known) return known;
        var normal = CallerReference.Normal(reference);
        var created = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            """
            WITH created AS (
                INSERT INTO client_references (reference, has_terms) VALUES (@normal, true) ON CONFLICT (reference) DO NOTHING RETURNING account_id),
            terms AS (
                INSERT INTO client_terms (account_id, kind, term) SELECT account_id, @kind, term FROM created, unnest(@terms) AS t (term))
            SELECT account_id FROM created
            """,
            new { normal, kind = (short)TermKind.Reference, terms = TermsOf(normal) }, cancellationToken: cancellation));
        if (created is { } id) return new AccountId(id);
        return await Find(connection, reference, cancellation)
            ?? throw new InvariantBrokenException("a reference that is taken has an account");
    }

    /// <summary>The accounts of many references, in the same order: one round trip creates what is missing, a second reads all.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxReferences"/>, or one that is no reference.</exception>
    public async Task<IReadOnlyList<AccountId>> GetOrCreateMany(IReadOnlyList<string> references, CancellationToken cancellation)
    {
        if (references.Count > MaxReferences || !references.All(CallerReference.IsValid))
            throw new ArgumentException($"at most {MaxReferences} references of 1 to {CallerReference.MaxLength} printable characters expected", nameof(references));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var normal = references.Select(CallerReference.Normal).ToArray();
        var terms = normal.Distinct(StringComparer.Ordinal).SelectMany(reference => TermsOf(reference), (reference, term) => (Reference: reference, Term: term)).ToList();
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH created AS (
                INSERT INTO client_references (reference, has_terms)
                SELECT DISTINCT asked.normal, true FROM unnest(@references, @normal) AS asked (reference, normal)
                WHERE NOT EXISTS (SELECT FROM client_references known WHERE known.reference IN (asked.reference, asked.normal))
                ORDER BY asked.normal
                ON CONFLICT (reference) DO NOTHING
                RETURNING reference, account_id)
            INSERT INTO client_terms (account_id, kind, term)
            SELECT account_id, @kind, term FROM created JOIN unnest(@of, @terms) AS t (reference, term) USING (reference)
            """,
            new
            {
                references = references.ToArray(), normal, kind = (short)TermKind.Reference,
                of = terms.Select(pair => pair.Reference).ToArray(), terms = terms.Select(pair => pair.Term).ToArray(),
            },
            cancellationToken: cancellation));
        var accounts = await Find(references, cancellation);
        return [.. references.Select(reference => accounts[reference])];
    }

    /// <summary>Null when the id was never given.</summary>
    public async Task<string?> ReferenceOf(AccountId account, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT reference FROM client_references WHERE account_id = @account", new { account = account.Value }, cancellationToken: cancellation));
    }

    /// <summary>The known ones among the accounts.</summary>
    public async Task<IReadOnlyDictionary<AccountId, string>> ReferencesOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accounts.Count, MaxReferences, nameof(accounts));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT reference, account_id AS Account FROM client_references WHERE account_id = ANY (@ids)",
            new { ids = accounts.Select(account => account.Value).ToArray() }, cancellationToken: cancellation));
        return rows.ToDictionary(row => new AccountId(row.Account), row => row.Reference);
    }

    private static string[] TermsOf(string reference) => [.. ClientTerms.OfReference(reference).Select(term => term.Term)];

    private static async Task<AccountId?> Find(NpgsqlConnection connection, string reference, CancellationToken cancellation)
    {
        var account = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT account_id FROM client_references WHERE reference IN (@reference, @normal) ORDER BY reference = @reference DESC LIMIT 1",
            new { reference, normal = CallerReference.Normal(reference) }, cancellationToken: cancellation));
        return account is { } id ? new AccountId(id) : null;
    }
}
