using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>Invoices as payers see them: a symbol and an amount.</summary>
public sealed class InvoiceReading(NpgsqlDataSource database)
{
    private sealed record Row(long Symbol, long Total, string Currency);

    /// <summary>All that have a symbol and an amount, whether they are paid or not, ordered by account. For a provider as small as the demo's.</summary>
    public async Task<IReadOnlyList<(VariableSymbol Symbol, Money Total)>> ToBePaid(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT symbol, total, currency FROM documents WHERE kind = ANY (@receivables) AND symbol IS NOT NULL AND total > 0 ORDER BY account_id, ordinal",
            new { receivables = DocumentKinds.Stored(traits => traits.IsReceivable) }, cancellationToken: cancellation));
        return [.. rows.Select(row => (new VariableSymbol(row.Symbol), new Money(row.Total, Currency.Parse(row.Currency))))];
    }

    /// <summary>Number of the first invoice; null when there is none.</summary>
    public async Task<string?> FirstNumber(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT number FROM documents WHERE kind = ANY (@receivables) ORDER BY sequence LIMIT 1",
            new { receivables = DocumentKinds.Stored(traits => traits.IsReceivable) }, cancellationToken: cancellation));
    }
}
