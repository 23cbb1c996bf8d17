using System.Runtime.CompilerServices;
using Npgsql;

namespace IspBilling.Postgres.Audit;

/// <summary>The books as of one moment, while others go on writing: two read-only transactions on one snapshot.</summary>
internal sealed class AuditSnapshot : IAsyncDisposable
{
    /// <summary>Accounts whose rows are in memory together.</summary>
    private const int RangeSize = 256;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlConnection _sorted;

    private AuditSnapshot(NpgsqlConnection connection, NpgsqlConnection sorted) => (_connection, _sorted) = (connection, sorted);

    /// <summary>For checks over whole tables.</summary>
    public NpgsqlConnection Connection => _connection;

    /// <summary>Patient, because a pool may hand out connections that died with the server.</summary>
    public static Task<AuditSnapshot> Take(NpgsqlDataSource database, CancellationToken cancellation) =>
        Patience.With(() => TakeOnce(database, cancellation));

    private static async Task<AuditSnapshot> TakeOnce(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var snapshot = new AuditSnapshot(database.CreateConnection(), database.CreateConnection());
        try
        {
            await snapshot.Begin(cancellation);
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    private async Task Begin(CancellationToken cancellation)
    {
        await _connection.OpenAsync(cancellation);
        await _sorted.OpenAsync(cancellation);
        await Execute(_connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellation);
        var name = await Scalar<string>(_connection, "SELECT pg_export_snapshot()", cancellation);
        await Execute(_sorted, $"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{name}'", cancellation);
    }

    public Task<long> CountAccounts(CancellationToken cancellation) => Scalar<long>(_connection, "SELECT count(*) FROM accounts", cancellation);

    /// <summary>All accounts in order of id, range by range; also ids that only stray rows know.</summary>
    public async IAsyncEnumerable<IReadOnlyCollection<StoredAccount>> Ranges([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var sort = new NpgsqlCommand(PostingRow.Select, _sorted) { CommandTimeout = 0 };
        await using var postings = await sort.ExecuteReaderAsync(cancellation);
        var more = await postings.ReadAsync(cancellation);

        var after = long.MinValue;
        while (after < long.MaxValue)
        {
            var upTo = await EndOfRange(after, cancellation);
            var range = await ReadRange(after, upTo, cancellation);
            for (; more && Key(postings) is var account && account <= upTo; more = await postings.ReadAsync(cancellation))
                Of(range, account).Postings.Add(PostingRow.Read(postings));
            yield return range.Values;
            after = upTo;
        }

        static long Key(NpgsqlDataReader row) => row.GetInt64(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _sorted.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>The last range is open, so that rows behind the last account are seen too.</summary>
    private async Task<long> EndOfRange(long after, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand("SELECT id FROM accounts WHERE id > $1 ORDER BY id OFFSET $2 LIMIT 1", _connection);
        select.Parameters.Add(new() { Value = after });
        select.Parameters.Add(new() { Value = RangeSize - 1 });
        return await select.ExecuteScalarAsync(cancellation) is long id ? id : long.MaxValue;
    }

    private async Task<SortedDictionary<long, StoredAccount>> ReadRange(long after, long upTo, CancellationToken cancellation)
    {
        var range = new SortedDictionary<long, StoredAccount>();
        await Read(AccountRow.Select, (account, row) => account.Row = AccountRow.Read(row));
        await Read(EventRow.Select, (account, row) => account.Events.Add(EventRow.Read(row)));
        await Read(ProfileRow.Select, (account, row) => account.Profiles.Add(ProfileRow.Read(row)));
        await Read(ClientSearchRow.Select, (account, row) => (account.Client, account.ClientHasTerms) = (ClientSearchRow.Read(row), ClientSearchRow.HasTerms(row)));
        await Read(DocumentRow.Select, (account, row) => account.Documents.Add(DocumentRow.Read(row)));
        await Read(LineRow.Select, (account, row) => account.Lines.Add(LineRow.Read(row)));
        await Read(PaymentRow.Select, (account, row) => account.Payments.Add(PaymentRow.Read(row)));
        await Read(AllocationRow.Select, (account, row) => account.Allocations.Add(AllocationRow.Read(row)));
        await Read(CreditUseRow.Select, (account, row) => account.CreditUses.Add(CreditUseRow.Read(row)));
        await Read(OutboxRow.Select, (account, row) => account.Outbox.Add(OutboxRow.Read(row)));
        await Read(OpenItemRow.Select, (account, row) => account.OpenItems.Add(OpenItemRow.Read(row)));
        await Read(TermRow.Select, (account, row) => account.Terms.Add(TermRow.Read(row)), ofReference: row => row.GetInt16(1) == ExpectedTerms.Reference);
        await Read(ReferenceRow.Select, (account, row) => account.Reference = ReferenceRow.Read(row), ofReference: _ => true);
        return range;

        // A reference is given before there is an account, and there may never be one: what is known of it alone is no stray row.
        async Task Read(string sql, Action<StoredAccount, NpgsqlDataReader> add, Func<NpgsqlDataReader, bool>? ofReference = null)
        {
            await using var select = new NpgsqlCommand(sql, _connection);
            select.Parameters.Add(new() { Value = after });
            select.Parameters.Add(new() { Value = upTo });
            await using var rows = await select.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                if (ofReference?.Invoke(rows) is true && !range.ContainsKey(rows.GetInt64(0))) continue;
                add(Of(range, rows.GetInt64(0)), rows);
            }
        }
    }

    private static StoredAccount Of(SortedDictionary<long, StoredAccount> range, long account)
    {
        if (!range.TryGetValue(account, out var stored)) range.Add(account, stored = new StoredAccount(account));
        return stored;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
