using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Settings;

/// <summary>A symbol that two clients of one issuer carry.</summary>
/// <param name="References">The CRM's, of the clients whose own symbol it is or whose documents carry it; in order.</param>
public sealed record SharedSymbol(int Issuer, long Symbol, IReadOnlyList<string> References);

/// <summary>
/// Who of an issuer's clients a variable symbol is. Issuers never meet: the account that received the money decides between them. What is in
/// double use already stays, and is listed.
/// </summary>
public sealed class SymbolUse(NpgsqlDataSource database) : IDisposable
{
    /// <summary>A claim holds a connection while the account is asked, which needs one too: claims alone must never hold them all.</summary>
    private const int ClaimsMax = 8;

    private readonly SemaphoreSlim _places = new(ClaimsMax, ClaimsMax);

    /// <summary>"SYMB" in ASCII: the first half of the key of the lock on one symbol.</summary>
    private const int Lock = 0x53_59_4D_42;

    private sealed record SharedRow(int Issuer, long Symbol, Array Clients);

    /// <summary>
    /// Keeps everybody else from taking the symbol until disposed; meanwhile the account is asked. Its answer is written before it comes, so
    /// that the next who claims the symbol sees it.
    /// </summary>
    /// <param name="symbol">Null claims nothing.</param>
    /// <param name="by">The account that wants it; null for a new one.</param>
    /// <param name="today">From which on invoices are numbered.</param>
    public async Task<SymbolClaim> Claim(IssuerId issuer, VariableSymbol? symbol, AccountId? by, DateOnly today, CancellationToken cancellation)
    {
        if (symbol is not { } wanted) return SymbolClaim.OfNothing;
        await _places.WaitAsync(cancellation);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.OpenConnectionAsync(cancellation);

            // A client that keeps its symbol claims nothing new, also where another has the same.
            var has = by is { } account && await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT FROM clients WHERE account_id = @account AND account_symbol = @symbol)",
                new { account = account.Value, symbol = wanted.Value }, cancellationToken: cancellation));
            if (has) return await SymbolClaim.Free(connection, _places);
            var transaction = await connection.BeginTransactionAsync(cancellation);
            await connection.ExecuteAsync(new CommandDefinition(
                "SELECT pg_advisory_xact_lock(@space, hashint8(@symbol))", new { space = Lock, symbol = wanted.Value }, cancellationToken: cancellation));
            var user = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
                """
                SELECT r.reference FROM (
                    SELECT account_id FROM clients WHERE account_symbol = @symbol AND issuer = @issuer
                    UNION SELECT account_id FROM documents WHERE symbol = @symbol AND issuer = @issuer
                    UNION SELECT account_id FROM documents
                        WHERE issuer = @issuer AND kind = ANY (@kinds) AND year = (2000 + @symbol / @perYear)::smallint AND sequence = @symbol % @perYear) used
                JOIN client_references r USING (account_id)
                WHERE account_id IS DISTINCT FROM @by ORDER BY account_id LIMIT 1
                """,
                new
                {
                    symbol = wanted.Value, issuer = issuer.Value, by = by?.Value, perYear = SeriesKey.PerYear,
                    kinds = DocumentKinds.Stored(traits => traits.IsNumberedBySymbol),
                },
                cancellationToken: cancellation));
            return new SymbolClaim(user, user is null && SeriesKey.MayNumber(wanted, today), connection, transaction, _places);
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            _places.Release();
            throw;
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>
    /// Symbols that a payment cannot be matched by, because several clients of one issuer carry them; the lowest first, and of one symbol
    /// the issuers in order.
    /// </summary>
    /// <param name="after">The last row of the page before; (0, 0) for the first page.</param>
    public async Task<IReadOnlyList<SharedSymbol>> InDoubleUse((long Symbol, int Issuer) after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<SharedRow>(new CommandDefinition(
            """
            WITH own AS (SELECT issuer, account_symbol AS symbol, account_id FROM clients WHERE account_symbol >= @symbol),
            used AS (
                SELECT * FROM own
                UNION SELECT d.issuer, d.symbol, d.account_id FROM documents d JOIN own o ON o.issuer = d.issuer AND o.symbol = d.symbol)
            SELECT issuer, symbol, array_agg(reference ORDER BY account_id) AS Clients
            FROM used JOIN client_references USING (account_id)
            GROUP BY issuer, symbol HAVING count(DISTINCT account_id) > 1 AND (symbol, issuer) > (@symbol, @issuer)
            ORDER BY symbol, issuer LIMIT @max
            """,
            new { symbol = after.Symbol, issuer = after.Issuer, max = PageSize.Reading(max) }, cancellationToken: cancellation));
        return [.. rows.Select(row => new SharedSymbol(row.Issuer, row.Symbol, (string[])row.Clients))];
    }
}

/// <summary>Nobody else takes the symbol until it is disposed.</summary>
public sealed class SymbolClaim : IAsyncDisposable
{
    internal static readonly SymbolClaim OfNothing = new(usedBy: null, isNumber: false, connection: null, transaction: null, places: null);

    private readonly NpgsqlConnection? _connection;
    private readonly NpgsqlTransaction? _transaction;
    private SemaphoreSlim? _places;

    internal SymbolClaim(string? usedBy, bool isNumber, NpgsqlConnection? connection, NpgsqlTransaction? transaction, SemaphoreSlim? places) =>
        (UsedBy, IsNumber, _connection, _transaction, _places) = (usedBy, isNumber, connection, transaction, places);

    /// <summary>The client whose symbol it is already; null when it is free.</summary>
    public string? UsedBy { get; }

    /// <summary>Nobody's yet, but an invoice is to have it for its number: see <see cref="SeriesKey.MayNumber"/>.</summary>
    public bool IsNumber { get; }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null) await _transaction.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
        Interlocked.Exchange(ref _places, null)?.Release();
    }

    internal static async Task<SymbolClaim> Free(NpgsqlConnection connection, SemaphoreSlim places)
    {
        await new SymbolClaim(usedBy: null, isNumber: false, connection, transaction: null, places).DisposeAsync();
        return OfNothing;
    }
}
