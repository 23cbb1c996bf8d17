using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <param name="UpTo">First day after all that is invoiced; null when nothing is.</param>
public sealed record InvoicedExtent(long Accounts, long Services, DateOnly? UpTo);

/// <summary>How many have been invoiced for days that a price is about to be entered for.</summary>
public sealed class InvoicedPeriods(NpgsqlDataSource database)
{
    /// <remarks>
    /// It reads every line ever issued: lines have no index by tariff, because it would cost every invoice of every month for a question that
    /// is asked a few times a year.
    /// </remarks>
    /// <param name="until">First day with another price; null when the price stays.</param>
    public async Task<InvoicedExtent> On(TariffId tariff, DateOnly from, DateOnly? until, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<InvoicedExtent>(new CommandDefinition(
            """
            SELECT count(DISTINCT account_id) AS Accounts, count(*) AS Services, max(up_to) AS UpTo
            FROM (
                SELECT account_id, service, max(period_to) AS up_to
                FROM document_lines
                WHERE tariff = @tariff AND period_to > @from AND (@until::date IS NULL OR period_from < @until)
                GROUP BY account_id, service
                HAVING sum(amount) <> 0
            ) invoiced
            """,
            new { tariff = tariff.Value, from, until }, cancellationToken: cancellation));
    }
}
