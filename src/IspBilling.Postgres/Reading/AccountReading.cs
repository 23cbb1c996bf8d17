using Dapper;
using IspBilling.Domain;
using IspBilling.Postgres.Journal;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <param name="Parked">Why the account cannot decide; null when it can.</param>
public sealed record AccountSnapshot(AccountState State, DateOnly? NextBillOn, DateOnly? NextReviewOn, string? Parked);

/// <summary>An account as of its last commit.</summary>
public sealed class AccountReading(NpgsqlDataSource database)
{
    private const string Columns =
        """
        SELECT a.id, a.version, a.state, a.next_bill_on AS NextBillOn, a.next_review_on AS NextReviewOn, p.reason AS Parked
        FROM accounts a LEFT JOIN parked_accounts p ON p.account_id = a.id
        """;

    private sealed record Row(long Id, long Version, byte[] State, DateOnly? NextBillOn, DateOnly? NextReviewOn, string? Parked);

    public async Task<AccountSnapshot?> Find(AccountId account, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Columns} WHERE a.id = @account", new { account = account.Value }, cancellationToken: cancellation));
        return row is null ? null : await Snapshot(row, cancellation);
    }

    /// <summary>Those that have come to be: a reference has an account from the first push on, also if that was refused.</summary>
    public async Task<IReadOnlySet<AccountId>> Existing(IEnumerable<AccountId> accounts, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var ids = await connection.QueryAsync<long>(new CommandDefinition(
            "SELECT id FROM accounts WHERE id = ANY (@ids)", new { ids = accounts.Select(account => account.Value).ToArray() }, cancellationToken: cancellation));
        return ids.Select(id => new AccountId(id)).ToHashSet();
    }

    /// <summary>Accounts after one, by id, for looking at many; at most <see cref="PageSize.ForReading"/>.</summary>
    /// <param name="issuer">Only the accounts of one issuer; null for all.</param>
    public async Task<IReadOnlyList<AccountSnapshot>> After(AccountId after, IssuerId? issuer, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Columns} WHERE a.id > @after AND (@issuer::int IS NULL OR a.issuer = @issuer) ORDER BY a.id LIMIT @max",
            new { after = after.Value, issuer = issuer?.Value, max = PageSize.Reading(max) }, cancellationToken: cancellation));
        var snapshots = new List<AccountSnapshot>();
        foreach (var row in rows) snapshots.Add(await Snapshot(row, cancellation));
        return snapshots;
    }

    private async ValueTask<AccountSnapshot> Snapshot(Row row, CancellationToken cancellation) => new(
        await StoredState.Of(database, new AccountId(row.Id), row.Version, row.State, cancellation), row.NextBillOn, row.NextReviewOn, row.Parked);
}
