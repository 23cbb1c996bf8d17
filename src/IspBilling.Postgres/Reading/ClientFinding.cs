using System.Globalization;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;
using IspBilling.Postgres.Terms;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Reading;

/// <summary>
/// Finds clients by identifiers and by beginnings of words. Every statement walks a bounded stretch of an index, whatever is asked for: of several
/// words, the rarest names the candidates, and the others must be theirs too.
/// </summary>
public sealed class ClientFinding(NpgsqlDataSource database)
{
    /// <summary>Clients in one answer.</summary>
    public const int ClientsMax = 50;

    /// <summary>A word with no more terms than these is rare: all clients who have it can be followed.</summary>
    public const int RareMax = 6_000;

    /// <summary>
    /// Terms followed of the rarest of several words when even that one is common: few of them fill an answer, unless hardly anybody has all
    /// the words.
    /// </summary>
    public const int CommonMax = 1_500;

    /// <summary>Terms walked for each client that is wanted, where one word is asked for: several terms of a client may begin with it.</summary>
    private const int TermsForOne = 10;

    /// <summary>Documents or payments looked at under one symbol or payer; a client has many under the same.</summary>
    private const int RowsMax = 500;

    private static readonly TimeSpan LongestStatement = TimeSpan.FromSeconds(2);

    /// <summary>Kinds in the order in which hits by words are shown.</summary>
    private static readonly short[] Kinds =
    [
        (short)TermKind.Name, (short)TermKind.Reference, (short)TermKind.Symbol, (short)TermKind.CompanyNumber, (short)TermKind.VatNumber,
        (short)TermKind.Phone, (short)TermKind.Email, (short)TermKind.Address, (short)TermKind.EmailDomain,
    ];

    /// <summary>
    /// For this transaction alone. Statistics may be old or missing: the plans are given, and a bound is not left to an estimate. To compile a
    /// statement takes longer than to run it.
    /// </summary>
    internal static readonly string Guard = string.Create(
        CultureInfo.InvariantCulture,
        $"""
         SELECT set_config('statement_timeout', '{LongestStatement.TotalMilliseconds:0}', true), set_config('enable_seqscan', 'off', true),
             set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
             set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)
         """);

    /// <summary>$1 the reference in two forms, $2 and $3 kinds and terms, $4 the symbol, $5 to $7 the document, $8 payers, $9 clients for each, $10 rows, $11 the status of payments that were taken off.</summary>
    internal const string ByIdentifiers =
        """
        SELECT account_id, 3 AS kind, reference AS written FROM client_references WHERE reference = ANY ($1)
        UNION ALL
        SELECT t.account_id, asked.kind, asked.term FROM unnest($2, $3) AS asked (kind, term)
        CROSS JOIN LATERAL (SELECT account_id FROM client_terms WHERE kind = asked.kind AND term = asked.term ORDER BY account_id LIMIT $9) t
        UNION ALL
        SELECT account_id, -1, number FROM (SELECT DISTINCT id FROM issuers) i
        CROSS JOIN LATERAL (SELECT account_id, number FROM documents WHERE issuer = i.id AND kind = $5 AND year = $6 AND sequence = $7 LIMIT 1) d
        UNION ALL
        SELECT DISTINCT account_id, -2, $4::text FROM (
            SELECT account_id FROM documents WHERE symbol = $4 ORDER BY symbol, account_id, ordinal LIMIT $10) d
        UNION ALL
        SELECT DISTINCT account_id, -3, counter_account FROM (
            SELECT account_id, counter_account FROM unnest($8) AS payer
            CROSS JOIN LATERAL (SELECT account_id, counter_account FROM payments WHERE counter_account = payer AND amount > 0 AND status <> $11 LIMIT $10) p) p
        UNION ALL
        SELECT DISTINCT account_id, -4, $4::text FROM (
            SELECT account_id FROM payments WHERE symbol = $4 AND status <> $11 LIMIT $10) p
        """;

    /// <summary>How many terms begin with each word of $1, of the kinds $2, up to $3.</summary>
    internal const string Counting =
        """
        SELECT (SELECT count(*)::int FROM (
            SELECT FROM unnest($2) AS k (kind)
            CROSS JOIN LATERAL (SELECT FROM client_terms t WHERE t.kind = k.kind AND t.term >= w.word AND t.term < w.word || E'\x7f' LIMIT $3) t
            LIMIT $3) bounded)
        FROM unnest($1) WITH ORDINALITY AS w (word, place) ORDER BY w.place
        """;

