using System.Collections.ObjectModel;
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

    private sealed record SymbolRow(long Symbol, long Account, string? Number, DateOnly? Since, bool IsOwn);

    private sealed record GivenRow(long Account, DateOnly? GivenOn);

    private sealed record PayerRow(string Payer, long Account, DateOnly FirstPaidOn, bool IsOwn, bool IsReviewed);

    private const string OfAnotherIssuer = "; the account that received it is not of this client's issuer, or in another currency";

    private sealed record OriginalRow(long Entry, long Account, int Ordinal, int Rule, DateOnly BookedOn, bool IsTaken, bool HasOrder, bool HasSymbol, bool HasSender);

    private sealed record NearRow(
        long Entry, long Account, int Ordinal, int Rule, DateOnly BookedOn, long Amount, string Currency, bool HasAmount, bool HasOrder, bool HasSymbol, bool HasSender,
        long? Received, string? ReceivedIn);

    /// <summary>In what a payment <c>p</c> agrees with a reversal <c>r</c>; the bank's order says most, the sender least.</summary>
    private const string Agreement =
        """
        coalesce(p.order_reference = r.order_reference, false) AS has_order, coalesce(p.symbol = r.symbol, false) AS has_symbol,
        coalesce(p.counter_account = r.payer, false) AS has_sender,
        coalesce(p.order_reference = r.order_reference, false)::int * 4 + coalesce(p.symbol = r.symbol, false)::int * 2 + coalesce(p.counter_account = r.payer, false)::int AS agreement
        """;

    private sealed record StandingRow(long Account, int Status, long Balance, Array? Open, decimal Debt, string? Currency);

    private sealed record BookedRow(string Identity, long Account);

    /// <summary><see cref="Receiver.Takes"/> of the client's issuer.</summary>
    private const string IsOwn = "(NOT @foreign AND (@issuer::int IS NULL OR coalesce(issuer = @issuer, false)))";

    /// <summary>Money goes back from where it came: by whose account received it, wherever a clerk may have booked it.</summary>
    private const string OfReceiver = "NOT EXISTS (SELECT FROM statement_entries e WHERE e.identity = split_part(p.entry, '/', 1) AND e.issuer <> r.issuer)";

    /// <summary>Payments that are booked, as it was before some entries were: theirs are not there yet, and what they took back is.</summary>
    private const string Stands = "(p.status = @booked OR p.reversed_by = ANY (@notYet)) AND p.entry <> ALL (@notYet)";

    /// <summary>
    /// The receiver's clients before those of other issuers, who are suggestions; the symbol's own account before accounts whose documents carry
    /// it; of several documents, the youngest is named. What is no symbol of the receiver's may be the number of an invoice that carries another one.
    /// </summary>
    public async Task<ILookup<ReceivedSymbol, Candidate>> BySymbol(IReadOnlyCollection<ReceivedSymbol> symbols, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH found AS (
                SELECT account_symbol AS symbol, account_id, NULL::integer AS ordinal, NULL::date AS since, {IsOwn} AS is_own FROM clients WHERE account_symbol = ANY (@symbols)
                UNION ALL
                SELECT symbol, account_id, max(ordinal), min(issued_on), {IsOwn} FROM documents WHERE symbol = ANY (@symbols) GROUP BY symbol, account_id, issuer),
            ranked AS (
                SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY is_own DESC, ordinal NULLS FIRST, account_id) AS rank FROM found)
            SELECT r.symbol, r.account_id AS Account, d.number, r.since AS Since, r.is_own AS IsOwn
            FROM ranked r LEFT JOIN documents d ON d.account_id = r.account_id AND d.ordinal = r.ordinal
            WHERE r.rank <= @max ORDER BY r.symbol, r.rank
            """;
        var found = new List<(ReceivedSymbol Symbol, Candidate Candidate)>();
        foreach (var received in symbols.GroupBy(symbol => symbol.Receiver))
        {
            var (receiver, asked) = (received.Key, received.Select(symbol => symbol.Symbol).ToArray());
            var rows = await Query<SymbolRow>(
                Sql, new { symbols = asked, max = MaxPerKey, issuer = receiver.Issuer?.Value, foreign = receiver.IsForeign }, cancellation);
            found.AddRange(rows.Select(row => (new ReceivedSymbol(receiver, row.Symbol), ToCandidate(row))));
            var known = rows.Where(row => row.IsOwn).Select(row => row.Symbol).ToHashSet();
            found.AddRange(await ByNumber(receiver, [.. asked.Where(symbol => symbol >= SeriesKey.LeastSymbol && !known.Contains(symbol))], cancellation));
        }

        return found.ToLookup(pair => pair.Symbol, pair => pair.Candidate);

        static Candidate ToCandidate(SymbolRow row) => Suggested(row.IsOwn, row.Number is { } number
            ? new Candidate(new AccountId(row.Account), MatchRule.NamedDocument, $"document {number} carries the symbol") { Since = row.Since }
            : new Candidate(new AccountId(row.Account), MatchRule.AccountSymbol, "the symbol is the account's own"));
    }

    private async Task<IEnumerable<(ReceivedSymbol Symbol, Candidate Candidate)>> ByNumber(Receiver receiver, long[] numbers, CancellationToken cancellation)
    {
        if (numbers.Length == 0) return [];
        const string Sql =
            $"""
            SELECT asked.number AS Symbol, account_id AS Account, documents.number AS Number, issued_on AS Since, {IsOwn} AS IsOwn
            FROM unnest(@numbers) AS asked(number)
            JOIN documents ON kind = ANY (@kinds) AND year = (2000 + asked.number / @perYear)::smallint AND sequence = asked.number % @perYear
                AND issuer IN (SELECT DISTINCT id FROM issuers)
            WHERE documents.symbol IS DISTINCT FROM asked.number
            ORDER BY 1, 4 DESC, 2
            """;
        var rows = await Query<SymbolRow>(
            Sql,
            new { numbers, kinds = DocumentKinds.Stored(traits => traits.IsNumberedBySymbol), perYear = SeriesKey.PerYear, issuer = receiver.Issuer?.Value, foreign = receiver.IsForeign },
            cancellation);
        return rows.Select(row => (
            new ReceivedSymbol(receiver, row.Symbol),
            Suggested(row.IsOwn, new Candidate(new AccountId(row.Account), MatchRule.NamedDocument, $"it is the number of document {row.Number}") { Since = row.Since })));
    }

    /// <summary>The journal of a client begins with what was first known of them: a symbol that stands there is older than the client's entry here.</summary>
    public async Task<IReadOnlyDictionary<AccountId, DateOnly>> SymbolsGiven(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
    {
        const string Sql =
            """
            WITH told AS (
                SELECT j.account_id, j.version, convert_from(j.payload, 'UTF8')::jsonb AS event
                FROM journal j WHERE j.account_id = ANY (@accounts) AND j.name = 'profile-changed.v1'),
            had AS (
                SELECT account_id, version, (event ->> 'on')::date AS day, (event -> 'profile' ->> 'accountSymbol')::bigint AS symbol FROM told)
            SELECT c.account_id AS Account, min(had.day) FILTER (WHERE had.symbol = c.account_symbol) AS GivenOn
            FROM clients c JOIN had USING (account_id)
            WHERE c.account_id = ANY (@accounts) AND c.account_symbol IS NOT NULL
            GROUP BY c.account_id, c.account_symbol
            HAVING (array_agg(had.symbol ORDER BY had.version))[1] IS DISTINCT FROM c.account_symbol
            """;
        if (accounts.Count == 0) return ReadOnlyDictionary<AccountId, DateOnly>.Empty;
        var rows = await Query<GivenRow>(Sql, new { accounts = accounts.Select(account => account.Value).ToArray() }, cancellation);
        return rows.Where(row => row.GivenOn is not null).ToDictionary(row => new AccountId(row.Account), row => row.GivenOn!.Value);
    }

    /// <summary>The accounts that each bank account paid first; payments that were themselves inferred teach nothing.</summary>
    /// <remarks>
    /// What the look at suspense booked only proposes the client: otherwise one booking nobody asked for would lead to the next. A subquery, so
    /// that it is always a search by the index, one for each payment of these payers.
    /// </remarks>
    public async Task<ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)>> ByPayer(
        IReadOnlyCollection<ReceivedFrom> payers, IReadOnlyCollection<string> notYet, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH paid AS (
                SELECT p.counter_account, p.account_id, {IsOwn} AS is_own, p.booked_on,
                    (SELECT e.assigned_by FROM statement_entries e WHERE e.identity = p.entry) IS NOT DISTINCT FROM @review AS is_reviewed
                FROM payments p LEFT JOIN clients ON clients.account_id = p.account_id
                WHERE p.counter_account = ANY (@payers) AND p.rule = ANY (@rules) AND p.amount > 0 AND {Stands}),
            first AS (
                SELECT counter_account, account_id, is_own, bool_and(is_reviewed) AS is_reviewed,
                    coalesce(min(booked_on) FILTER (WHERE NOT is_reviewed), min(booked_on)) AS first_on
                FROM paid GROUP BY counter_account, account_id, is_own),
            ranked AS (SELECT *, row_number() OVER (PARTITION BY counter_account ORDER BY is_own DESC, is_reviewed, first_on, account_id) AS rank FROM first)
            SELECT counter_account AS Payer, account_id AS Account, first_on AS FirstPaidOn, is_own AS IsOwn, is_reviewed AS IsReviewed FROM ranked
            WHERE rank <= @max ORDER BY counter_account, rank
            """;
        var found = new List<(ReceivedFrom Payer, (Candidate, DateOnly) Candidate)>();
        foreach (var received in payers.GroupBy(payer => payer.Receiver))
        {
            var (receiver, asked) = (received.Key, received.Select(payer => payer.Payer).ToArray());
            var rows = await Query<PayerRow>(
                Sql,
                new
                {
                    payers = asked, notYet = notYet.ToArray(), booked = (int)PaymentStatus.Booked, max = MaxPerKey, review = SuspenseReview.By.Name,
                    issuer = receiver.Issuer?.Value, foreign = receiver.IsForeign,
                    rules = new[] { (int)MatchRule.ExactDocument, (int)MatchRule.NamedDocument, (int)MatchRule.AccountSymbol, (int)MatchRule.Clerk },
                },
                cancellation);
            found.AddRange(rows.Select(row => (new ReceivedFrom(receiver, row.Payer), ToCandidate(row))));
        }

        return found.ToLookup(pair => pair.Payer, pair => pair.Candidate);

        static (Candidate, DateOnly) ToCandidate(PayerRow row)
        {
            var candidate = Suggested(row.IsOwn, new Candidate(new AccountId(row.Account), MatchRule.KnownPayer, $"the payer's account has paid this client since {row.FirstPaidOn:yyyy-MM-dd}"));
            return (candidate with { IsSuggestion = candidate.IsSuggestion || row.IsReviewed }, row.FirstPaidOn);
        }
    }

    private static Candidate Suggested(bool isOwn, Candidate candidate) =>
        isOwn ? candidate : candidate with { Why = candidate.Why + OfAnotherIssuer, IsSuggestion = true };

    /// <summary>What stands in the accounts already, whatever became of the entry's own row.</summary>
    public async Task<IReadOnlyDictionary<string, AccountId>> BookedAlready(ImportId import, int first, CancellationToken cancellation)
    {
        const string Sql =
            $"WITH pending AS MATERIALIZED (SELECT identity FROM statement_entries WHERE import_id = @import AND state = 0 ORDER BY id LIMIT @first) {BookedOfPending}";
        return ByIdentity(await Query<BookedRow>(Sql, new { import = import.Value, first, unassigned = (int)PaymentStatus.Unassigned }, cancellation));
    }

    public async Task<IReadOnlyDictionary<string, AccountId>> BookedOf(IReadOnlyCollection<string> identities, CancellationToken cancellation)
    {
        const string Sql = $"WITH pending AS MATERIALIZED (SELECT unnest(@identities) AS identity) {BookedOfPending}";
        return ByIdentity(await Query<BookedRow>(Sql, new { identities = identities.ToArray(), unassigned = (int)PaymentStatus.Unassigned }, cancellation));
    }

    private const string BookedOfPending =
        """
        SELECT p.entry AS Identity, p.account_id AS Account
        FROM pending JOIN payments p ON p.entry = pending.identity AND p.status <> @unassigned
        UNION
        SELECT p.reversed_by, p.account_id FROM pending JOIN payments p ON p.reversed_by = pending.identity
        """;

    private static Dictionary<string, AccountId> ByIdentity(IEnumerable<BookedRow> rows) =>
        rows.ToDictionary(row => row.Identity, row => new AccountId(row.Account), StringComparer.Ordinal);

    /// <summary>By what the account itself will look for: the order reference where both have one, else the symbol, else the payer.</summary>
    /// <remarks>
    /// A command of an import that died may take effect while the next one is already at work: then the payment is gone because it was
    /// taken back by this very entry, and whoever holds it is asked again.
    /// </remarks>
    public async Task<ILookup<long, Candidate>> ByOriginal(
        IReadOnlyCollection<StoredEntry> reversals, IReadOnlyCollection<string> notYet, CancellationToken cancellation)
    {
        // One search for each reversal, by the index of what it names: whatever the statistics say, never a look at all payments.
        const string Same = $"p.amount = r.amount AND p.currency = r.currency AND ({Stands} OR p.reversed_by = r.identity) AND {OfReceiver}";
        const string NotBothWithOrder = "(r.order_reference IS NULL OR p.order_reference IS NULL)";
        const string Sql =
            $"""
            SELECT r.entry, found.account_id AS Account, found.ordinal, found.rule::int AS Rule, found.booked_on AS BookedOn,
                found.reversed_by IS NOT DISTINCT FROM r.identity AS IsTaken, found.has_order AS HasOrder, found.has_symbol AS HasSymbol, found.has_sender AS HasSender
            FROM unnest(@entries, @identities, @amounts, @currencies, @orders, @symbols, @payers, @issuers)
                AS r (entry, identity, amount, currency, order_reference, symbol, payer, issuer)
            CROSS JOIN LATERAL (
                SELECT DISTINCT ON (account_id) account_id, ordinal, rule, booked_on, reversed_by, has_order, has_symbol, has_sender, agreement
                FROM (
                    SELECT *, {Agreement} FROM payments p WHERE p.order_reference = r.order_reference AND {Same}
                    UNION ALL
                    SELECT *, {Agreement} FROM payments p WHERE p.symbol = r.symbol AND {NotBothWithOrder} AND {Same}
                    UNION ALL
                    SELECT *, {Agreement} FROM payments p WHERE r.symbol IS NULL AND p.counter_account = r.payer AND {NotBothWithOrder} AND {Same}) alike
                ORDER BY account_id, (reversed_by IS NOT DISTINCT FROM r.identity) DESC, agreement DESC, ordinal DESC LIMIT @max) found
            ORDER BY r.entry, found.agreement DESC, found.booked_on DESC, found.account_id
            """;
        if (reversals.Count == 0) return Array.Empty<OriginalRow>().ToLookup(row => row.Entry, ToCandidate);
        var rows = await Query<OriginalRow>(
            Sql,
            new
            {
                entries = Column(reversal => reversal.Id),
                identities = Column(reversal => reversal.Identity),
                amounts = Column(SignedAmount),
                currencies = Column(reversal => reversal.Entry.Amount.Currency.Code),
                orders = Column(reversal => reversal.Entry.OrderReference),
                symbols = Column(reversal => reversal.Entry.VariableSymbol?.Value),
                payers = Column(reversal => reversal.Entry.CounterAccount),
                issuers = Column(reversal => reversal.Receiver.Issuer?.Value),
                notYet = notYet.ToArray(), booked = (int)PaymentStatus.Booked, max = MaxPerKey,
            },
            cancellation);
        return rows.GroupBy(row => row.Entry).SelectMany(OnlyTaken).ToLookup(row => row.Entry, ToCandidate);

        static IEnumerable<OriginalRow> OnlyTaken(IEnumerable<OriginalRow> found) => found.Any(row => row.IsTaken) ? found.Where(row => row.IsTaken) : found;

        T[] Column<T>(Func<StoredEntry, T> value) => [.. reversals.Select(value)];

        // A refund that came back takes back money that went out.
        static long SignedAmount(StoredEntry reversal) => reversal.Entry.Direction == EntryDirection.Debit ? reversal.Entry.Amount.Minor : -reversal.Entry.Amount.Minor;

        static Candidate ToCandidate(OriginalRow row) => new(
            new AccountId(row.Account), (MatchRule)row.Rule,
            $"payment {row.Ordinal} of {row.BookedOn:yyyy-MM-dd} has {PaymentLikeness.InWords(amount: true, row.HasOrder, row.HasSymbol, row.HasSender)}")
        { IsOfAmount = true };
    }

    /// <summary>
    /// Of any amount: by the order, the symbol and the sender, of each account the payment that agrees in most, the youngest of equal ones. By the sender
    /// alone only what the reversal is large enough for. Money goes back in the currency in which it came, whatever a clerk stated that it is worth.
    /// </summary>
    public async Task<ILookup<long, Candidate>> NearOriginal(IReadOnlyCollection<StoredEntry> reversals, CancellationToken cancellation)
    {
        const string Came = "(p.currency = r.currency OR EXISTS (SELECT FROM statement_entries e WHERE e.identity = split_part(p.entry, '/', 1) AND e.currency = r.currency))";
        const string Same = $"{Came} AND p.status = @booked AND (p.amount > 0) = r.takes_back AND {OfReceiver}";
        const string HasAmount = "(p.currency = r.currency AND abs(p.amount) = r.amount) AS has_amount";
        const string Sql =
            $"""
            SELECT r.entry, found.account_id AS Account, found.ordinal, found.rule::int AS Rule, found.booked_on AS BookedOn, found.amount, found.currency,
                found.has_amount AS HasAmount, found.has_order AS HasOrder, found.has_symbol AS HasSymbol, found.has_sender AS HasSender,
                coalesce(part.amount, came.amount) AS Received, came.currency AS ReceivedIn
            FROM unnest(@entries, @takesBack, @amounts, @currencies, @orders, @symbols, @payers, @issuers)
                AS r (entry, takes_back, amount, currency, order_reference, symbol, payer, issuer)
            CROSS JOIN LATERAL (
                SELECT DISTINCT ON (account_id) account_id, ordinal, rule, booked_on, amount, currency, entry, has_amount, has_order, has_symbol, has_sender, agreement
                FROM (
                    SELECT *, {HasAmount}, {Agreement} FROM payments p WHERE p.order_reference = r.order_reference AND {Same}
                    UNION ALL
                    SELECT *, {HasAmount}, {Agreement} FROM payments p WHERE p.symbol = r.symbol AND {Same}
                    UNION ALL
                    SELECT *, {HasAmount}, {Agreement} FROM payments p
                    WHERE p.counter_account = r.payer AND {Same} AND (p.currency <> r.currency OR abs(p.amount) <= r.amount)) near
                ORDER BY account_id, has_amount DESC, agreement DESC, ordinal DESC LIMIT @max) found
            LEFT JOIN statement_entries came ON came.identity = split_part(found.entry, '/', 1) AND came.currency <> found.currency
            LEFT JOIN statement_entry_parts part ON part.entry = came.id AND part.part::text = coalesce(nullif(split_part(found.entry, '/', 2), ''), '1')
            ORDER BY r.entry, found.has_amount DESC, found.agreement DESC, found.booked_on DESC, found.account_id
            """;
        if (reversals.Count == 0) return Array.Empty<NearRow>().ToLookup(row => row.Entry, ToCandidate);
        var rows = await Query<NearRow>(
            Sql,
            new
            {
                entries = Column(reversal => reversal.Id),
                takesBack = Column(reversal => reversal.Entry.Direction == EntryDirection.Debit),
                amounts = Column(reversal => reversal.Entry.Amount.Minor),
                currencies = Column(reversal => reversal.Entry.Amount.Currency.Code),
                orders = Column(reversal => reversal.Entry.OrderReference),
                symbols = Column(reversal => reversal.Entry.VariableSymbol?.Value),
                payers = Column(reversal => reversal.Entry.CounterAccount),
                issuers = Column(reversal => reversal.Receiver.Issuer?.Value),
                booked = (int)PaymentStatus.Booked, max = MaxPerKey,
            },
            cancellation);
        return rows.ToLookup(row => row.Entry, ToCandidate);

        T[] Column<T>(Func<StoredEntry, T> value) => [.. reversals.Select(value)];

        static Candidate ToCandidate(NearRow row) => new(
            new AccountId(row.Account), (MatchRule)row.Rule,
            $"payment {row.Ordinal} of {row.BookedOn:yyyy-MM-dd} over {new Money(row.Amount, Currency.Parse(row.Currency))}{Received(row)} has {PaymentLikeness.InWords(row.HasAmount, row.HasOrder, row.HasSymbol, row.HasSender)}")
        { IsOfAmount = row.HasAmount };

        static string Received(NearRow row) =>
            row is { Received: { } amount, ReceivedIn: { } code } ? $", which came as {new Money(amount, Currency.Parse(code))}," : "";
    }

    /// <summary>Not of an account whose issuer does not exist: it can neither owe nor be paid.</summary>
    /// <remarks>What is credit follows from the balance and from what is open: balance = open invoices − credit.</remarks>
    public async Task<IReadOnlyDictionary<AccountId, Standing>> StandingOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT a.id AS Account, a.status::int AS Status, a.balance AS Balance, o.amounts AS Open, coalesce(o.debt, 0) AS Debt,
                coalesce(
                    (SELECT d.currency FROM documents d WHERE d.account_id = a.id LIMIT 1),
                    (SELECT p.currency FROM payments p WHERE p.account_id = a.id LIMIT 1),
                    (SELECT i.definition::json ->> 'currency' FROM issuers i WHERE i.id = a.issuer ORDER BY i.revision DESC LIMIT 1)) AS Currency
            FROM accounts a
            LEFT JOIN LATERAL (
                SELECT (array_agg(open ORDER BY due_on, document))[1:@max] AS amounts, sum(open) AS debt
                FROM open_items WHERE account_id = a.id AND open > 0) o ON true
            WHERE a.id = ANY (@accounts)
            """;
        if (accounts.Count == 0) return new Dictionary<AccountId, Standing>();
        var rows = await Query<StandingRow>(
            Sql, new { accounts = accounts.Select(account => account.Value).ToArray(), max = Standing.MaxInvoices }, cancellation);
        return rows.Where(row => row.Currency is not null).ToDictionary(row => new AccountId(row.Account), row =>
        {
            var currency = Currency.Parse(row.Currency!);
            return new Standing(
                row.Status == (int)AccountStatus.Open, [.. ((long[]?)row.Open ?? []).Select(open => new Money(open, currency))],
                Within(row.Debt), Within(row.Debt - row.Balance));

            // What absurd amounts sum to is more than anybody pays, and that is all it needs to say.
            Money Within(decimal minor) => new((long)Math.Clamp(minor, long.MinValue + 1, long.MaxValue), currency);
        });
    }

    private Task<IEnumerable<T>> Query<T>(string sql, object parameters, CancellationToken cancellation) => Patience.With(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    });
}
