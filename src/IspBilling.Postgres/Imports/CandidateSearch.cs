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

    private sealed record OriginalRow(long Entry, long Account, int Ordinal, int Rule, DateOnly BookedOn, bool IsTaken);

    private sealed record BookedRow(string Identity, long Account);

    /// <summary>Payments that are booked, as it was before some entries were: theirs are not there yet, and what they took back is.</summary>
    private const string Standing = "(p.status = @booked OR p.reversed_by = ANY (@notYet)) AND p.entry <> ALL (@notYet)";

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
        IReadOnlyCollection<string> counterAccounts, IReadOnlyCollection<string> notYet, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH paid AS (
                SELECT counter_account, account_id, min(booked_on) AS first_on FROM payments p
                WHERE counter_account = ANY (@payers) AND rule = ANY (@rules) AND {Standing}
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
                payers = counterAccounts.ToArray(), notYet = notYet.ToArray(), booked = (int)PaymentStatus.Booked, max = MaxPerKey,
                rules = new[] { (int)MatchRule.ExactDocument, (int)MatchRule.NamedDocument, (int)MatchRule.AccountSymbol, (int)MatchRule.Clerk },
            },
            cancellation);
        return rows.ToLookup(row => row.Payer, ToCandidate, StringComparer.Ordinal);

        static (Candidate, DateOnly) ToCandidate(PayerRow row) => (
            new Candidate(new AccountId(row.Account), MatchRule.KnownPayer, $"the payer's account has paid this client since {row.FirstPaidOn:yyyy-MM-dd}"),
            row.FirstPaidOn);
    }

    /// <summary>What stands in the accounts already, whatever became of the entry's own row.</summary>
    public async Task<IReadOnlyDictionary<string, AccountId>> BookedAlready(ImportId import, int first, CancellationToken cancellation)
    {
        const string Sql =
            """
            WITH pending AS MATERIALIZED (
                SELECT identity FROM statement_entries WHERE import_id = @import AND state = 0 ORDER BY id LIMIT @first)
            SELECT p.entry AS Identity, p.account_id AS Account
            FROM pending JOIN payments p ON p.entry = pending.identity AND p.status <> @unassigned
            UNION
            SELECT p.reversed_by, p.account_id FROM pending JOIN payments p ON p.reversed_by = pending.identity
            """;
        var rows = await Query<BookedRow>(
            Sql, new { import = import.Value, first, unassigned = (int)PaymentStatus.Unassigned }, cancellation);
        return rows.ToDictionary(row => row.Identity, row => new AccountId(row.Account), StringComparer.Ordinal);
    }

    /// <summary>By what the account itself will look for: the order reference where both have one, else the symbol, else the payer.</summary>
    /// <remarks>
    /// A command of an import that died may take effect while the next one is already at work: then the payment is gone because it was
    /// taken back by this very entry, and whoever holds it is asked again.
    /// </remarks>
    public async Task<ILookup<long, Candidate>> ByOriginal(
        IReadOnlyCollection<StoredEntry> reversals, IReadOnlyCollection<string> notYet, CancellationToken cancellation)
    {
        // One search for each reversal, by the index of what it names: whatever the statistics say, never a look at all payments.
        const string Same = $"p.amount = r.amount AND p.currency = r.currency AND ({Standing} OR p.reversed_by = r.identity)";
        const string NotBothWithOrder = "(r.order_reference IS NULL OR p.order_reference IS NULL)";
        const string Sql =
            $"""
            SELECT r.entry, found.account_id AS Account, found.ordinal, found.rule::int AS Rule, found.booked_on AS BookedOn,
                found.reversed_by IS NOT DISTINCT FROM r.identity AS IsTaken
            FROM unnest(@entries, @identities, @amounts, @currencies, @orders, @symbols, @payers)
                AS r (entry, identity, amount, currency, order_reference, symbol, payer)
            CROSS JOIN LATERAL (
                SELECT DISTINCT ON (account_id) account_id, ordinal, rule, booked_on, reversed_by
                FROM (
                    SELECT * FROM payments p WHERE p.order_reference = r.order_reference AND {Same}
                    UNION ALL
                    SELECT * FROM payments p WHERE p.symbol = r.symbol AND {NotBothWithOrder} AND {Same}
                    UNION ALL
                    SELECT * FROM payments p WHERE r.symbol IS NULL AND p.counter_account = r.payer AND {NotBothWithOrder} AND {Same}) alike
                ORDER BY account_id, (reversed_by IS NOT DISTINCT FROM r.identity) DESC, ordinal DESC LIMIT @max) found
            """;
        if (reversals.Count == 0) return Array.Empty<OriginalRow>().ToLookup(row => row.Entry, ToCandidate);
        var rows = await Query<OriginalRow>(
            Sql,
            new
            {
                entries = Column(reversal => reversal.Id),
                identities = Column(reversal => reversal.Identity),
                amounts = Column(reversal => reversal.Entry.Amount.Minor),
                currencies = Column(reversal => reversal.Entry.Amount.Currency.Code),
                orders = Column(reversal => reversal.Entry.OrderReference),
                symbols = Column(reversal => reversal.Entry.VariableSymbol?.Value),
                payers = Column(reversal => reversal.Entry.CounterAccount),
                notYet = notYet.ToArray(), booked = (int)PaymentStatus.Booked, max = MaxPerKey,
            },
            cancellation);
        return rows.GroupBy(row => row.Entry).SelectMany(OnlyTaken).ToLookup(row => row.Entry, ToCandidate);

        static IEnumerable<OriginalRow> OnlyTaken(IEnumerable<OriginalRow> found) => found.Any(row => row.IsTaken) ? found.Where(row => row.IsTaken) : found;

        T[] Column<T>(Func<StoredEntry, T> value) => [.. reversals.Select(value)];

        static Candidate ToCandidate(OriginalRow row) => new(
            new AccountId(row.Account), (MatchRule)row.Rule, $"payment {row.Ordinal} of {row.BookedOn:yyyy-MM-dd} has this amount and sender");
    }

    private Task<IEnumerable<T>> Query<T>(string sql, object parameters, CancellationToken cancellation) => Patience.With(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    });
}