    /// <summary>
    /// Clients with a term that begins with $1, of the kinds $2 in their order, among $3 terms; those who also have the rare word $6, if it is not
    /// null, and whose terms begin with each of $4; $5 of them.
    /// </summary>
    /// <remarks>
    /// What is LATERAL with a limit can only be a nested loop, so terms come kind by kind, in the order of the index. The rare word's clients are
    /// read once and hashed; the limit is written out, because the planner hashes only what it knows to be small.
    /// </remarks>
    internal static readonly string ByWords = string.Create(
        CultureInfo.InvariantCulture,
        $"""
         WITH driver AS MATERIALIZED (
             SELECT account_id, row_number() OVER () AS place FROM (
                 SELECT t.account_id FROM unnest($2) AS k (kind)
                 CROSS JOIN LATERAL (
                     SELECT account_id FROM client_terms t WHERE t.kind = k.kind AND t.term >= $1 AND t.term < $1 || E'\x7f'
                     ORDER BY t.kind, t.term, t.account_id LIMIT $3) t
                 LIMIT $3) terms)
         SELECT account_id FROM (SELECT account_id, min(place) AS place FROM driver GROUP BY account_id ORDER BY min(place) LIMIT $3) c
         WHERE ($6 IS NULL OR account_id IN (
                 SELECT t.account_id FROM unnest($2) AS k (kind)
                 CROSS JOIN LATERAL (SELECT account_id FROM client_terms t WHERE t.kind = k.kind AND t.term >= $6 AND t.term < $6 || E'\x7f' LIMIT {RareMax}) t
                 LIMIT {RareMax}))
             AND (SELECT 1 FROM unnest($4) AS w (word)
                  WHERE NOT EXISTS (
                      SELECT FROM client_terms t WHERE t.account_id = c.account_id AND t.term >= w.word AND t.term < w.word || E'\x7f') LIMIT 1) IS NULL
         ORDER BY place LIMIT $5
         """);

    private const string Particulars =
        """
        SELECT c.account_id, r.reference, a.status, p.profile, CASE WHEN c.account_id = ANY ($2) THEN a.state END
        FROM unnest($1) AS asked (account_id)
        JOIN clients c ON c.account_id = asked.account_id
        JOIN client_references r ON r.account_id = c.account_id
        JOIN accounts a ON a.id = c.account_id
        JOIN account_profiles p ON p.account_id = c.account_id AND p.revision = c.revision
        """;

    private const string AnyUnfinished = "SELECT EXISTS (SELECT FROM clients WHERE terms_of IS DISTINCT FROM revision)";

    private sealed class Hits
    {
        private readonly Dictionary<long, (List<FoundIdentifier> Identifiers, List<string> Words)> _byAccount = [];

        public List<long> Order { get; } = [];

        public (List<FoundIdentifier> Identifiers, List<string> Words) this[long account] => _byAccount[account];

        public (List<FoundIdentifier> Identifiers, List<string> Words) Of(long account)
        {
            if (_byAccount.TryGetValue(account, out var hit)) return hit;
            Order.Add(account);
            return _byAccount[account] = ([], []);
        }
    }

