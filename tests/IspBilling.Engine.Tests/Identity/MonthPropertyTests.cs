using IspBilling.Banking;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.Simulation.Storage;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>A month of movements, told in any mixture of formats, cut and overlapped at random.</summary>
public sealed class MonthPropertyTests
{
    private const int Months = 1_000;

    [Fact]
    public async Task Given_any_mixture_of_files_then_each_movement_is_booked_once_or_visibly_held_none_twice_none_lost()
    {
        var wrong = new List<string>();
        for (var seed = 1; seed <= Months; seed++)
        {
            var month = new BankMonth(seed);
            var store = new MemoryImportStore(new Books(Books.Post));
            var told = await TakeIn(month, store);
            wrong.AddRange(Wrong(told, [.. store.Entries.Select(Seen)]).Select(problem => $"month {seed}: {problem}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Given_a_bank_that_never_gives_an_id_twice_then_nothing_waits_for_a_person()
    {
        for (var seed = 2; seed <= Months; seed += 2)
        {
            var store = new MemoryImportStore(new Books(Books.Post));
            await TakeIn(new BankMonth(seed), store);
            Assert.DoesNotContain(store.Entries, entry => entry.IsDoubtful);
        }
    }

    [Fact]
    public async Task Given_balances_then_little_waits_for_a_person_although_no_movement_has_an_id()
    {
        var (held, all) = (0, 0);
        for (var seed = 1; seed <= Months; seed += 2)
        {
            var store = new MemoryImportStore(new Books(Books.Post));
            await TakeIn(new BankMonth(seed), store);
            held += store.Entries.Count(entry => entry.IsDoubtful);
            all += store.Entries.Count();
        }

        Assert.True(held * 20 < all, $"{held} of {all} entries are held");
    }

    [Fact]
    public async Task Given_the_database_then_it_knows_the_same_movements_as_the_store_in_memory()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        for (var seed = 1; seed <= 40; seed++)
        {
            var month = new BankMonth(seed);
            var (memory, postgres) = (new MemoryImportStore(new Books(Books.Post)), new PostgresStatementImportStore(database.Source));
            await TakeIn(month, memory);
            await TakeIn(new BankMonth(seed), postgres);
            var stored = new List<string>();
            await using var select = database.Source.CreateCommand(
                "SELECT booked_on, amount, direction, coalesce(symbol, 0), is_doubtful FROM statement_entries WHERE replace(own_account, 'CZ', '') LIKE $1 ORDER BY id");
            select.Parameters.Add(new() { Value = $"%{month.Account.Split('/')[0]}%" });
            await using var rows = await select.ExecuteReaderAsync();
            while (await rows.ReadAsync()) stored.Add($"{rows.GetFieldValue<DateOnly>(0):o} {rows.GetInt64(1)} {rows.GetInt16(2)} {rows.GetInt64(3)} {rows.GetBoolean(4)}");
            Assert.Equal(
                memory.Entries.Select(view => $"{view.Entry.BookedOn:o} {view.Entry.Amount.Minor} {(int)view.Entry.Direction} {view.Entry.VariableSymbol?.Value ?? 0} {view.IsDoubtful}"), stored);
        }

        // The audit compares what was kept with the balances, by rules of its own.
        Assert.Empty((await LedgerAudit.Run(database.Source, progress: null, CancellationToken.None)).Findings);
    }

    /// <returns>Every movement that a file tells, once.</returns>
    private static async Task<IReadOnlyList<BankMovement>> TakeIn(BankMonth month, IStatementImportStore store)
    {
        Assert.True(CzechAccount.TryParse(month.Account, out var own));
        var options = new StatementReaderOptions { OwnAccounts = [new OwnAccount(own, Currency.Czk)] };
        var told = new HashSet<int>();
        foreach (var (name, content, movements) in month.Files())
        {
            using var stream = new MemoryStream(content);
            var file = await StatementReaders.Open(stream, name, options, CancellationToken.None);
            var import = new StatementImport(
                new ImportId(Guid.NewGuid()), name, file.Format, Actor.System("clerk"), DateTimeOffset.UnixEpoch, null, ImportStatus.Reading, ImportCounts.None, [], null);
            await store.Stage(import, file.Items, CancellationToken.None);
            told.UnionWith(movements.Select(movement => movement.Id));
        }

        return [.. month.Movements.Where(movement => told.Contains(movement.Id))];
    }

    /// <summary>What of a movement every format tells; of those that agree in it nobody can say which is which, only how many there are.</summary>
    private static ((long, long?) Kind, bool IsDoubtful) Seen(EntryView view) => (
        (view.Entry.Direction == EntryDirection.Credit ? view.Entry.Amount.Minor : -view.Entry.Amount.Minor, view.Entry.VariableSymbol?.Value), view.IsDoubtful);

    private static IEnumerable<string> Wrong(IReadOnlyList<BankMovement> told, IReadOnlyList<((long Minor, long? Symbol) Kind, bool IsDoubtful)> seen)
    {
        var stored = seen.ToLookup(entry => entry.Kind);
        foreach (var kind in told.GroupBy(movement => (movement.Minor, movement.Symbol)))
        {
            var (atBank, here) = (kind.Count(), stored[kind.Key].ToList());
            var booked = here.Count(entry => !entry.IsDoubtful);
            if (booked > atBank) yield return $"{kind.Key}: {atBank} at the bank, {booked} booked";
            if (here.Count < atBank) yield return $"{kind.Key}: {atBank} at the bank, {here.Count} here";
        }

        foreach (var other in stored.Select(entry => entry.Key).Except(told.Select(movement => (movement.Minor, movement.Symbol))))
            yield return $"{other} is no movement of the bank";
    }
}
