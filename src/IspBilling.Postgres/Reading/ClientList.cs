using System.Text.RegularExpressions;
using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Reading;

public sealed record ListedClient(
    long Account, string Reference, int Issuer, string Name, string? CompanyNumber, string? Email, string? Phone, int Status, int Level, long Balance);

/// <summary>Clients as people look for them.</summary>
public sealed partial class ClientList(NpgsqlDataSource database)
{
    private const int WordsMax = 5;

    /// <param name="search">
    /// Beginnings of words of the name, or a whole reference, variable symbol of the client or of a document, company number or e-mail address;
    /// null lists everyone.
    /// </param>
    /// <returns>Ordered by account, after a cursor.</returns>
    public async Task<IReadOnlyList<ListedClient>> After(long after, int limit, string? search, CancellationToken cancellation)
    {
        const string Columns =
            """
            SELECT c.account_id AS Account, r.reference, c.issuer, c.name, c.company_number AS CompanyNumber, c.email, c.phone,
                   a.status::int AS Status, a.level::int AS Level, a.balance
            FROM clients c
            JOIN client_references r ON r.account_id = c.account_id
            JOIN accounts a ON a.id = c.account_id
            """;
        const string Everyone = $"{Columns} WHERE c.account_id > @after ORDER BY c.account_id LIMIT @limit";

        // Each condition has an index of its own; a union lets each be used. A common name has thousands: only the page is looked up further.
        const string Found =
            $"""
            WITH found AS (
                SELECT account_id FROM clients WHERE to_tsvector('simple', name) @@ to_tsquery('simple', @words)
                UNION SELECT account_id FROM clients WHERE account_symbol = @symbol
                UNION SELECT account_id FROM documents WHERE symbol = @symbol
                UNION SELECT account_id FROM clients WHERE company_number = @search
                UNION SELECT account_id FROM clients WHERE lower(email) = lower(@search)
                UNION SELECT account_id FROM client_references JOIN clients USING (account_id) WHERE reference IN (@search, @reference)),
            page AS (SELECT account_id FROM found WHERE account_id > @after ORDER BY account_id LIMIT @limit)
            {Columns} JOIN page f ON f.account_id = c.account_id ORDER BY c.account_id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ListedClient>(new CommandDefinition(
            search is null ? Everyone : Found,
            new
            {
                after, limit, search,
                reference = search is null ? null : CallerReference.Normal(search),
                words = WordBeginnings(search),
                symbol = search is null ? null : VariableSymbol.Read(search)?.Value,
            },
            cancellationToken: cancellation));
        return rows.AsList();
    }

    /// <summary><c>'nov':* &amp; 'jan':*</c>; null, which matches nobody, when there is no word.</summary>
    private static string? WordBeginnings(string? search)
    {
        if (search is null) return null;
        var words = Word().Matches(search).Take(WordsMax).Select(word => $"'{word.Value}':*").ToList();
        return words.Count == 0 ? null : string.Join(" & ", words);
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+", RegexOptions.None, 100)]
    private static partial Regex Word();
}
