using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Npgsql;

namespace IspBilling.Postgres.Imports;

/// <summary>Finds the accounts that a statement entry may belong to.</summary>
internal sealed class CandidateSearch(NpgsqlDataSource database)
{
    /// <summary>More accounts under one key say no more than that it is ambiguous.</summary>
    private const int MaxPerKey = 20;

    private sealed record SymbolRow(long Symbol, long Account, string? Number);

    private sealed record PayerRow(string Payer, long Account, DateOnly FirstPaidOn);

    private sealed record OriginalRow(long Account, int Ordinal, int Rule, DateOnly BookedOn);

    private sealed record BookedRow(string Identity, long Account);

    /// <summary>The symbol's own account before accounts whose documents carry it; of several documents, the youngest is named.</summary>
    public async Task<ILookup<long, Candidate>> BySymbol(IReadOnlyCollection<long> symbols, CancellationToken cancellation)
    {
        const string Sql =
            """
            WITH found AS (
                SELECT account_symbol AS symbol, account_id, NULL::integer AS ordinal FROM clients WHERE account_symbol = ANY (@symbols)
                UNION ALL
                SELECT symbol, account_id, max(ordinal) FROM documents WHERE symbol = ANY (@symbols) GROUP BY symbol, account_id),
            ranked AS (
                SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY ordinal NULLS FIRST, account_id) AS rank FROM found)
            SELECT r.symbol, r.account_id AS Account, d.number
            FROM ranked r LEFT JOIN documents d ON d.account_id = r.account_id AND d.ordinal = r.ordinal
            WHERE r.rank <= @max ORDER BY r.symbol, r.rank
            """;
        if (symbols.Count == 0) return Array.Empty<SymbolRow>().ToLookup(row => row.Symbol, ToCandidate);
        var rows = await Query<SymbolRow>(Sql, new { symbols = symbols.ToArray(), max = MaxPerKey }, cancellation);
        return rows.ToLookup(row => row.Symbol, ToCandidate);

        static Candidate ToCandidate(SymbolRow row) => row.Number is { } number
            ? new Candidate(new AccountId(row.Account), MatchRule.NamedDocument, $"document {number} carries the symbol")
            : new Candidate(new AccountId(row.Account), MatchRule.AccountSymbol, "the symbol is the account's own");
    }

    /// <summary>The accounts that each bank account paid first; payments that were themselves inferred teach nothing.</summary>
    public async Task<ILookup<string, (Candidate Candidate, DateOnly FirstPaidOn)>> ByPayer(
        IReadOnlyCollection<string> counterAccounts, CancellationToken cancellation)
    {
        const string Sql =
            """
            WITH paid AS (
                SELECT counter_account, account_id, min(booked_on) AS first_on FROM payments
                WHERE counter_account = ANY (@payers) AND status = @booked AND rule = ANY (@rules)
                GROUP BY counter_account, account_id),
            ranked AS (SELECT *, row_number() OVER (PARTITION BY counter_account ORDER BY first_on, account_id) AS rank FROM paid)
            SELECT counter_account AS Payer, account_id AS Account, first_on AS FirstPaidOn FROM ranked
            WHERE rank <= @max ORDER BY counter_account, rank
            """;
        if (counterAccounts.Count == 0) return Array.Empty<PayerRow>().ToLookup(row => row.Payer, ToCandidate, StringComparer.Ordinal);
        var rows = await Query<PayerRow>(
            Sql,
            new
            {
                payers = counterAccounts.ToArray(), booked = (int)PaymentStatus.Booked, max = MaxPerKey,
                rules = new[] { (int)MatchRule.ExactDocument, (int)MatchRule.NamedDocument, (int)MatchRule.AccountSymbol, (int)MatchRule.Clerk },
            },
            cancellation);
        return rows.ToLookup(row => row.Payer, ToCandidate, StringComparer.Ordinal);

        static (Candidate, DateOnly) ToCandidate(PayerRow row) => (
            new Candidate(new AccountId(row.Account), MatchRule.KnownPayer, $"the payer's account has paid this client since {row.FirstPaidOn:yyyy-MM-dd}"),
            row.FirstPaidOn);
    }

    /// <summary>What stands in the accounts already, whatever became of the entry's own row.</summary>
    public async Task<IReadOnlyDictionary<string, AccountId>> BookedAlready(IReadOnlyCollection<string> identities, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT entry AS Identity, account_id AS Account FROM payments WHERE entry = ANY (@identities) AND status <> @unassigned
            UNION
            SELECT reversed_by, account_id FROM payments WHERE reversed_by = ANY (@identities)
            """;
        var rows = await Query<BookedRow>(
            Sql, new { identities = identities.ToArray(), unassigned = (int)PaymentStatus.Unassigned }, cancellation);
        return rows.ToDictionary(row => row.Identity, row => new AccountId(row.Account), StringComparer.Ordinal);
    }

    /// <summary>By what the account itself will look for: the order reference where both have one, else the symbol, else the payer.</summary>
    public async Task<IReadOnlyList<Candidate>> ByOriginal(StatementEntry reversal, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT DISTINCT ON (account_id) account_id AS Account, ordinal, rule::int AS Rule, booked_on AS BookedOn FROM payments
            WHERE status = @booked AND amount = @amount AND currency = @currency
              AND (order_reference = @order
                OR ((order_reference IS NULL OR @order::text IS NULL)
                    AND (symbol = @symbol OR (@symbol::bigint IS NULL AND counter_account = @payer))))
            ORDER BY account_id, ordinal DESC LIMIT @max
            """;
        var rows = await Query<OriginalRow>(
            Sql,
            new
            {
                booked = (int)PaymentStatus.Booked, amount = reversal.Amount.Minor, currency = reversal.Amount.Currency.Code,
                order = reversal.OrderReference, symbol = reversal.VariableSymbol?.Value, payer = reversal.CounterAccount, max = MaxPerKey,
            },
            cancellation);
        return
        [
            .. rows.Select(row => new Candidate(
                new AccountId(row.Account), (MatchRule)row.Rule, $"payment {row.Ordinal} of {row.BookedOn:yyyy-MM-dd} has this amount and sender")),
        ];
    }

    private Task<IEnumerable<T>> Query<T>(string sql, object parameters, CancellationToken cancellation) => Patience.With(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    });
}
