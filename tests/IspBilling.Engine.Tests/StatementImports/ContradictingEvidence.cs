using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>What does not name one open client beyond doubt is for a person, and what a person sees first is likeliest.</summary>
public sealed class ContradictingEvidence() : DebtorsOfABank(7001, 222333)
{
    private static readonly VariableSymbol First = new(7001), Second = new(222333), Year = new(2026);

    [Theory]
    [InlineData("vs222333")]
    [InlineData("platba 222333 internet")]
    public async Task A_known_payer_whose_message_names_another_client_is_for_a_person(string message)
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-18", First, payer: "1/0100"));

        await _bank.Import(Bank.Paid("r2", 100, "2026-02-20", payer: "1/0100", message: message));

        var entry = await _bank.Entry("r2");
        Assert.Equal((EntryState.Suspense, "the message names another client than the payer has paid before"), (entry.State, entry.Reason));
        Assert.Equal([new AccountId(1), new AccountId(2)], entry.Candidates.Select(candidate => candidate.Account).Order());
    }

    [Fact]
    public async Task A_symbol_that_is_nobody_s_contradicts_a_known_payer_and_what_the_message_names()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-18", First, payer: "1/0100"));

        await _bank.Import(
            Bank.Paid("r2", 100, "2026-02-20", new VariableSymbol(424_242), payer: "1/0100"),
            Bank.Paid("r3", 100, "2026-02-20", new VariableSymbol(424_242), message: "VS 7001"));

        foreach (var reference in new[] { "r2", "r3" })
        {
            Assert.Equal((EntryState.Suspense, "nobody carries symbol 424242"), await Waits(reference));
            Assert.Equal([new AccountId(1)], (await _bank.Entry(reference)).Candidates.Select(candidate => candidate.Account));
        }

        Assert.Equal(0, await _bank.LookAgain());
    }

    [Fact]
    public async Task A_constant_symbol_in_both_fields_is_no_variable_symbol()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-18", First, payer: "1/0100"));

        await _bank.Import(Bank.Paid("r2", 100, "2026-02-20", new VariableSymbol(308), payer: "1/0100") with { ConstantSymbol = "0308" });

        await EndedAs("r2", 1, MatchRule.KnownPayer);
    }

    [Fact]
    public async Task A_known_payer_and_a_message_that_agree_decide()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-18", Second, payer: "1/0100"));

        await _bank.Import(Bank.Paid("r2", 100, "2026-02-20", payer: "1/0100", message: "platba 222333"));

        await EndedAs("r2", 2, MatchRule.NumberInMessage);
    }

    [Fact]
    public async Task A_payer_of_several_clients_is_decided_by_a_message_that_names_one_of_them()
    {
        await _bank.Import([Bank.Paid("r1", 100, "2026-02-18", First, payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-18", Second, payer: "1/0100")]);

        await _bank.Import(Bank.Paid("r3", 100, "2026-02-20", payer: "1/0100", message: "VS 7001"));

        await EndedAs("r3", 1, MatchRule.NumberInMessage);
    }

    [Fact]
    public async Task A_symbol_and_a_message_that_name_different_clients_are_for_a_person()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-20", First, message: "VS: 222333"));

        var entry = await _bank.Entry("r1");
        Assert.Equal((EntryState.Suspense, "the symbol and the message name different clients"), (entry.State, entry.Reason));
    }

    [Fact]
    public async Task A_symbol_beats_a_bare_number_and_a_payer_who_paid_for_others()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-18", Second, payer: "1/0100"));

        await _bank.Import(Bank.Paid("r2", 100, "2026-02-20", First, payer: "1/0100", message: "za 222333"));

        await EndedAs("r2", 1, MatchRule.AccountSymbol);
    }

    [Theory]
    [InlineData("VS 900111", false)]
    [InlineData("variabilní symbol: 900111", false)]
    [InlineData("platba 900111", true)]
    public async Task A_symbol_and_a_message_that_labels_another_issuer_s_client_are_for_a_person(string message, bool isMatched)
    {
        await OfOtherIssuer(5, 900_111);

        await Receive(Bank.Paid("r1", 100, "2026-02-20", First, message: message));

        var entry = await _bank.Entry("r1");
        Assert.Equal(isMatched ? EntryState.Matched : EntryState.Suspense, entry.State);
        if (!isMatched) Assert.Equal(("the symbol and the message name different clients", 2), (entry.Reason, entry.Candidates.Count));
    }

    [Fact]
    public async Task A_known_payer_beside_a_labelled_symbol_of_another_issuer_s_client_is_for_a_person()
    {
        await OfOtherIssuer(5, 900_111);
        await Receive(Bank.Paid("r1", 100, "2026-02-18", First, payer: "1/0100"));

        await Receive(Bank.Paid("r2", 100, "2026-02-20", payer: "1/0100", message: "VS 900111"));
        await Receive(Bank.Paid("r3", 100, "2026-02-20", payer: "1/0100", message: "VS 7001 a V.S. 900111"));

        Assert.Equal((EntryState.Suspense, "another issuer's client is named than the payer has paid before"), await Waits("r2"));
        Assert.Equal((EntryState.Suspense, "the message names another issuer's client as well"), await Waits("r3"));
        Assert.Equal([1L, 5], (await _bank.Entry("r3")).Candidates.Select(candidate => candidate.Account.Value).Order());
    }

    [Fact]
    public async Task A_symbol_that_two_issuers_share_is_the_receiver_s_client_s_and_contradicts_nothing()
    {
        await OfOtherIssuer(5, Second.Value);
        await Receive(Bank.Paid("r1", 100, "2026-02-18", Second, payer: "1/0100"));

        await Receive(Bank.Paid("r2", 100, "2026-02-20", payer: "1/0100", message: "VS 222333"));

        await EndedAs("r2", 2, MatchRule.NumberInMessage);
    }

    [Theory]
    [InlineData("internet leden 2026", "499.00")]
    [InlineData("internet 1. 2. 2026", "499.00")]
    [InlineData("za 01.02.2026", "499.00")]
    public async Task A_year_names_nobody(string message, string amount)
    {
        await _bank.Debtor(3, Year.Value);

        await _bank.Import(Bank.Paid("r1", decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), "2026-02-20", message: message));

        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r1")).State);
    }

    [Theory]
    [InlineData("za 7001", 499, true)]
    [InlineData("za 7001", 998, true)]
    [InlineData("za 7001", 500, false)]
    public async Task A_short_number_counts_with_exactly_what_is_open(string message, int amount, bool isMatched)
    {
        await _bank.Import(Bank.Paid("r1", amount, "2026-02-20", message: message));

        Assert.Equal(isMatched ? EntryState.Matched : EntryState.Suspense, (await _bank.Entry("r1")).State);
    }

    [Fact]
    public async Task What_an_entry_before_it_in_the_file_settled_is_not_open_for_a_short_number()
    {
        // 300 of the first 499 are paid, so that 199 is what is open of it.
        await _bank.Import([Bank.Paid("r1", 300, "2026-02-20", First), Bank.Paid("r2", 199, "2026-02-20", message: "za 7001")]);
        await EndedAs("r2", 1, MatchRule.NumberInMessage);

        await _bank.Import([Bank.Paid("r3", 300, "2026-02-21", First), Bank.Paid("r4", 499, "2026-02-21", message: "za 7001")]);
        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r4")).State);
    }

    [Fact]
    public async Task A_closed_client_is_not_inferred()
    {
        await _bank.Import(Bank.Paid("r1", 998, "2026-02-18", First, payer: "1/0100"));
        await _bank.Ask(1, Given.Service("net", "2026-01-01", Given.Slow, end: "2026-02-10"));
        Assert.IsType<Done>(await _bank.Ask(1, new CloseAccount()));

        await _bank.Import(Bank.Paid("r2", 499, "2026-02-20", payer: "1/0100"));

        var entry = await _bank.Entry("r2");
        Assert.Equal((EntryState.Suspense, "the only client that this may be of is closed"), (entry.State, entry.Reason));
    }

    [Fact]
    public async Task What_the_payments_of_a_batch_tell_is_seen_with_the_batch_that_came_whole_before()
    {
        var whole = new StatementEntryRead(Bank.Paid("b1", 300, "2026-02-20")) { Facts = EntryFacts.None with { Reference = new BankReference("B1", ReferenceTrust.UntilRepeated) } };
        await _bank.ImportItems(whole);
        StatementItem[] payments =
        [
            .. new[] { (1, 100m, 7001L, "Anna"), (2, 200m, 7002L, "Berta") }.Select(paid => new StatementEntryRead(
                Bank.Paid($"p{paid.Item1}", paid.Item2, "2026-02-20", new VariableSymbol(paid.Item3), message: paid.Item4))
            {
                Facts = EntryFacts.None with { Batch = new BatchPart("B1", 2, paid.Item1) },
            }),
        ];
        Assert.Equal(2, (await _bank.ImportItems(payments)).Counts.AlreadyKnown);

        const string Told = "payment of the batch: 100.00 CZK, VS 7001, Anna\npayment of the batch: 200.00 CZK, VS 7002, Berta";
        var batch = await _bank.Entry("b1");
        Assert.Equal((EntryState.Suspense, EntryHold.Batch, Told), (batch.State, batch.Hold, batch.OtherTexts));
        await _bank.ImportItems([.. payments.Reverse()]);
        Assert.Equal(Told, (await _bank.Entry("b1")).OtherTexts);
        Assert.Equal(0, await _bank.LookAgain());
    }

    [Fact]
    public async Task Candidates_are_ranked_anew_by_what_is_open_when_a_clerk_takes_an_entry_off()
    {
        var (first, second) = (await _bank.SymbolOf(1, 1), await _bank.SymbolOf(2, 1));
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", message: $"faktury {first} a {second}"));
        var entry = await _bank.Entry("r1");
        Assert.Equal([new AccountId(1), new AccountId(2)], entry.Candidates.Select(candidate => candidate.Account));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(2), Clerk.Eva, default));
        // The first client pays everything in the meantime.
        await _bank.Import(Bank.Paid("r2", 998, "2026-02-20", new VariableSymbol(7001)));

        Assert.IsType<EntryUnassigned>(await _bank.Desk.Unassign(entry.Id, Clerk.Eva, "not hers", default));
        Assert.Equal([new AccountId(2), new AccountId(1)], (await _bank.Entry("r1")).Candidates.Select(candidate => candidate.Account));

        Assert.IsType<EntryClosed>(await _bank.Desk.Close(entry.Id, Clerk.Eva, "nobody's", default));
        await _bank.Import(Bank.Paid("r3", 998, "2026-02-20", new VariableSymbol(7002)));
        var refund = await _bank.Entry("r2");
        await _bank.Desk.Unassign(refund.Id, Clerk.Eva, "a mistake", default);
        Assert.IsType<EntryUnassigned>(await _bank.Desk.Reopen(entry.Id, Clerk.Eva, "it is", default));
        Assert.Equal([new AccountId(1), new AccountId(2)], (await _bank.Entry("r1")).Candidates.Select(candidate => candidate.Account));
    }

    [Fact]
    public async Task A_symbol_whose_digits_the_message_groups_is_found()
    {
        var symbol = (await _bank.SymbolOf(1, 1)).ToString();
        await _bank.Import(
            Bank.Paid("r1", 499, "2026-02-20", message: $"VS {symbol[..3]} {symbol[3..6]}\u00A0{symbol[6..]}"), Bank.Paid("r2", 100, "2026-02-20", message: "VS 260 999 9999"));

        await EndedAs("r1", 1, MatchRule.NumberInMessage);
        Assert.Equal((EntryState.Suspense, "nobody carries symbol 2609999999 of the message, and the payer is not known"), await Waits("r2"));
    }

    /// <summary>A month, a year, a date or an amount behind a symbol is no part of it.</summary>
    [Theory]
    [InlineData("VS 222333 2026")]
    [InlineData("VS 222333 11")]
    [InlineData("VS 222333 12/2026")]
    [InlineData("VS 222333 1.12.2026")]
    [InlineData("VS: 222333 499,-")]
    [InlineData("VS 222333 500 Kc")]
    public async Task What_is_written_behind_a_symbol_hides_nobody(string message)
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-20", message: message));

        await EndedAs("r1", 2, MatchRule.NumberInMessage);
    }

    [Theory]
    [InlineData("VS 7001 5", 100, 1)]
    [InlineData("VS 7001 5", 499, 1)]
    [InlineData("VS 70 015", 100, 4)]
    public async Task Digits_that_name_one_client_and_together_with_what_follows_another_are_for_a_person(string message, decimal amount, long first)
    {
        await _bank.Debtor(3, 70_015);
        await _bank.Debtor(4, 70);

        await _bank.Import(Bank.Paid("r1", amount, "2026-02-20", message: message));

        var entry = await _bank.Entry("r1");
        Assert.Equal(EntryState.Suspense, entry.State);
        Assert.Contains(entry.Reason, new[] { "the digits in the message name one client or, taken together, another", "the message names several clients" });
        Assert.Equal([first, 3L], entry.Candidates.Select(candidate => candidate.Account.Value).OrderBy(account => account == 3));
    }

    [Fact]
    public async Task A_symbol_of_the_bank_that_the_message_says_in_groups_is_not_contradicted_by_them()
    {
        await _bank.Debtor(3, 70_015);

        await _bank.Import(Bank.Paid("r1", 100, "2026-02-20", new VariableSymbol(70_015), message: "VS 7001 5"));

        await EndedAs("r1", 3, MatchRule.AccountSymbol);
    }

    [Fact]
    public async Task Digits_in_groups_that_nobody_calls_a_symbol_are_booked_where_the_amount_is_open_and_else_only_shown()
    {
        var symbol = (await _bank.SymbolOf(1, 1)).ToString();
        var text = $"{symbol[..3]} {symbol[3..6]} {symbol[6..]}";

        await _bank.Import(Bank.Paid("r1", 100, "2026-02-20", message: text), Bank.Paid("r2", 499, "2026-02-20", message: text));

        Assert.Equal((EntryState.Suspense, "digits in the message may be a client's symbol, and nothing else says so"), await Waits("r1"));
        Assert.Equal(new AccountId(1), Assert.Single((await _bank.Entry("r1")).Candidates).Account);
        await EndedAs("r2", 1, MatchRule.NumberInMessage);
    }

    [Fact]
    public async Task A_batch_of_several_payments_is_never_inferred()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-18", First, payer: "1/0100"));

        await _bank.ImportItems(new StatementEntryRead(Bank.Paid("r2", 100, "2026-02-20", payer: "1/0100", message: "VS 7001"))
        {
            Facts = EntryFacts.None with { Batch = new BatchPart("B1", 3, Ordinal: null) },
        });

        var entry = await _bank.Entry("r2");
        Assert.Equal((EntryState.Suspense, EntryHold.Batch), (entry.State, entry.Hold));
    }

    [Fact]
    public async Task A_symbol_in_another_text_than_the_message_counts_as_well()
    {
        await _bank.ImportItems(new StatementEntryRead(Bank.Paid("r1", 100, "2026-02-20", message: "internet"))
        {
            Facts = EntryFacts.None with { Messages = ["internet", "VS 7001"], Unused = [new UnusedText("EndToEndId", "X-1")] },
        });

        await EndedAs("r1", 1, MatchRule.NumberInMessage);
        Assert.Equal("VS 7001\nEndToEndId: X-1", (await _bank.Entry("r1")).OtherTexts);
    }

    [Fact]
    public async Task A_reversal_of_a_statement_that_does_not_add_up_waits_for_a_person()
    {
        await _bank.Import(Bank.Paid("r1", 600, "2026-02-19", First));

        await _bank.ImportItems(
            new StatementOpened("2000145399/0800", Currency.Czk, "2", Money.Czk(1000), Given.Day("2026-02-20")),
            new StatementEntryRead(Bank.TakenBack("r2", 600, "2026-02-20", First)),
            new StatementEntryRead(Bank.Paid("r3", 50, "2026-02-20", First)),
            new StatementClosed("2000145399/0800", Money.Czk(777), Given.Day("2026-02-20")) { Balance = BalanceVerdict.Contradicted },
            new StatementOpened("2000145399/0800", Currency.Czk, "3", Money.Czk(777), Given.Day("2026-02-21")),
            new StatementEntryRead(Bank.TakenBack("r4", 50, "2026-02-21", First)),
            new StatementClosed("2000145399/0800", Money.Czk(727), Given.Day("2026-02-21")) { Balance = BalanceVerdict.Proven });

        var held = await _bank.Entry("r2");
        Assert.Equal((EntryState.Suspense, EntryHold.DirectionUnproven), (held.State, held.Hold));
        Assert.Equal([new AccountId(1)], held.Candidates.Select(candidate => candidate.Account));
        Assert.Equal(EntryState.Matched, (await _bank.Entry("r3")).State);
        Assert.Equal(EntryState.Matched, (await _bank.Entry("r4")).State);
        Assert.Equal(0, await _bank.LookAgain());
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(held.Id, new AccountId(1), Clerk.Eva, default));
    }

    [Fact]
    public async Task Candidates_are_ranked_open_with_this_amount_then_with_debt_then_known_payer_then_open_then_closed()
    {
        var symbol = new VariableSymbol(900_900);
        foreach (var account in new[] { 11, 12, 13, 14 }) await _bank.Debtor(account, symbol.Value);
        await _bank.Import(Bank.Paid("r0", 998, "2026-02-10", await _bank.SymbolOf(11, 1), payer: "9/0100"));
        await _bank.Ask(11, Given.Service("net", "2026-01-01", Given.Slow, end: "2026-02-10"));
        await _bank.Ask(11, new CloseAccount());
        await _bank.Import(Bank.Paid("r1", 998, "2026-02-10", await _bank.SymbolOf(12, 1)));
        await _bank.Import(Bank.Paid("r2", 1, "2026-02-10", await _bank.SymbolOf(13, 1)));
        await _bank.Import(Bank.Paid("r3", 1, "2026-02-10", await _bank.SymbolOf(13, 2)));

        await _bank.Import(Bank.Paid("r9", 499, "2026-02-20", symbol));

        // 14 owes 499 twice, 13 owes 498 twice, 12 owes nothing, 11 is closed.
        Assert.Equal([14L, 13, 12, 11], (await _bank.Entry("r9")).Candidates.Select(candidate => candidate.Account.Value));
    }

    [Fact]
    public async Task What_looks_like_a_known_entry_has_ranked_candidates_as_any_other_in_suspense()
    {
        var symbol = new VariableSymbol(900_900);
        foreach (var account in new[] { 11, 12 }) await _bank.Debtor(account, symbol.Value);
        await _bank.Import(Bank.Paid("r1", 998, "2026-02-10", await _bank.SymbolOf(11, 1), payer: "9/0100"));
        await _bank.Import(
            Bank.Paid("", 499, "2026-02-20", First) with { EntryReference = null }, Bank.Paid("", 499, "2026-02-20", symbol) with { EntryReference = null },
            Bank.Paid("", 77, "2026-02-20", payer: "9/0100") with { EntryReference = null }, Bank.TakenBack("", 500, "2026-02-20", payer: "9/0100") with { EntryReference = null });

        await _bank.Import(
            Bank.Paid("r2", 499, "2026-02-20", First), Bank.Paid("r3", 499, "2026-02-20", symbol), Bank.Paid("r4", 77, "2026-02-20", payer: "9/0100"),
            Bank.TakenBack("r5", 500, "2026-02-20", payer: "9/0100"));

        await Looks("r2", 1);
        await Looks("r3", 12, 11);
        await Looks("r4", 11);
        await Looks("r5", 11);

        async Task Looks(string reference, params long[] accounts)
        {
            var entry = await _bank.Entry(reference);
            Assert.True(entry is { State: EntryState.Suspense, IsDoubtful: true, LooksLike: not null });
            Assert.StartsWith("looks like entry ", entry.Reason, StringComparison.Ordinal);
            Assert.Equal(accounts, entry.Candidates.Select(candidate => candidate.Account.Value));
        }
    }

    private async Task<(EntryState, string?)> Waits(string reference) => ((await _bank.Entry(reference)).State, (await _bank.Entry(reference)).Reason);

    private async Task OfOtherIssuer(int account, long symbol) => Assert.IsType<ClientCreated>(await _bank.Ask(account, Given.Client(issuer: Given.OtherIssuer, symbol: symbol)));

    /// <summary>On the first issuer's bank account.</summary>
    private Task Receive(StatementEntry entry) => _bank.ImportItems(
        new StatementOpened(entry.OwnAccount, Currency.Czk, null, null, null) { Owner = new StatementOwner(IssuerId.Default, Currency.Czk) },
        new StatementEntryRead(entry),
        new StatementClosed(entry.OwnAccount, null, null));

    private async Task EndedAs(string reference, int account, MatchRule rule)
    {
        var entry = await _bank.Entry(reference);
        Assert.Equal((EntryState.Matched, new AccountId(account), rule), (entry.State, entry.Account, entry.Rule));
    }
}
