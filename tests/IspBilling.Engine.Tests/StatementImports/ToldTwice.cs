using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>What a second statement tells of money that is known, from its bytes to the accounts and the clerk's desk.</summary>
public sealed class ToldTwice() : DebtorsOfABank(7001, 7002)
{
    private const string Own = "2000145399/0800";
    private static readonly VariableSymbol First = new(7001), Second = new(7002);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_without_a_reference_and_its_payments_are_never_both_booked(bool asEntriesOfTheirOwn)
    {
        await Tell("whole", Entry("w", 100));
        await Tell("apart", Part("p1", 30, 1, First, asEntriesOfTheirOwn), Part("p2", 70, 2, Second, asEntriesOfTheirOwn));
        var whole = await _bank.Entry("w");
        Assert.Equal((EntryState.Suspense, EntryHold.Batch, true), (whole.State, whole.Hold, whole.IsInDoubt));
        Assert.Equal([1L, 2], whole.Candidates.Select(candidate => candidate.Account.Value).Order());
        Assert.Contains("VS 7001", whole.OtherTexts, StringComparison.Ordinal);
        Assert.StartsWith("one booking of several payments", whole.Reason, StringComparison.Ordinal);

        foreach (var reference in (string[])["p1", "p2"])
        {
            var part = await _bank.Entry(reference);
            Assert.Equal((EntryState.Suspense, true), (part.State, part.IsDoubtful));
            Assert.Equal([whole.Id], part.MayBe);
            Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(part.Id, new AccountId(1), Clerk.Eva, default));
        }

        Assert.Equal(DeskRefusalReason.CounterpartBooked, Assert.IsType<DeskRefused>(await _bank.Desk.Assign(whole.Id, new AccountId(1), Clerk.Eva, default)).Reason);
        Assert.Equal([399m, 499m], await _bank.Open(1));
        // The whole waits, and is no money beside its payments.
        Assert.Empty(await _bank.Findings());

        foreach (var reference in (string[])["p1", "p2"])
        {
            await _bank.Desk.Unassign((await _bank.Entry(reference)).Id, Clerk.Eva, "the whole is right", default);
            await _bank.Desk.Close((await _bank.Entry(reference)).Id, Clerk.Eva, "told whole", default);
        }

