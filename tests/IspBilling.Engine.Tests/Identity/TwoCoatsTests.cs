using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Storage;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>One day in two coats, each of which leaves out symbols or payers that the other tells, in an order of its own.</summary>
public sealed class TwoCoatsTests
{
    private static readonly string[] Payers = ["2306693064/0800", "1234567899/0800", "2000145399/0300"];

    [Theory]
    [InlineData("801P 701P", "701P -P")]
    [InlineData("801P 701P", "-P 801P")]
    [InlineData("801P 701P", "- 801P")]
    [InlineData("801P 701P", "701 801")]
    [InlineData("701P -P", "801P 701P")]
    [InlineData("-P 801P", "801P 701P")]
    [InlineData("801P 701Q", "-Q -P")]
    [InlineData("-P 801P", "-P 801")] // the place in the chain of balances would part them wrongly
    [InlineData("801P -P", "801 801P -P")] // more than there is: the third is not known
    [InlineData("801P 701Q 601", "-Q 601 -P")]
    public async Task What_agrees_in_more_is_paired_first_and_nobody_is_left_with_a_stranger(string first, string second)
    {
        var store = new MemoryImportStore(new Books(Books.Post));
        await Tell(store, "GPC", Read(first));
        var known = (await Tell(store, "camt.053", Read(second))).Counts.AlreadyKnown;

        Assert.Equal(Math.Min(first.Split(' ').Length, second.Split(' ').Length), known);
    }

    [Fact]
    public async Task Given_any_day_in_two_coats_that_leave_out_whatever_they_like_then_every_entry_is_known()
    {
        var wrong = new List<string>();
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var day = Enumerable.Range(0, random.Next(1, 9)).Select(_ => (Symbol: (long?)random.Next(1, 4), Payer: (string?)Payers[random.Next(3)])).ToArray();
            var coats = Enumerable.Range(0, 2).Select(_ => day.Select(entry => (random.Next(3) == 0 ? null : entry.Symbol, random.Next(3) == 0 ? null : entry.Payer)).ToArray()).ToArray();
            random.Shuffle(coats[1]);
            var store = new MemoryImportStore(new Books(Books.Post));
            await Tell(store, "GPC", coats[0]);
            var counts = (await Tell(store, "camt.053", coats[1])).Counts;
            if (counts.AlreadyKnown != day.Length) wrong.Add($"day {seed}: {counts.AlreadyKnown} of {day.Length} known, {Shown(coats[0])} | {Shown(coats[1])}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong\n{string.Join('\n', wrong.Take(20))}");
    }

    private static string Shown(IEnumerable<(long? Symbol, string? Payer)> coat) => string.Join(' ', coat.Select(entry => $"{entry.Symbol?.ToString(CultureInfo.InvariantCulture) ?? "-"}/{entry.Payer ?? "-"}"));

    /// <summary>Each a symbol, or - for none, and the payer's letter where there is one.</summary>
    private static (long?, string?)[] Read(string coat) => [.. coat.Split(' ').Select(entry => (
        entry.TrimEnd('P', 'Q') is not "-" and var symbol ? long.Parse(symbol, CultureInfo.InvariantCulture) : (long?)null,
        entry[^1] switch { 'P' => Payers[0], 'Q' => Payers[1], _ => null }))];

    /// <summary>Payments of 499.00 each, from a balance of 0.</summary>
    private static async Task<StatementImport> Tell(MemoryImportStore store, string format, IReadOnlyList<(long? Symbol, string? Payer)> entries)
    {
        var (day, balance) = (Given.Day("2026-02-20"), Money.Czk(0));
        List<StatementItem> items = [new StatementOpened("19-2000145399/0800", Currency.Czk, null, balance, day.AddDays(-1))];
        foreach (var (symbol, payer) in entries)
        {
            items.Add(new StatementEntryRead(new StatementEntry(
                "19-2000145399/0800", null, Money.Czk(499), EntryDirection.Credit, IsReversal: false, day, day, payer, null, symbol is { } value ? new VariableSymbol(value) : null, null,
                null, null, null, "record 1"))
            { Facts = EntryFacts.None with { BalanceBefore = balance } });
            balance += Money.Czk(499);
        }

        items.Add(new StatementClosed("19-2000145399/0800", balance, day) { Balance = BalanceVerdict.Proven, Entries = entries.Count });
        var import = new StatementImport(
            new ImportId(Guid.NewGuid()), "told", format, Actor.System("clerk"), DateTimeOffset.UnixEpoch, null, ImportStatus.Reading, ImportCounts.None, [], null);
        return await store.Stage(import, Items(items), CancellationToken.None);
    }

    private static async IAsyncEnumerable<StatementItem> Items(IEnumerable<StatementItem> items)
    {
        await Task.Yield();
        foreach (var item in items) yield return item;
    }
}
