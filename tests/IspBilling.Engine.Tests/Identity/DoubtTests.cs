using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Engine.Tests.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.Simulation.Storage;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>Whatever a clerk assigns in whatever order, of money that may be told twice no more is booked than there is.</summary>
public sealed class DoubtTests
{
    private static readonly AccountId Client = new(1);

    [Fact]
    public async Task Given_any_days_told_whole_and_apart_then_a_clerk_who_assigns_anything_in_any_order_never_books_more_than_the_bank_has()
    {
        var (wrong, refused, booked) = (new List<string>(), 0, 0);
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var store = new MemoryImportStore(new Books(Books.Post));
            var desk = new ClerkDesk(new Willing(), store);
            var day = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Enumerable.Range(0, random.Next(3) == 0 ? random.Next(2, 5) : 1).Select(_ => random.Next(1, 6) * 50).ToArray()).ToArray();
            var (told, files) = (new bool[day.Length], new List<string>());
            for (var left = random.Next(2, 5); left > 0; left--)
            {
                var from = random.Next(2) == 0 ? 0 : random.Next(day.Length);
                var to = random.Next(2) == 0 ? day.Length : random.Next(from, day.Length) + 1;
                files.Add(Told(day, from, to, isApart: random.Next(2) == 0, isMarked: random.Next(2) == 0));
                await Days.Tell(store, random.Next(2) == 0 ? "camt.053" : "GPC", files[^1]);
                Array.Fill(told, true, from, to - from);
                await Decide(store, random);
            }

            var atBank = day.Where((_, at) => told[at]).Sum(booking => booking.Sum());
            for (var step = 0; step < 30; step++)
            {
                var entry = random.Next(1, store.Entries.Count() + 1);
                var reply = random.Next(5) switch
                {
                    0 => await desk.Unassign(entry, Clerk.Eva, "another client's", default),
                    1 when random.Next(3) == 0 => await desk.Close(entry, Clerk.Eva, "a copy", default),
                    2 when random.Next(3) == 0 => await desk.Reopen(entry, Clerk.Eva, "no copy", default),
                    _ => await desk.Assign(entry, Client, Clerk.Eva, default),
                };
                if (reply is DeskRefused { Reason: DeskRefusalReason.CounterpartBooked }) refused++;
                var onAccounts = store.Entries.Where(view => view.State == EntryState.Matched).Sum(view => view.Entry.Amount.Major);
                if (onAccounts > atBank) wrong.Add($"day {seed}: {atBank} at the bank, {onAccounts} booked of {string.Join(" | ", files)}");
                if (onAccounts > atBank) break;
                booked++;
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(refused > 1_000 && booked > 10_000, $"{refused} refused, {booked} steps");
    }

    [Fact]
    public async Task Given_the_database_then_its_entries_doubt_each_other_as_those_of_the_store_in_memory()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        var postgres = new PostgresStatementImportStore(database.Source);
        var doubts = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var memory = new MemoryImportStore(new Books(Books.Post));
            var day = Enumerable.Range(0, random.Next(2, 6)).Select(_ => Enumerable.Range(0, random.Next(2) == 0 ? random.Next(2, 4) : 1).Select(_ => random.Next(1, 6) * 50).ToArray()).ToArray();
            var own = $"{1_000_000 + seed}/0800";
            for (var left = 4; left > 0; left--)
            {
                var told = Told(day, 0, random.Next(2, day.Length + 1), isApart: random.Next(2) == 0, isMarked: random.Next(2) == 0);
                await Days.Tell(memory, "camt.053", told, own);
                await Days.Tell(postgres, "camt.053", told, own);
            }

