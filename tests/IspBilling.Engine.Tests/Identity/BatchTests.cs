using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Storage;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>A booking of several payments, told whole in one file and payment by payment in another, with no reference in common.</summary>
public sealed class BatchTests
{
    private readonly MemoryImportStore _store = new(new Books(Books.Post));

    [Theory]
    [InlineData("0: 300", "0: 100 200", 2)] // the same day whole
    [InlineData("0: 300", "0: 100 200 50", 2)] // the second goes on
    [InlineData("0: 300", "-70: 70 100 200", 2)] // it begins before
    [InlineData("0: 300", "-70: 70 100 200 50", 2)] // and goes on: the balances agree at neither end
    [InlineData("0: 300 50", "0: 100 200", 2)] // the first goes on
    [InlineData("-70: 70 300", "0: 100 200", 2)]
    [InlineData("-70: 70 300 50", "0: 100 200", 2)]
    [InlineData("0: 300 -300", "0: 100 200 -300", 3)] // a balance that returns: nothing proves anything
    [InlineData("0: 100 200", "0: 300", 1)]
    [InlineData("0: 100 200", "0: 300 50", 1)]
    [InlineData("0: 100 200", "-70: 70 300", 1)]
    [InlineData("0: 100 200", "-70: 70 300 50", 1)]
    [InlineData("0: 100 200 50", "0: 300", 1)]
    [InlineData("-70: 70 100 200", "0: 300", 1)]
    [InlineData("-70: 70 100 200 50", "0: 300", 1)]
    public async Task What_one_file_tells_together_and_another_apart_waits_and_names_what_it_looks_like(string first, string second, int held)
    {
        await Tell("GPC", first);
        var batch = Doubtful.Count;
        await Tell("camt.053", second);

        Assert.Equal((0, held), (batch, Doubtful.Count));
        Assert.All(Doubtful, entry => Assert.StartsWith($"looks like entry {entry.LooksLike} ", entry.Reason!.Replace(":", " ", StringComparison.Ordinal), StringComparison.Ordinal));
        if (held < 3) Assert.Equal(held == 2 ? [100m, 200m] : [300m], Doubtful.Select(entry => entry.Entry.Amount.Major));
    }

    [Theory]
    [InlineData("0: 300", "?: 100+ 200+")]
    [InlineData("?: 300", "0: 100+ 200+ 50")]
    [InlineData("?: 100+ 200+", "?: 300")]
    public async Task Without_balances_the_payments_of_a_batch_are_known_by_their_sum(string first, string second)
    {
        await Tell("GPC", first);
        await Tell("camt.053", second);

        Assert.NotEmpty(Doubtful);
        Assert.Equal(second.Contains("50", StringComparison.Ordinal) ? 350m : 300m, Booked);
        Assert.All(Doubtful, entry => Assert.Contains("add up to it", entry.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Batches_of_one_format_with_references_of_their_own_are_different_money()
    {
        await Tell("camt.053", "?: 300#B1");
        await Tell("camt.053", "?: 100+#B2 200+#B2");

        Assert.Equal((0, 600m), (Doubtful.Count, Booked));
    }

    [Fact]
    public async Task A_day_that_goes_on_after_a_batch_was_held_books_what_is_new()
    {
        await Tell("GPC", "0: 300");
        await Tell("camt.053", "0: 100 200");
        Assert.Equal(2, Doubtful.Count);

        await Tell("camt.053", "0: 100 200 50");
        await Tell("GPC", "0: 300 50 25");

        Assert.Equal((2, 375m), (Doubtful.Count, Booked));
    }

    [Fact]
    public async Task A_batch_and_its_payments_with_a_common_reference_hold_up_nothing_else_of_the_day()
    {
        await Tell("camt.053", "0: 100+#B1 200+#B1");
        await Tell("MT940", "0: 300#B1 50 25");

        Assert.Equal((0, 375m), (Doubtful.Count, Booked));
    }

    [Fact]
    public async Task Given_any_days_told_whole_and_apart_then_no_crown_is_booked_twice_and_none_is_lost()
    {
        var (wrong, held, all) = (new List<string>(), 0, 0);
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var test = new BatchTests();
            var day = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Enumerable.Range(0, random.Next(3) == 0 ? random.Next(2, 5) : 1).Select(_ => random.Next(1, 6) * 50).ToArray()).ToArray();
            var (told, files) = (new bool[day.Length], new List<string>());
            for (var left = random.Next(2, 5); left > 0; left--)
            {
                var from = random.Next(2) == 0 ? 0 : random.Next(day.Length);
                var to = random.Next(2) == 0 ? day.Length : random.Next(from, day.Length) + 1;
                var (isApart, isMarked) = (random.Next(2) == 0, random.Next(2) == 0);
                var bookings = day[from..to].Select(booking => !isApart || booking.Length == 1
                    ? $"{booking.Sum()}"
                    : string.Join(' ', booking.Select((amount, at) => isMarked ? $"{amount}+{at + 1}" : $"{amount}")));
                files.Add($"{day[..from].Sum(booking => booking.Sum())}: {string.Join(' ', bookings)}");
                await test.Tell(isApart ? "camt.053" : "GPC", files[^1]);
                Array.Fill(told, true, from, to - from);
            }

            var atBank = day.Where((_, at) => told[at]).Sum(booking => booking.Sum());
            if (test.Booked > atBank) wrong.Add($"day {seed}: {atBank} at the bank, {test.Booked} booked of {string.Join(" | ", files)}");
            if (test.Booked + test.Doubtful.Sum(entry => entry.Entry.Amount.Major) < atBank) wrong.Add($"day {seed}: {atBank} at the bank, {test.Booked} booked, {test.Doubtful.Count} held of {string.Join(" | ", files)}");
            held += test.Doubtful.Count;
            all += test._store.Entries.Count();
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(held * 2 < all, $"{held} of {all} entries are held");
    }

    private List<EntryView> Doubtful => [.. _store.Entries.Where(entry => entry.IsDoubtful)];

    private decimal Booked => _store.Entries.Where(entry => !entry.IsDoubtful).Sum(entry => entry.Entry.Direction == EntryDirection.Credit ? entry.Entry.Amount.Major : -entry.Entry.Amount.Major);

    private Task Tell(string format, string told) => Days.Tell(_store, format, told);
}
