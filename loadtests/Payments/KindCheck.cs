using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Npgsql;

namespace IspBilling.LoadTests.Payments;

/// <summary>Holds what the generator wrote against what became of it: each kind's entries by state, each kind's accounts by balance.</summary>
internal sealed class KindCheck(NpgsqlDataSource database, IReadOnlyList<ImportId> imports)
{
    /// <returns>A line for each kind, for the table.</returns>
    /// <exception cref="InvalidOperationException">Something did not end as it must.</exception>
    public async Task<IReadOnlyList<(string, string)>> Run(
        IReadOnlyDictionary<PaymentKind, KindTally> written, CancellationToken cancellation)
    {
        var states = await States(cancellation);
        var balances = await Balances(cancellation);
        var (facts, wrong) = (new List<(string, string)>(), new List<string>());
        foreach (var (kind, tally) in written.OrderBy(pair => pair.Key))
        {
            var expected = KindTally.StateOf(kind);
            var found = states.Where(count => count.Kind == kind).ToList();
            var ended = string.Join(", ", found.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Entries:#,0} {count.State}")));
            facts.Add((kind.ToString(), string.Create(CultureInfo.InvariantCulture, $"{tally.Entries:#,0} written: {ended}")));
            if (found is not [var only] || only.State != expected || only.Entries != tally.Entries) wrong.Add($"{kind}: {tally.Entries} {expected} expected, found {ended}");
            if (expected == EntryState.Matched && balances.GetValueOrDefault(kind) != tally.BalanceMinor)
                wrong.Add($"{kind}: its accounts should owe {Czk(tally.BalanceMinor)}, but owe {Czk(balances.GetValueOrDefault(kind))}");
        }

        var (owed, expectedOwed) = (await Owed(cancellation), written.Values.Sum(tally => tally.BalanceMinor));
        facts.Add(("owed afterwards", Czk(owed)));
        if (owed != expectedOwed) wrong.Add($"all accounts should owe {Czk(expectedOwed)}, but owe {Czk(owed)}");
        return wrong.Count == 0 ? facts : throw new InvalidOperationException(string.Join("; ", wrong));
    }

    private static string Czk(long minor) => new Money(minor, Currency.Czk).ToString();

    private async Task<List<(PaymentKind Kind, EntryState State, long Entries)>> States(CancellationToken cancellation)
    {
        await using var select = Command(
            "SELECT specific_symbol::int, state::int, count(*) FROM statement_entries WHERE import_id = ANY ($1) GROUP BY 1, 2 ORDER BY 1, 2");
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new List<(PaymentKind, EntryState, long)>();
        while (await rows.ReadAsync(cancellation)) found.Add(((PaymentKind)rows.GetInt32(0), (EntryState)rows.GetInt32(1), rows.GetInt64(2)));
        return found;
    }

    /// <summary>Every account has one invoice, so the kind by which that was paid is the account's.</summary>
    private async Task<Dictionary<PaymentKind, long>> Balances(CancellationToken cancellation)
    {
        await using var select = Command(
            """
            SELECT paid.kind, sum(a.balance)::bigint
            FROM (SELECT DISTINCT specific_symbol::int AS kind, account_id FROM statement_entries WHERE import_id = ANY ($1) AND account_id IS NOT NULL) paid
            JOIN accounts a ON a.id = paid.account_id GROUP BY 1
            """);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new Dictionary<PaymentKind, long>();
        while (await rows.ReadAsync(cancellation)) found.Add((PaymentKind)rows.GetInt32(0), rows.GetInt64(1));
        return found;
    }

    private async Task<long> Owed(CancellationToken cancellation)
    {
        await using var select = database.CreateCommand("SELECT coalesce(sum(balance), 0)::bigint FROM accounts");
        select.CommandTimeout = 0;
        return (long)(await select.ExecuteScalarAsync(cancellation))!;
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = imports.Select(import => import.Value).ToArray() });
        return command;
    }
}
