using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Figures;

/// <summary>What one issuer's documents of a month come to. Minor units.</summary>
/// <param name="Month">Its first day.</param>
public sealed record MonthlyRevenue(
    int Issuer, DateOnly Month, decimal Net, decimal Tax, decimal Rounding, decimal Total, long Invoices, long CreditNotes, decimal Credited);

/// <summary>The same by VAT rate.</summary>
public sealed record MonthlyTax(int Issuer, DateOnly Month, int Rate, decimal Net, decimal Tax);

/// <summary>Money of a day. <paramref name="Returned"/> and its count are what went back or was taken off.</summary>
public sealed record DailyPayments(int Issuer, DateOnly Day, decimal Received, long Payments, decimal Returned, long Returns);

/// <param name="Active">Clients at the end of the month.</param>
public sealed record MonthlyClients(int Issuer, DateOnly Month, long Joined, long Departed, long Active);

/// <summary>Services that bring money on a day.</summary>
/// <param name="ListUnits">Quantity × (1 − discount) at the tariff's price, in units of <see cref="RecurringRevenue.ListUnit"/>.</param>
/// <param name="Agreed">Money a month at agreed prices, in the tariff's price mode.</param>
public sealed record RecurringServices(int Issuer, int Tariff, long Services, decimal ListUnits, decimal Agreed);

/// <summary>What is open, by how many days it is overdue. Minor units.</summary>
/// <param name="Credit">What all clients have paid or been credited and no invoice has used yet; positive.</param>
/// <param name="Disputed">The part of the invoices that clients contest; it is in the buckets too.</param>
public sealed record AgedReceivables(
    int Issuer, long Clients, decimal NotDue, decimal Days1To30, decimal Days31To60, decimal Days61To90, decimal Days91AndMore, decimal Credit, decimal Disputed);

/// <summary>
/// What the owner asks about everybody at once, from sums that every commit keeps up to date. Amounts are decimals: sums over all accounts
/// need not fit what one account's money does.
/// </summary>
public sealed class FigureReading(NpgsqlDataSource database)
{
    /// <summary>One row per issuer that has ever billed or been paid.</summary>
    /// <remarks>An account's balance is what is open less its credit, so the credit is what is open less documents plus money received and kept.</remarks>
    public Task<IReadOnlyList<AgedReceivables>> Receivables(DateOnly today, CancellationToken cancellation) => Rows<AgedReceivables>(
        """
        SELECT issuer,
               coalesce(sum(count) FILTER (WHERE measure = @debtors), 0)::bigint AS Clients,
               coalesce(sum(amount) FILTER (WHERE measure = @open AND key <> @note AND day >= @today), 0) AS NotDue,
               coalesce(sum(amount) FILTER (WHERE measure = @open AND key <> @note AND day BETWEEN @today - 30 AND @today - 1), 0) AS Days1To30,
               coalesce(sum(amount) FILTER (WHERE measure = @open AND key <> @note AND day BETWEEN @today - 60 AND @today - 31), 0) AS Days31To60,
               coalesce(sum(amount) FILTER (WHERE measure = @open AND key <> @note AND day BETWEEN @today - 90 AND @today - 61), 0) AS Days61To90,
               coalesce(sum(amount) FILTER (WHERE measure = @open AND key <> @note AND day < @today - 90), 0) AS Days91AndMore,
               (coalesce(sum(amount) FILTER (WHERE measure = @open AND key <> @note), 0)
                - coalesce(sum(amount) FILTER (WHERE measure = @documents), 0)
                + coalesce(sum(amount) FILTER (WHERE measure = @received), 0)
                - coalesce(sum(amount) FILTER (WHERE measure = @released), 0)) AS Credit,
               coalesce(sum(amount) FILTER (WHERE measure = @open AND key = @disputed), 0) AS Disputed
        FROM figures WHERE measure IN (@open, @debtors, @documents, @received, @released)
        GROUP BY issuer ORDER BY issuer
        """,
        new
        {
            today, open = (short)FigureMeasure.Open, debtors = (short)FigureMeasure.Debtors,
            documents = (short)FigureMeasure.Documents, received = (short)FigureMeasure.Received, released = (short)FigureMeasure.Released,
            note = (int)OpenKey.CreditNote, disputed = (int)OpenKey.DisputedInvoice,
        },
        cancellation);