        Assert.False((await _bank.Entry("w")).IsInDoubt);
        Assert.IsType<EntryAssigned>(await _bank.Desk.Split(
            whole.Id, [new EntryShare(new AccountId(1), Money.Czk(30)), new EntryShare(new AccountId(2), Money.Czk(70))], Clerk.Eva, default));
        Assert.Equal([469m, 499m], await _bank.Open(1));
    }

    [Fact]
    public async Task Two_clerks_who_assign_both_sides_at_once_book_one()
    {
        await Tell("whole", Entry("w", 100));
        await Tell("apart", Part("p1", 30, 1, First), Part("p2", 70, 2, Second));
        var (whole, part) = ((await _bank.Entry("w")).Id, (await _bank.Entry("p2")).Id);

        var replies = await Task.WhenAll(_bank.Desk.Assign(whole, new AccountId(1), Clerk.Eva, default), _bank.Desk.Assign(part, new AccountId(2), Clerk.Eva, default));

        Assert.Single(replies, reply => reply is EntryAssigned);
        Assert.Single(replies, reply => reply is DeskRefused { Reason: DeskRefusalReason.CounterpartBooked or DeskRefusalReason.UnderWay });
        Assert.Single([await _bank.Entry("w"), await _bank.Entry("p2")], entry => entry.State == EntryState.Matched);
    }

    [Fact]
    public async Task Payments_of_a_batch_that_is_known_by_its_reference_rank_it_as_soon_as_they_are_told()
    {
        await Tell("whole", Entry("B1", 100));
        Assert.Equal("no symbol, and the payer is not known", (await _bank.Entry("B1")).Reason);

        var import = await Tell("apart", Part(null, 30, 1, First, parent: "B1"), Part(null, 70, 2, Second, parent: "B1"));

        Assert.Equal((2, 0), (import.Counts.AlreadyKnown, import.Counts.Suspense));
        var whole = await _bank.Entry("B1");
        Assert.Equal((EntryHold.Batch, "one booking of several payments, and nobody tells which"), (whole.Hold, whole.Reason));
        Assert.Equal([1L, 2], whole.Candidates.Select(candidate => candidate.Account.Value).Order());
    }

    [Fact]
    public async Task Payments_that_name_another_client_than_the_one_the_batch_is_booked_on_are_told()
    {
        await Tell("whole", Entry("B1", 100));
        await _bank.Desk.Assign((await _bank.Entry("B1")).Id, new AccountId(1), Clerk.Eva, default);

        var import = await Tell("apart", Part(null, 30, 1, First, parent: "B1"), Part(null, 70, 2, Second, parent: "B1"));

        var whole = await _bank.Entry("B1");
        Assert.Equal(EntryState.Matched, whole.State);
        Assert.Contains("names account 2 (the symbol is the account's own), which it is not booked on", whole.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("account 1", whole.Reason, StringComparison.Ordinal);
        Assert.StartsWith($"entry {whole.Id}: another statement told later whose it is", import.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payments_that_name_whom_the_batch_is_booked_on_are_no_news()
    {
        await Tell("whole", Entry("B1", 100));
        await _bank.Desk.Split(
            (await _bank.Entry("B1")).Id, [new EntryShare(new AccountId(1), Money.Czk(30)), new EntryShare(new AccountId(2), Money.Czk(70))], Clerk.Eva, default);

        var import = await Tell("apart", Part(null, 30, 1, First, parent: "B1"), Part(null, 70, 2, Second, parent: "B1"));

        Assert.Null((await _bank.Entry("B1")).Reason);
        Assert.Empty(import.Warnings);
    }

    [Fact]
    public async Task A_symbol_that_only_the_second_coat_has_is_shown_and_names_the_client()
    {
        await Tell("camt", Entry("r1", 100));
        Assert.Empty((await _bank.Entry("r1")).Candidates);

        Assert.Equal(1, (await Tell("GPC", Entry(null, 100, First))).Counts.AlreadyKnown);

        var entry = await _bank.Entry("r1");
        Assert.Equal("another statement tells, VS 7001", entry.OtherTexts);
        Assert.Equal(new AccountId(1), Assert.Single(entry.Candidates).Account);
        Assert.Equal(1, await _bank.LookAgain());
        Assert.Equal(MatchRule.NumberInMessage, (await _bank.Entry("r1")).Rule);
        Assert.Equal(0, (await Tell("GPC", Entry(null, 100, First))).Counts.Suspense);
        Assert.Equal("another statement tells, VS 7001", (await _bank.Entry("r1")).OtherTexts);
    }

    [Fact]
    public async Task A_symbol_of_another_client_than_the_one_it_was_booked_on_is_told()
    {
        await _bank.Import(Bank.Paid("r0", 10, "2026-02-18", First, payer: "1/0100"));
        await Tell("camt", Entry("r1", 100) is var read ? read with { Entry = read.Entry with { CounterAccount = "1/0100" } } : null!);
        Assert.Equal((EntryState.Matched, MatchRule.KnownPayer), ((await _bank.Entry("r1")).State, (await _bank.Entry("r1")).Rule));

        var import = await Tell("GPC", Entry(null, 100, Second));

        Assert.Contains("names account 2", (await _bank.Entry("r1")).Reason, StringComparison.Ordinal);
        Assert.Contains(import.Warnings, warning => warning.Contains("names account 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_told_apart_is_booked_by_the_rules()
    {
        await _bank.ImportItems(Entry("r1", 100));
        await _bank.ImportItems(Entry(null, 100, First));
        var first = await _bank.Entry("r1");
        var copy = Assert.Single(first.MayBe);
        Assert.Equal(0, await _bank.LookAgain());

        Assert.Equal(new EntryToldApart(EntryState.Suspense), await _bank.Desk.TellApart(copy, [first.Id], Clerk.Eva, "two payments", default));

        Assert.Equal("told apart by eva: two payments", (await _bank.Entry(copy)).Reason);
        Assert.Equal(1, await _bank.LookAgain());
        Assert.Equal((EntryState.Matched, new AccountId(1)), ((await _bank.Entry(copy)).State, (await _bank.Entry(copy)).Account));
        Assert.Equal((EntryState.Suspense, false), ((await _bank.Entry("r1")).State, (await _bank.Entry("r1")).IsInDoubt));
    }

    /// <summary>Else one payment of a booking would be its money, and another would not.</summary>
    [Fact]
    public async Task A_booking_is_told_apart_from_all_of_its_payments_at_once_or_from_none()
    {
        await Tell("whole", Entry("w", 100));
        await Tell("apart", Part("p1", 30, 1, First), Part("p2", 70, 2, Second));
        var (whole, one, two) = ((await _bank.Entry("w")).Id, (await _bank.Entry("p1")).Id, (await _bank.Entry("p2")).Id);

        foreach (var (entry, from) in new[] { (whole, new[] { one }), (one, [whole]), (two, [whole]) })
        {
            var refused = Assert.IsType<DeskRefused>(await _bank.Desk.TellApart(entry, from, Clerk.Eva, "no", default));
            Assert.Equal((DeskRefusalReason.PartsBelongTogether, $"entry {whole} over 100.00 CZK is what entries {one}, {two} are together: tell entry {whole} apart from all of them at once"), (refused.Reason, refused.Detail));
        }

        Assert.Equal(new EntryToldApart(EntryState.Suspense), await _bank.Desk.TellApart(whole, [two, one], Clerk.Eva, "two days' work", default));
        Assert.False((await _bank.Entry("w")).IsInDoubt);
    }

    /// <summary>From a balance of 1000.00, on 2026-02-20.</summary>
    private Task<StatementImport> Tell(string number, params StatementEntryRead[] entries)
    {
        var (day, balance) = (Given.Day("2026-02-20"), Money.Czk(1000));
        List<StatementItem> items = [new StatementOpened(Own, Currency.Czk, number, balance, day.AddDays(-1))];
        foreach (var read in entries)
        {
            items.Add(read with { Facts = read.Facts with { BalanceBefore = balance } });
            balance += read.Entry.Amount;
        }

        items.Add(new StatementClosed(Own, balance, day) { Balance = BalanceVerdict.Proven, Entries = entries.Length });
        return _bank.ImportItems([.. items]);
    }

    private static StatementEntryRead Entry(string? reference, decimal amount, VariableSymbol? symbol = null) =>
        new(Bank.Paid("", amount, "2026-02-20", symbol) with { EntryReference = reference });

    private static StatementEntryRead Part(string? reference, decimal amount, int ordinal, VariableSymbol symbol, bool isEntry = false, string? parent = null) => Entry(reference, amount, symbol) with
    {
        Facts = EntryFacts.None with { Batch = isEntry ? null : new BatchPart(parent, 2, ordinal) },
    };
}
