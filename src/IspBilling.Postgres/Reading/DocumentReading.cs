using System.Text.Json;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Documents;
using IspBilling.Engine.Json;
using Npgsql;

namespace IspBilling.Postgres.Reading;

public sealed record ListedDocument(
    int Ordinal, int Issuer, string Number, int Kind, DateOnly IssuedOn, DateOnly SuppliedOn, DateOnly DueOn, string Currency,
    long Net, long Tax, long Total, long Open, bool Disputed);

/// <summary>Documents; the read models find them, the journal holds them whole.</summary>
public sealed class DocumentReading(NpgsqlDataSource database)
{
    private sealed record Whole(
        long Account, string Reference, long Version, string Name, byte[] Payload, byte[]? Personal, byte[] Profile, string Issuer, long Open, bool Disputed);

    private sealed record Numbered(int Ordinal, string Number);

    private sealed record SettlementRow(int Source, string Other, long Amount);

    /// <summary>Each issuer has its own number series, so a number alone identifies no document.</summary>
    public Task<IssuedDocument?> Find(IssuerId issuer, DocumentNumber number, CancellationToken cancellation) => Find(
        "d.issuer = @issuer AND d.kind = @kind AND d.year = @year AND d.sequence = @sequence",
        new { issuer = issuer.Value, kind = (short)number.Kind, year = (short)number.Year, sequence = number.Sequence }, cancellation);

    /// <param name="ordinal">Of the account.</param>
    public Task<IssuedDocument?> Find(AccountId account, int ordinal, CancellationToken cancellation) =>
        Find("d.account_id = @account AND d.ordinal = @ordinal", new { account = account.Value, ordinal }, cancellation);

    private async Task<IssuedDocument?> Find(string which, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Whole>(new CommandDefinition(
            $"""
            SELECT d.account_id AS Account, r.reference, d.version, j.name, j.payload, j.personal, p.profile, i.definition AS Issuer,
                   coalesce(o.open, 0) AS Open, coalesce(o.disputed, false) AS Disputed
            FROM documents d
            JOIN client_references r ON r.account_id = d.account_id
            JOIN journal j ON j.account_id = d.account_id AND j.version = d.version
            JOIN account_profiles p ON p.account_id = d.account_id AND p.revision = d.customer_revision
            JOIN issuers i ON i.id = d.issuer AND i.revision = d.issuer_revision
            LEFT JOIN open_items o ON o.account_id = d.account_id AND o.document = d.ordinal
            WHERE {which}
            """,
            parameters, cancellationToken: cancellation));
        if (row is null) return null;
        var issued = (DocumentIssued)JournalJson.ReadEvent(row.Name, row.Payload, row.Personal);
        return new IssuedDocument(
            new AccountId(row.Account), row.Reference, row.Version, issued.Document,
            issued.Settled(),
            JsonSerializer.Deserialize<AccountProfile>(row.Profile, JournalJson.Options)!,
            JsonSerializer.Deserialize<Issuer>(row.Issuer, JournalJson.Options)!,
            new Money(row.Open, issued.Document.Currency), row.Disputed);
    }

    /// <summary>Every issuer that has a document of that number.</summary>
    public async Task<IReadOnlyList<IssuerId>> IssuersOf(DocumentNumber number, CancellationToken cancellation)
    {
        // By the unique index, which begins with the issuer: one look for each, and a provider has a handful.
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var issuers = await connection.QueryAsync<int>(new CommandDefinition(
            """
            SELECT i.id FROM (SELECT DISTINCT id FROM issuers) i
            WHERE EXISTS (SELECT FROM documents d WHERE d.issuer = i.id AND d.kind = @kind AND d.year = @year AND d.sequence = @sequence) ORDER BY i.id
            """,
            new { kind = (short)number.Kind, year = (short)number.Year, sequence = number.Sequence }, cancellationToken: cancellation));
        return [.. issuers.Select(id => new IssuerId(id))];
    }

    /// <summary>An account's documents, the newest first, before an ordinal.</summary>
    public async Task<IReadOnlyList<ListedDocument>> Before(AccountId account, long before, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ListedDocument>(new CommandDefinition(
            """
            SELECT d.ordinal, d.issuer, d.number, d.kind::int AS Kind, d.issued_on AS IssuedOn, d.supplied_on AS SuppliedOn, d.due_on AS DueOn, d.currency,
                   d.net, d.tax, d.total, coalesce(o.open, 0) AS Open, coalesce(o.disputed, false) AS Disputed
            FROM documents d LEFT JOIN open_items o ON o.account_id = d.account_id AND o.document = d.ordinal
            WHERE d.account_id = @account AND d.ordinal < @before
            ORDER BY d.ordinal DESC LIMIT @limit
            """,
            new { account = account.Value, before, limit }, cancellationToken: cancellation));
        return rows.AsList();
    }

    /// <summary>The ordinal of a client's document; null when the client has no such one.</summary>
    public async Task<int?> OrdinalOf(string reference, DocumentNumber number, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            """
            SELECT d.ordinal FROM documents d JOIN client_references r ON r.account_id = d.account_id
            WHERE r.reference = @reference AND d.kind = @kind AND d.year = @year AND d.sequence = @sequence
            """,
            new { reference, kind = (short)number.Kind, year = (short)number.Year, sequence = number.Sequence },
            cancellationToken: cancellation));
    }

    public async Task<IReadOnlyDictionary<int, string>> NumbersOf(AccountId account, IReadOnlyCollection<int> ordinals, CancellationToken cancellation)
    {
        if (ordinals.Count == 0) return new Dictionary<int, string>();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Numbered>(new CommandDefinition(
            "SELECT ordinal, number FROM documents WHERE account_id = @account AND ordinal = ANY (@ordinals)",
            new { account = account.Value, ordinals = ordinals.ToArray() }, cancellationToken: cancellation));
        return rows.ToDictionary(row => row.Ordinal, row => row.Number);
    }

    /// <summary>What is still settled; settlements that were released are left out.</summary>
    public async Task<IReadOnlyList<DocumentSettlement>> SettlementsOf(AccountId account, Document document, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<SettlementRow>(new CommandDefinition(
            """
            SELECT a.source::int AS Source,
                   coalesce(p.entry, CASE WHEN a.document = @document THEN note.number ELSE invoice.number END) AS Other,
                   sum(a.amount)::bigint AS Amount
            FROM allocations a
            LEFT JOIN payments p ON a.source = 0 AND p.account_id = a.account_id AND p.ordinal = a.source_ordinal
            LEFT JOIN documents note ON a.source = 1 AND note.account_id = a.account_id AND note.ordinal = a.source_ordinal
            LEFT JOIN documents invoice ON invoice.account_id = a.account_id AND invoice.ordinal = a.document
            WHERE a.account_id = @account AND (a.document = @document OR (a.source = 1 AND a.source_ordinal = @document))
            GROUP BY a.source, a.source_ordinal, a.document, p.entry, note.number, invoice.number
            HAVING sum(a.amount) <> 0
            ORDER BY min(a.version)
            """,
            new { account = account.Value, document = document.Ordinal }, cancellationToken: cancellation));
        return [.. rows.Select(row => new DocumentSettlement((CreditSource)row.Source, row.Other, new Money(row.Amount, document.Currency)))];
    }
}