    /// <param name="to">First day no longer asked about.</param>
    public Task<IReadOnlyList<MonthlyRevenue>> Revenue(DateOnly from, DateOnly to, CancellationToken cancellation) => Rows<MonthlyRevenue>(
        """
        SELECT issuer, date_trunc('month', day)::date AS Month,
               coalesce(sum(amount) FILTER (WHERE measure = @net), 0) AS Net,
               coalesce(sum(amount) FILTER (WHERE measure = @tax), 0) AS Tax,
               coalesce(sum(amount) FILTER (WHERE measure = @rounding), 0) AS Rounding,
               coalesce(sum(amount) FILTER (WHERE measure = @documents), 0) AS Total,
               coalesce(sum(count) FILTER (WHERE measure = @documents AND key = ANY (@receivables)), 0)::bigint AS Invoices,
               coalesce(sum(count) FILTER (WHERE measure = @documents AND key = ANY (@credits)), 0)::bigint AS CreditNotes,
               coalesce(sum(amount) FILTER (WHERE measure = @documents AND key = ANY (@credits)), 0) AS Credited
        FROM figures WHERE measure IN (@net, @tax, @rounding, @documents, @suppliedNet, @suppliedTax) AND day >= @from AND day < @to
        GROUP BY 1, 2 ORDER BY 2, 1
        """,
        new
        {
            from, to, net = (short)FigureMeasure.Net, tax = (short)FigureMeasure.Tax, rounding = (short)FigureMeasure.Rounding,
            documents = (short)FigureMeasure.Documents, suppliedNet = (short)FigureMeasure.SuppliedNet, suppliedTax = (short)FigureMeasure.SuppliedTax,
            receivables = DocumentKinds.Stored(traits => traits.IsReceivable), credits = DocumentKinds.Stored(traits => traits.IsCredit),
        },
        cancellation);

    /// <summary>By date of issue.</summary>
    public Task<IReadOnlyList<MonthlyTax>> Taxes(DateOnly from, DateOnly to, CancellationToken cancellation) =>
        Taxes(from, to, FigureMeasure.Net, FigureMeasure.Tax, cancellation);

    /// <summary>By date of supply: what the tax of a month is.</summary>
    public Task<IReadOnlyList<MonthlyTax>> SuppliedTaxes(DateOnly from, DateOnly to, CancellationToken cancellation) =>
        Taxes(from, to, FigureMeasure.SuppliedNet, FigureMeasure.SuppliedTax, cancellation);

    private Task<IReadOnlyList<MonthlyTax>> Taxes(DateOnly from, DateOnly to, FigureMeasure net, FigureMeasure tax, CancellationToken cancellation) => Rows<MonthlyTax>(
        """
        SELECT issuer, date_trunc('month', day)::date AS Month, key AS Rate,
               coalesce(sum(amount) FILTER (WHERE measure = @net), 0) AS Net,
               coalesce(sum(amount) FILTER (WHERE measure = @tax), 0) AS Tax
        FROM figures WHERE measure IN (@net, @tax) AND day >= @from AND day < @to
        GROUP BY 1, 2, 3 ORDER BY 2, 1, 3 DESC
        """,
        new { from, to, net = (short)net, tax = (short)tax },
        cancellation);

    public Task<IReadOnlyList<DailyPayments>> Payments(DateOnly from, DateOnly to, CancellationToken cancellation) => Rows<DailyPayments>(
        """
        SELECT issuer, day,
               coalesce(sum(amount) FILTER (WHERE measure = @received), 0) AS Received,
               coalesce(sum(count) FILTER (WHERE measure = @received), 0)::bigint AS Payments,
               coalesce(sum(amount) FILTER (WHERE measure = @released), 0) AS Returned,
               coalesce(sum(count) FILTER (WHERE measure = @released), 0)::bigint AS Returns
        FROM figures WHERE measure IN (@received, @released) AND day >= @from AND day < @to
        GROUP BY 1, 2 ORDER BY 2, 1
        """,
        new { from, to, received = (short)FigureMeasure.Received, released = (short)FigureMeasure.Released },
        cancellation);

    /// <summary>Months in which something happened; how many there are at the end counts from the first client on.</summary>
    public Task<IReadOnlyList<MonthlyClients>> Clients(DateOnly from, DateOnly to, CancellationToken cancellation) => Rows<MonthlyClients>(
        """
        WITH months AS (
            SELECT issuer, date_trunc('month', day)::date AS month,
                   coalesce(sum(count) FILTER (WHERE measure = @joined), 0) AS joined,
                   coalesce(sum(count) FILTER (WHERE measure = @left), 0) AS departed
            FROM figures WHERE measure IN (@joined, @left) AND day < @to
            GROUP BY 1, 2),
        running AS (
            SELECT issuer, month, joined, departed, sum(joined - departed) OVER (PARTITION BY issuer ORDER BY month) AS active FROM months)
        SELECT issuer, month AS Month, joined::bigint AS Joined, departed::bigint AS Departed, active::bigint AS Active
        FROM running WHERE month >= @from ORDER BY month, issuer
        """,
        new { from, to, joined = (short)FigureMeasure.Joined, left = (short)FigureMeasure.Left },
        cancellation);

    public Task<IReadOnlyList<RecurringServices>> RecurringOn(DateOnly day, CancellationToken cancellation) => Rows<RecurringServices>(
        """
        SELECT issuer, key AS Tariff, sum(count)::bigint AS Services,
               coalesce(sum(amount) FILTER (WHERE measure = @list), 0) AS ListUnits,
               coalesce(sum(amount) FILTER (WHERE measure = @agreed), 0) AS Agreed
        FROM figures WHERE measure IN (@list, @agreed) AND day <= @day
        GROUP BY 1, 2 HAVING sum(count) <> 0 ORDER BY 1, 2
        """,
        new { day, list = (short)FigureMeasure.AtListPrice, agreed = (short)FigureMeasure.AtAgreedPrice },
        cancellation);

    private async Task<IReadOnlyList<T>> Rows<T>(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))).AsList();
    }
}
