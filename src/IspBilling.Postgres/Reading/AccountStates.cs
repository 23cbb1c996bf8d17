using System.Runtime.CompilerServices;
using Dapper;
using IspBilling.Domain;
using IspBilling.Postgres.Journal;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>The states of very many accounts, one after another: a question that everybody is asked without waking anybody.</summary>
public sealed class AccountStates(NpgsqlDataSource database)
{
    /// <summary>Rows that are in memory together.</summary>
    private const int AtOnce = 1_000;

    private sealed record Row(long Id, long Version, byte[] State);

    public IAsyncEnumerable<AccountState> OfAll(CancellationToken cancellation) => Of("true", new { }, cancellation);

    public IAsyncEnumerable<AccountState> OfIssuer(IssuerId issuer, CancellationToken cancellation) =>
        Of("issuer = @issuer", new { issuer = issuer.Value }, cancellation);

    /// <summary>Whoever owes something or is restricted: nobody else is told anything by a review.</summary>
    public IAsyncEnumerable<AccountState> OfDebtors(CancellationToken cancellation) => OfDebtors(after: null, cancellation);

    /// <param name="after">Only those with a higher id; null for all.</param>
    public IAsyncEnumerable<AccountState> OfDebtors(AccountId? after, CancellationToken cancellation) =>
        Of("(level <> 0 OR EXISTS (SELECT FROM open_items o WHERE o.account_id = accounts.id AND o.open > 0))", new { }, cancellation, after);

    /// <summary>
    /// Whoever is to be reviewed up to a day, or has a reminder under way, by whose acceptance that day may come nearer: nobody else is dunned until
    /// then if nothing happens.
    /// </summary>
    /// <param name="after">Only those with a higher id; null for all.</param>
    public IAsyncEnumerable<AccountState> OfReviewedBy(DateOnly day, AccountId? after, CancellationToken cancellation) =>
        Of("(next_review_on <= @day OR id IN (SELECT account_id FROM outbox WHERE status IN (1, 2, 3) AND kind = 2))", new { day }, cancellation, after);

    public async Task<long> CountOfIssuer(IssuerId issuer, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM accounts WHERE issuer = @issuer", new { issuer = issuer.Value }, cancellationToken: cancellation));
    }

    /// <summary>Page by page, each as of its own moment: no transaction stays open for the whole of it.</summary>
    private async IAsyncEnumerable<AccountState> Of(
        string which, object parameters, [EnumeratorCancellation] CancellationToken cancellation, AccountId? from = null)
    {
        var after = from?.Value ?? long.MinValue;
        while (true)
        {
            var asked = new DynamicParameters(parameters);
            asked.Add("after", after);
            asked.Add("max", AtOnce);
            List<Row> rows;
            await using (var connection = await database.OpenConnectionAsync(cancellation))
            {
                rows = (await connection.QueryAsync<Row>(new CommandDefinition(
                    $"SELECT id, version, state FROM accounts WHERE id > @after AND {which} ORDER BY id LIMIT @max", asked, cancellationToken: cancellation))).AsList();
            }

            foreach (var row in rows) yield return await StoredState.Of(database, new AccountId(row.Id), row.Version, row.State, cancellation);
            if (rows.Count < AtOnce) yield break;
            after = rows[^1].Id;
        }
    }
}