            var entries = memory.Entries.ToList();
            var first = await database.Scalar<long>($"SELECT min(id) - 1 FROM statement_entries WHERE own_account = '{own}'");
            Assert.Equal(entries.Count, await database.Scalar<long>($"SELECT count(*) FROM statement_entries WHERE own_account = '{own}'"));
            foreach (var entry in entries)
            {
                var stored = (await postgres.FindEntry(first + entry.Id, default))!;
                Assert.Equal(entry.MayBe, stored.MayBe.Select(other => other - first));
                Assert.Equal((entry.IsInDoubt, entry.IsDoubtful), (stored.IsInDoubt, stored.IsDoubtful));
                Assert.Equal(
                    (await memory.CounterpartsOf(entry.Id, default)).Select(other => other.Id), (await postgres.CounterpartsOf(stored.Id, default)).Select(other => other.Id - first));
                doubts += entry.MayBe.Count;
            }
        }

        Assert.True(doubts > 60, $"{doubts} doubts");
    }

    [Fact]
    public async Task Both_sides_of_a_doubt_know_each_other_and_what_is_told_apart_is_free()
    {
        var store = new MemoryImportStore(new Books(Books.Post));
        var desk = new ClerkDesk(new Willing(), store);
        await Days.Tell(store, "GPC", "0: 100");
        await Days.Tell(store, "camt.053", "0: 30+ 70+");
        await Decide(store, random: null);
        Assert.Equal([[2, 3], [1], [1]], store.Entries.Select(entry => entry.MayBe));
        Assert.All(store.Entries, entry => Assert.True(entry.IsInDoubt));

        Assert.IsType<EntryAssigned>(await desk.Assign(2, Client, Clerk.Eva, default));
        Assert.IsType<EntryAssigned>(await desk.Assign(3, Client, Clerk.Eva, default));
        var refused = Assert.IsType<DeskRefused>(await desk.Assign(1, Client, Clerk.Eva, default));
        Assert.Equal(DeskRefusalReason.CounterpartBooked, refused.Reason);
        Assert.Contains("entry 1 may be the same money as entry 2, which is booked on account 1", refused.Detail, StringComparison.Ordinal);

        Assert.Equal(DeskRefusalReason.PartsBelongTogether, Assert.IsType<DeskRefused>(await desk.TellApart(1, [2], Clerk.Eva, "another batch", default)).Reason);
        Assert.IsType<EntryToldApart>(await desk.TellApart(1, [2, 3], Clerk.Eva, "another batch", default));
        Assert.IsType<EntryAssigned>(await desk.Assign(1, Client, Clerk.Eva, default));
        Assert.All(store.Entries, entry => Assert.Equal((false, 0), (entry.IsInDoubt, entry.MayBe.Count)));
        Assert.Equal(DeskRefusalReason.NotInDoubt, Assert.IsType<DeskRefused>(await desk.TellApart(1, [2], Clerk.Eva, "again", default)).Reason);
    }

    [Fact]
    public async Task What_may_be_a_copy_of_a_copy_may_be_the_first()
    {
        var store = new MemoryImportStore(new Books(Books.Post));
        var desk = new ClerkDesk(new Willing(), store);
        await Days.Tell(store, "GPC", "0: 100");
        await Days.Tell(store, "camt.053", "0: 30+ 70+");
        await Days.Tell(store, "MT940", "?: 100");
        await Decide(store, random: null);

        var booked = 0;
        foreach (var entry in store.Entries.ToList())
            if (await desk.Assign(entry.Id, Client, Clerk.Eva, default) is EntryAssigned) booked += (int)entry.Entry.Amount.Major;

        Assert.Equal(100, booked);
    }

    [Fact]
    public async Task While_the_first_is_just_being_matched_its_copy_waits()
    {
        var store = new MemoryImportStore(new Books(Books.Post));
        var desk = new ClerkDesk(new Willing(), store);
        await Days.Tell(store, "GPC", "0: 100");
        await Days.Tell(store, "camt.053", "0: 30+ 70+");

        Assert.Equal(DeskRefusalReason.CounterpartBooked, Assert.IsType<DeskRefused>(await desk.Assign(2, Client, Clerk.Eva, default)).Reason);
    }

    private static string Told(int[][] day, int from, int to, bool isApart, bool isMarked)
    {
        var bookings = day[from..to].Select(booking => !isApart || booking.Length == 1
            ? $"{booking.Sum()}"
            : string.Join(' ', booking.Select((amount, at) => isMarked ? $"{amount}+{at + 1}" : $"{amount}")));
        return $"{day[..from].Sum(booking => booking.Sum())}: {string.Join(' ', bookings)}";
    }

    /// <summary>What is pending is matched by a rule, or waits.</summary>
    private static async Task Decide(MemoryImportStore store, Random? random)
    {
        foreach (var entry in store.Entries.Where(entry => entry.State == EntryState.Pending).ToList())
        {
            var isMatched = random?.Next(2) == 0;
            await store.Resolve(
                entry.Import,
                [new EntryOutcome(entry.Id, isMatched ? EntryState.Matched : EntryState.Suspense, isMatched ? Client : null, isMatched ? MatchRule.AccountSymbol : null, "no symbol", [])],
                default);
        }
    }

    /// <summary>An account that books whatever it is asked to.</summary>
    private sealed class Willing : IAccounts
    {
        public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation) => ValueTask.FromResult<AccountReply>(
            new PaymentReceipt(1, MatchRule.Clerk, [], Money.Czk(0), Flagged: null));
    }
}