    /// <summary>Identifiers before words; of equals, those with the lower account. The same question has the same answer until the books change.</summary>
    /// <param name="max">At most <see cref="ClientsMax"/>.</param>
    /// <returns>Null when it took too long.</returns>
    public async Task<FoundClients?> Find(ClientQuery query, int max, CancellationToken cancellation)
    {
        max = Math.Clamp(max, 1, ClientsMax);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            var words = query.Words.SelectMany(reading => reading).Distinct(StringComparer.Ordinal).ToArray();
            var (identified, counts, unfinished) = await Look(connection, query, words, max, cancellation);
            var hits = new Hits();
            foreach (var (account, identifier) in identified) hits.Of(account).Identifiers.Add(identifier);

            var more = false;
            foreach (var reading in query.Words)
            {
                var (found, left) = await AddByWords(connection, reading, counts, hits, max, cancellation);
                more |= left;
                if (found) break;
            }

            var clients = await Read(connection, hits, max, cancellation);
            return new FoundClients([.. clients.Take(max)], more || hits.Order.Count > max, unfinished);
        }
        catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<(List<(long Account, FoundIdentifier Identifier)> Identified, Dictionary<string, int> Counts, bool Unfinished)> Look(
        NpgsqlConnection connection, ClientQuery query, string[] words, int max, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(Guard), Identifiers(query, max), Counts(words), new NpgsqlBatchCommand(AnyUnfinished) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var identified = new List<(long Account, FoundIdentifier Identifier)>();
        while (await reader.ReadAsync(cancellation))
        {
            identified.Add((reader.GetInt64(0), new FoundIdentifier(IdentifierOf(reader.GetInt32(1)), reader.GetString(2))));
        }

        await reader.NextResultAsync(cancellation);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            await reader.ReadAsync(cancellation);
            counts[word] = reader.GetInt32(0);
        }

        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return ([.. identified.OrderBy(hit => hit.Identifier.Identifier).ThenBy(hit => hit.Account).Distinct()], counts, reader.GetBoolean(0));
    }

    private static NpgsqlBatchCommand Identifiers(ClientQuery query, int max) => new(ByIdentifiers)
    {
        Parameters =
        {
            Of(NpgsqlDbType.Array | NpgsqlDbType.Text, query.Reference is { } reference ? new[] { reference, CallerReference.Normal(reference) } : []),
            Of(NpgsqlDbType.Array | NpgsqlDbType.Smallint, query.Terms.Select(term => (short)term.Kind).ToArray()),
            Of(NpgsqlDbType.Array | NpgsqlDbType.Text, query.Terms.Select(term => term.Term).ToArray()),
            Of(NpgsqlDbType.Bigint, query.Symbol?.Value),
            Of(NpgsqlDbType.Smallint, (short?)query.Document?.Kind),
            Of(NpgsqlDbType.Smallint, (short?)query.Document?.Year),
            Of(NpgsqlDbType.Bigint, query.Document?.Sequence),
            Of(NpgsqlDbType.Array | NpgsqlDbType.Text, query.Payers.ToArray()),
            Of(NpgsqlDbType.Integer, max + 1),
            Of(NpgsqlDbType.Integer, RowsMax),
            Of(NpgsqlDbType.Smallint, (short)PaymentStatus.Unassigned),
        },
    };

    private static NpgsqlBatchCommand Counts(string[] words) => new(Counting)
    {
        Parameters =
        {
            Of(NpgsqlDbType.Array | NpgsqlDbType.Text, words), Of(NpgsqlDbType.Array | NpgsqlDbType.Smallint, Kinds), Of(NpgsqlDbType.Integer, RareMax + 1),
        },
    };

    /// <returns>Whether somebody was found, and whether more may be found than was looked at.</returns>
    private static async Task<(bool Found, bool Left)> AddByWords(
        NpgsqlConnection connection, IReadOnlyList<string> words, Dictionary<string, int> counts, Hits hits, int max, CancellationToken cancellation)
    {
        if (words.Count == 0 || words.Any(word => counts[word] == 0)) return default;
        var byRarity = words.OrderBy(word => counts[word]).ToList();
        var (driver, others) = (byRarity[0], byRarity[1..]);
        var terms = others.Count == 0 ? (max + 1) * TermsForOne : counts[driver] <= RareMax ? RareMax : CommonMax;
        var second = others.Find(word => counts[word] <= RareMax);
        await using var select = new NpgsqlCommand(ByWords, connection)
        {
            Parameters =
            {
                Of(NpgsqlDbType.Text, driver), Of(NpgsqlDbType.Array | NpgsqlDbType.Smallint, Kinds), Of(NpgsqlDbType.Integer, terms),
                Of(NpgsqlDbType.Array | NpgsqlDbType.Text, others.Where(word => word != second).ToArray()), Of(NpgsqlDbType.Integer, max + 1),
                Of(NpgsqlDbType.Text, second),
            },
        };
        var found = false;
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found = true;
            var hit = hits.Of(reader.GetInt64(0));
            hit.Words.AddRange(words.Except(hit.Words, StringComparer.Ordinal));
        }

        return (found, counts[driver] > terms);
    }

    /// <summary>References of clients who do not exist yet name nobody: some more are read than are shown.</summary>
    private static async Task<List<FoundClient>> Read(NpgsqlConnection connection, Hits hits, int max, CancellationToken cancellation)
    {
        var asked = hits.Order.Take(2 * max).ToArray();
        await using var select = new NpgsqlCommand(Particulars, connection)
        {
            Parameters = { Of(NpgsqlDbType.Array | NpgsqlDbType.Bigint, asked), Of(NpgsqlDbType.Array | NpgsqlDbType.Bigint, asked.Where(IsByContract).ToArray()) },
        };
        var clients = new Dictionary<long, FoundClient>();
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (account, profile) = (reader.GetInt64(0), JsonSerializer.Deserialize<AccountProfile>(reader.GetFieldValue<byte[]>(3), JournalJson.Options)!);
            clients[account] = new FoundClient(account, reader.GetString(1), reader.GetInt16(2), profile, hits[account].Identifiers, hits[account].Words,
                await reader.IsDBNullAsync(4, cancellation) ? [] : Contracts(reader.GetFieldValue<byte[]>(4)));
        }

        return [.. asked.Where(clients.ContainsKey).Select(account => clients[account])];

        bool IsByContract(long account) => hits[account].Identifiers.Exists(found => found.Identifier == Identifier.Contract);
    }

    /// <summary>A state that has to be folded again tells none; the number is then shown as it was looked for.</summary>
    private static IReadOnlyList<string> Contracts(byte[] state) =>
        StateSnapshot.IsReadable(state) ? [.. StateSnapshot.Read(state).Contracts.Select(contract => contract.Number)] : [];

    private static NpgsqlParameter Of(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    /// <summary>Of a kind of term, or of another place in <see cref="ByIdentifiers"/>.</summary>
    private static Identifier IdentifierOf(int kind) => kind switch
    {
        -1 => Identifier.DocumentNumber,
        -2 => Identifier.DocumentSymbol,
        -3 => Identifier.BankAccount,
        -4 => Identifier.PaymentSymbol,
        (int)TermKind.Reference => Identifier.Reference,
        (int)TermKind.Email => Identifier.Email,
        (int)TermKind.EmailDomain => Identifier.EmailDomain,
        (int)TermKind.Phone => Identifier.Phone,
        (int)TermKind.CompanyNumber => Identifier.CompanyNumber,
        (int)TermKind.VatNumber => Identifier.VatNumber,
        (int)TermKind.Symbol => Identifier.Symbol,
        (int)TermKind.Contract => Identifier.Contract,
        _ => throw new InvariantBrokenException($"a term of kind {kind} identifies nobody"),
    };
}
