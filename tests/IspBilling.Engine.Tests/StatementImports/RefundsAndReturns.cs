using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>Money that goes out and comes back, from the bank's file to the account and through the clerk's hands.</summary>
public sealed class RefundsAndReturns() : DebtorsOfABank(7001, 7002)
{
    private static readonly VariableSymbol First = new(7001), Second = new(7002);

    [Fact]
    public async Task An_outgoing_payment_to_a_known_payer_with_their_symbol_refunds_credit()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First, payer: "1/0100"));

        await _bank.Import(Bank.PaidOut("r2", 202, "2026-02-20", First, payer: "1/0100"));

        Assert.Equal((EntryState.Matched, MatchRule.AccountSymbol), await Ended("r2"));
        Assert.Equal((0m, 0m), (await _bank.Credit(1), (await _bank.State(1)).Balance.Major));
        await _bank.Ask(1, Given.Service("tv", "2026-02-01", Given.Fast, end: "2026-03-01"));
        await _bank.Ask(1, Given.Bill("2026-02-20"));
        Assert.Equal([0m, 0m, 699m], await _bank.Open(1));
    }

    [Fact]
    public async Task An_outgoing_payment_of_exactly_the_credit_to_a_known_payer_is_a_refund_without_a_symbol()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First, payer: "1/0100"));

        await _bank.Import([Bank.PaidOut("r2", 200, "2026-02-20", payer: "1/0100"), Bank.PaidOut("r3", 202, "2026-02-20", payer: "1/0100")]);

        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r2")).State);
        Assert.Equal((EntryState.Matched, MatchRule.KnownPayer), await Ended("r3"));
    }

    [Fact]
    public async Task An_outgoing_payment_that_only_looks_like_a_client_s_waits_while_there_is_credit_and_else_is_no_client_s()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First, payer: "1/0100"));

        await _bank.Import([Bank.PaidOut("r2", 100, "2026-02-20", First, payer: "99/0300"), Bank.PaidOut("r3", 100, "2026-02-20", Second, payer: "99/0300")]);

        var entry = await _bank.Entry("r2");
        Assert.Equal((EntryState.Suspense, new AccountId(1)), (entry.State, entry.Candidates.Single().Account));
        Assert.Equal(EntryState.Rejected, (await _bank.Entry("r3")).State);
    }

    [Fact]
    public async Task A_refund_of_more_than_the_credit_waits_with_the_reason()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First, payer: "1/0100"));

        await _bank.Import(Bank.PaidOut("r2", 500, "2026-02-20", First, payer: "1/0100"));

        var entry = await _bank.Entry("r2");
        Assert.Equal((EntryState.Suspense, "a refund of 500.00 CZK, and the account has credit of 202.00 CZK"), (entry.State, entry.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refund_that_comes_back_is_credit_again(bool inOneFile)
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First, payer: "1/0100"));
        var (refund, back) = (Bank.PaidOut("r2", 202, "2026-02-20", First, payer: "1/0100"), Bank.Paid("r3", 202, "2026-02-21", First, payer: "1/0100") with { IsReversal = true });

        if (inOneFile)
        {
            await _bank.Import(refund, back);
        }
        else
        {
            await _bank.Import(refund);
            await _bank.Import(back);
        }

        Assert.Equal(EntryState.Matched, (await _bank.Entry("r3")).State);
        Assert.Equal(202m, await _bank.Credit(1));
    }

    [Fact]
    public async Task A_clerk_assigns_a_refund_and_takes_it_off_again()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First));
        await _bank.Import(Bank.PaidOut("r2", 202, "2026-02-20", First, payer: "99/0300"));
        var entry = await _bank.Entry("r2");

        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Clerk.Eva, default));
        Assert.Equal(0m, await _bank.Credit(1));
        Assert.IsType<EntryUnassigned>(await _bank.Desk.Unassign(entry.Id, Clerk.Eva, "another client's", default));
        Assert.Equal(202m, await _bank.Credit(1));
    }

    [Fact]
    public async Task An_outgoing_payment_that_was_taken_for_a_supplier_s_is_opened_again_and_assigned()
    {
        await _bank.Import(Bank.PaidOut("r1", 202, "2026-02-20", First, payer: "99/0300"));
        await _bank.Import(Bank.Paid("r2", 1200, "2026-02-21", First));
        var entry = await _bank.Entry("r1");
        Assert.Equal(EntryState.Rejected, entry.State);

        Assert.IsType<EntryUnassigned>(await _bank.Desk.Reopen(entry.Id, Clerk.Eva, "a refund", default));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Clerk.Eva, default));

        Assert.Equal(0m, await _bank.Credit(1));
    }

    [Fact]
    public async Task A_return_with_the_bank_s_fee_waits_with_the_payment_as_candidate_and_is_booked_without_the_fee()
    {
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-18", First, payer: "1/0100"));
        await _bank.Import(Bank.TakenBack("r2", 559, "2026-02-20", First, payer: "1/0100"));
        var entry = await _bank.Entry("r2");
        Assert.Equal(EntryState.Suspense, entry.State);
        Assert.Equal("payment 1 of 2026-02-18 over 499.00 CZK has this symbol and sender", entry.Candidates.Single().Why);

        Assert.Equal(DeskRefusalReason.SumDiffers, Reason(await Return(entry, 499, fee: null)));
        Assert.IsType<EntryAssigned>(await Return(entry, 499, fee: 60));

        Assert.Equal([499m, 499m], await _bank.Open(1));
        entry = await _bank.Entry("r2");
        Assert.Equal((EntryState.Matched, Money.Czk(60), "account closed"), (entry.State, entry.Fee, entry.Reason));
        Assert.IsType<EntryUnassigned>(await _bank.Desk.Unassign(entry.Id, Clerk.Eva, "wrong", default));
        Assert.Equal([0m, 499m], await _bank.Open(1));
        Assert.Null((await _bank.Entry("r2")).Fee);
    }

    [Fact]
    public async Task One_return_takes_back_several_payments_of_several_clients_and_a_part_of_one()
    {
        await _bank.Import(
            Bank.Paid("r1", 300, "2026-02-18", First, payer: "1/0100"), Bank.Paid("r2", 200, "2026-02-18", First, payer: "1/0100"),
            Bank.Paid("r3", 499, "2026-02-18", Second, payer: "1/0100"));
        await _bank.Import(Bank.TakenBack("r4", 700, "2026-02-20", payer: "1/0100"));
        var entry = await _bank.Entry("r4");
        Assert.Equal([1L, 2], entry.Candidates.Select(candidate => candidate.Account.Value).Order());

        var reply = await _bank.Desk.Return(
            entry.Id,
            [
                new ReturnShare(new AccountId(1), 1, Money.Czk(300)), new ReturnShare(new AccountId(1), 2, Money.Czk(200)),
                new ReturnShare(new AccountId(2), 1, Money.Czk(200)),
            ],
            fee: null, Clerk.Eva, "account closed", default);

        Assert.IsType<EntryAssigned>(reply);
        Assert.Equal([499m, 499m], await _bank.Open(1));
        Assert.Equal([200m, 499m], await _bank.Open(2));
    }

    [Fact]
    public async Task A_reversal_ranks_by_amount_symbol_and_sender_and_never_proposes_a_larger_payment_by_its_sender_alone()
    {
        await _bank.Import(
            Bank.Paid("r1", 499, "2026-02-18", First, payer: "1/0100"), Bank.Paid("r2", 10, "2026-02-18", Second, payer: "1/0100"), Bank.Paid("r3", 5, "2026-02-18", Second, payer: "2/0100"));

        await _bank.Import(Bank.TakenBack("r4", 10, "2026-02-20", new VariableSymbol(9), payer: "1/0100"), Bank.TakenBack("r5", 11, "2026-02-20", First, payer: "1/0100"));

        var entry = await _bank.Entry("r4");
        Assert.Equal((EntryState.Suspense, "a payment of this amount agrees with this reversal in a part of what they say"), (entry.State, entry.Reason));
        Assert.Equal("payment 1 of 2026-02-18 over 10.00 CZK has this amount and sender", Assert.Single(entry.Candidates).Why);
        entry = await _bank.Entry("r5");
        Assert.Equal("no payment of this amount; it may be several, a part of one, or one with the bank's fee", entry.Reason);
        Assert.Equal([1L, 2], entry.Candidates.Select(candidate => candidate.Account.Value));
    }

    [Fact]
    public async Task Of_several_payments_that_a_reversal_may_mean_the_one_that_agrees_in_most_comes_first()
    {
        await _bank.Debtor(3, 7001);
        await _bank.Debtor(4, 7002);
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-19", payer: "3/0100"), Bank.Paid("r2", 499, "2026-02-18", payer: "1/0100"));
        foreach (var (reference, account) in ((string, int)[])[("r1", 1), ("r2", 2)])
            await _bank.Desk.Assign((await _bank.Entry(reference)).Id, new AccountId(account), Clerk.Eva, default);
        await _bank.Import(Bank.Paid("r3", 499, "2026-02-17", await _bank.SymbolOf(3, 1), payer: "1/0100"), Bank.Paid("r4", 499, "2026-02-16", await _bank.SymbolOf(4, 1), payer: "1/0100"));

        await _bank.Import(Bank.TakenBack("r5", 499, "2026-02-20", payer: "1/0100"));

        var entry = await _bank.Entry("r5");
        Assert.Equal((EntryState.Suspense, "several payments could be meant"), (entry.State, entry.Reason));
        Assert.Equal([2L, 3, 4], entry.Candidates.Select(candidate => candidate.Account.Value));
        Assert.All(entry.Candidates, candidate => Assert.EndsWith("has this amount and sender", candidate.Why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_return_that_one_account_refuses_is_undone_on_the_others()
    {
        await _bank.Import(Bank.Paid("r1", 300, "2026-02-18", First, payer: "1/0100"));
        await _bank.Import(Bank.TakenBack("r2", 500, "2026-02-20", payer: "1/0100"));
        var entry = await _bank.Entry("r2");

        var reply = await _bank.Desk.Return(
            entry.Id, [new ReturnShare(new AccountId(1), 1, Money.Czk(300)), new ReturnShare(new AccountId(2), 1, Money.Czk(200))],
            fee: null, Clerk.Eva, "account closed", default);

        Assert.Equal(DeskRefusalReason.AccountRefused, Reason(reply));
        Assert.Equal([199m, 499m], await _bank.Open(1));
        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r2")).State);
    }

    [Fact]
    public async Task A_payment_in_another_currency_is_booked_as_a_clerk_states_with_a_reason()
    {
        await _bank.Import(Bank.Paid("r1", 20, "2026-02-20", First) with { Amount = Money.Eur(20) });
        var entry = await _bank.Entry("r1");
        Assert.Equal(EntryState.Suspense, entry.State);

        Assert.Equal(DeskRefusalReason.ReasonMissing, Reason(await _bank.Desk.Assign(entry.Id, new AccountId(1), Money.Czk(499), Clerk.Eva, null, default)));
        Assert.Equal(DeskRefusalReason.CurrencyDiffers, Reason(await _bank.Desk.Assign(entry.Id, new AccountId(1), Money.Eur(19), Clerk.Eva, "rate", default)));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Money.Czk(499), Clerk.Eva, "rate of the day 24.95", default));

        Assert.Equal([0m, 499m], await _bank.Open(1));
        Assert.Equal("rate of the day 24.95", (await _bank.Entry("r1")).Reason);
        Assert.IsType<EntryUnassigned>(await _bank.Desk.Unassign(entry.Id, Clerk.Eva, "wrong rate", default));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Money.Czk(500), Clerk.Eva, "rate of the day 25.00", default));
        Assert.Equal([0m, 498m], await _bank.Open(1));
    }

    [Fact]
    public async Task A_payment_that_was_booked_in_another_currency_goes_back_whole_as_a_clerk_states()
    {
        await BookEuros(20, Money.Czk(499));
        await _bank.Import(Bank.TakenBack("r2", 21, "2026-02-21", First) with { Amount = Money.Eur(21) });
        var entry = await _bank.Entry("r2");
        Assert.Equal(EntryState.Suspense, entry.State);
        Assert.Equal("payment 1 of 2026-02-20 over 499.00 CZK, which came as 20.00 EUR, has this symbol", Assert.Single(entry.Candidates).Why);

        Assert.Equal(DeskRefusalReason.AccountRefused, Reason(await ReturnEuros(entry, 20, worth: null, fee: 1)));
        Assert.Contains("payment 1 is in CZK, the return in EUR: state what it is worth", (await _bank.Entry("r2")).Reason, StringComparison.Ordinal);
        Assert.Equal(DeskRefusalReason.AccountRefused, Reason(await ReturnEuros(entry, 20, Money.Czk(505), fee: 1)));
        Assert.IsType<EntryAssigned>(await ReturnEuros(entry, 20, Money.Czk(499), fee: 1));

        Assert.Equal([499m, 499m], await _bank.Open(1));
        Assert.Equal((EntryState.Matched, Money.Eur(1)), ((await _bank.Entry("r2")).State, (await _bank.Entry("r2")).Fee));
        Assert.IsType<EntryUnassigned>(await _bank.Desk.Unassign(entry.Id, Clerk.Eva, "wrong", default));
        Assert.Equal([0m, 499m], await _bank.Open(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_of_a_payment_in_another_currency_goes_back_as_a_clerk_states(bool asReversal)
    {
        await BookEuros(20, Money.Czk(499));
        await _bank.Import(Bank.PaidOut("r2", 5, "2026-02-21", First) with { Amount = Money.Eur(5), IsReversal = asReversal });
        var entry = await _bank.Entry("r2");
        if (!asReversal) Assert.IsType<EntryUnassigned>(await _bank.Desk.Reopen(entry.Id, Clerk.Eva, "a client's", default));

        Assert.IsType<EntryAssigned>(await ReturnEuros(entry, 5, Money.Czk(124.75m), fee: null));

        Assert.Equal([124.75m, 499m], await _bank.Open(1));
    }

    [Fact]
    public async Task An_entry_in_another_currency_is_split_as_a_clerk_states_and_a_part_of_it_goes_back()
    {
        await _bank.Import(Bank.Paid("r1", 40, "2026-02-20") with { Amount = Money.Eur(40) });
        var entry = await _bank.Entry("r1");
        EntryShare[] shares =
        [
            new EntryShare(new AccountId(1), Money.Eur(20), Money.Czk(499)), new EntryShare(new AccountId(2), Money.Eur(20), Money.Czk(499)),
        ];

        Assert.Equal(DeskRefusalReason.ReasonMissing, Reason(await _bank.Desk.Split(entry.Id, shares, Clerk.Eva, default)));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Split(entry.Id, shares, Clerk.Eva, "rate of the day 24.95", default));

        Assert.Equal(("rate of the day 24.95", 0m, 0m), ((await _bank.Entry("r1")).Reason, (await _bank.Open(1))[0], (await _bank.Open(2))[0]));
        await _bank.Import(Bank.PaidOut("r2", 20, "2026-02-21") with { Amount = Money.Eur(20), IsReversal = true });
        Assert.IsType<EntryAssigned>(await ReturnEuros(await _bank.Entry("r2"), 20, Money.Czk(499), fee: null));
        Assert.Equal((499m, 0m), ((await _bank.Open(1))[0], (await _bank.Open(2))[0]));
    }

    [Fact]
    public async Task A_refund_that_came_back_less_the_bank_s_fee_is_credit_again_whole()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First, payer: "1/0100"));
        await _bank.Import(Bank.PaidOut("r2", 202, "2026-02-20", First, payer: "1/0100"));
        await _bank.Import(Bank.Paid("r3", 142, "2026-02-21", payer: "1/0100") with { IsReversal = true });
        var entry = await _bank.Entry("r3");
        Assert.Equal(EntryState.Rejected, entry.State);
        await _bank.Desk.Reopen(entry.Id, Clerk.Eva, "the refund", default);

        Assert.Equal(DeskRefusalReason.AccountRefused, Reason(await ComesBack(142, fee: null)));
        Assert.Equal(DeskRefusalReason.SumDiffers, Reason(await ComesBack(202, fee: null)));
        Assert.IsType<EntryAssigned>(await ComesBack(202, fee: 60));
        Assert.Equal(202m, await _bank.Credit(1));
        Assert.IsType<EntryUnassigned>(await _bank.Desk.Unassign(entry.Id, Clerk.Eva, "not this one", default));
        Assert.Equal(0m, await _bank.Credit(1));

        Task<DeskReply> ComesBack(decimal amount, decimal? fee) => _bank.Desk.Return(
            entry.Id, [new ReturnShare(new AccountId(1), 2, Money.Czk(amount))], fee is { } kept ? Money.Czk(kept) : null, Clerk.Eva, "no such account", default);
    }

    [Fact]
    public async Task An_amount_that_repeats_the_entry_s_own_is_no_statement_and_another_one_is_refused_with_the_way()
    {
        await _bank.Import(Bank.Paid("r1", 600, "2026-02-20"));
        var entry = await _bank.Entry("r1");

        var refused = Assert.IsType<DeskRefused>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Money.Czk(500), Clerk.Eva, null, default));
        Assert.Equal(
            (DeskRefusalReason.CurrencyDiffers,
                "600.00 CZK is booked as it is, not as 500.00 CZK: an amount is stated only in another currency; to book a part of the entry, split it"),
            (refused.Reason, refused.Detail));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Money.Czk(600), Clerk.Eva, null, default));

        Assert.Equal([0m, 398m], await _bank.Open(1));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Clerk.Eva, default));
    }

    [Fact]
    public async Task What_waits_again_has_candidates()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-18", First, payer: "1/0100"));
        await _bank.Import(Bank.PaidOut("r2", 202, "2026-02-20", Second, payer: "1/0100"));
        var (payment, paidOut) = (await _bank.Entry("r1"), await _bank.Entry("r2"));

        await _bank.Desk.Unassign(payment.Id, Clerk.Eva, "another client's", default);
        Assert.Equal([1L], (await _bank.Entry("r1")).Candidates.Select(candidate => candidate.Account.Value));
        await _bank.Desk.Assign(payment.Id, new AccountId(1), Clerk.Eva, default);
        Assert.Equal([1L], paidOut.Candidates.Select(candidate => candidate.Account.Value));
        await _bank.Desk.Close(paidOut.Id, Clerk.Eva, "a supplier's", default);
        await _bank.Desk.Reopen(paidOut.Id, Clerk.Eva, "no", default);
        Assert.Equal([1L], (await _bank.Entry("r2")).Candidates.Select(candidate => candidate.Account.Value));
    }

    [Fact]
    public async Task What_is_no_client_s_is_closed_with_a_reason_and_can_be_opened_again()
    {
        await _bank.Import(Bank.Paid("r1", 3.21m, "2026-02-20"));
        var entry = await _bank.Entry("r1");

        Assert.IsType<EntryClosed>(await _bank.Desk.Close(entry.Id, Clerk.Eva, "interest", default));
        Assert.IsType<EntryClosed>(await _bank.Desk.Close(entry.Id, Clerk.Eva, "interest", default));
        entry = await _bank.Entry("r1");
        Assert.Equal((EntryState.Rejected, "interest", Clerk.Eva), (entry.State, entry.Reason, entry.AssignedBy));
        Assert.Equal(DeskRefusalReason.NotInSuspense, Reason(await _bank.Desk.Assign(entry.Id, new AccountId(1), Clerk.Eva, default)));

        Assert.IsType<EntryUnassigned>(await _bank.Desk.Reopen(entry.Id, Clerk.Eva, "a client's after all", default));
        Assert.Equal((EntryState.Suspense, "opened again by eva: a client's after all"), ((await _bank.Entry("r1")).State, (await _bank.Entry("r1")).Reason));
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign(entry.Id, new AccountId(1), Clerk.Eva, default));
        Assert.Equal(DeskRefusalReason.NotClosed, Reason(await _bank.Desk.Reopen(entry.Id, Clerk.Eva, "again", default)));
    }

    [Fact]
    public async Task A_storno_and_the_payment_that_nobody_claimed_are_closed_together_and_opened_together()
    {
        await _bank.Import(Bank.Paid("r1", 77, "2026-02-19", payer: "5/0100"));
        await _bank.Import(Bank.TakenBack("r2", 77, "2026-02-20", payer: "5/0100"), Bank.TakenBack("r3", 78, "2026-02-20", payer: "6/0100"));
        var (payment, storno, other) = (await _bank.Entry("r1"), await _bank.Entry("r2"), await _bank.Entry("r3"));

        Assert.Equal(DeskRefusalReason.NoPair, Reason(await _bank.Desk.CloseTogether(payment.Id, other.Id, Clerk.Eva, "cancel", default)));
        Assert.Equal(DeskRefusalReason.NoPair, Reason(await _bank.Desk.CloseTogether(payment.Id, payment.Id, Clerk.Eva, "cancel", default)));
        Assert.IsType<EntryClosed>(await _bank.Desk.CloseTogether(payment.Id, storno.Id, Clerk.Eva, "they cancel each other", default));
        Assert.IsType<EntryClosed>(await _bank.Desk.CloseTogether(payment.Id, storno.Id, Clerk.Eva, "they cancel each other", default));

        Assert.Equal((storno.Id, payment.Id), ((await _bank.Entry("r1")).ClosedWith, (await _bank.Entry("r2")).ClosedWith));
        Assert.IsType<EntryUnassigned>(await _bank.Desk.Reopen(storno.Id, Clerk.Eva, "no", default));
        Assert.Equal((EntryState.Suspense, EntryState.Suspense), ((await _bank.Entry("r1")).State, (await _bank.Entry("r2")).State));
    }

    [Fact]
    public async Task Of_a_pair_that_is_not_in_suspense_whole_nothing_is_closed()
    {
        await _bank.Import(Bank.Paid("r1", 77, "2026-02-19", First));
        await _bank.Import(Bank.TakenBack("r2", 77, "2026-02-20", payer: "6/0100"));

        var reply = await _bank.Desk.CloseTogether((await _bank.Entry("r1")).Id, (await _bank.Entry("r2")).Id, Clerk.Eva, "cancel", default);

        Assert.Equal(DeskRefusalReason.NotInSuspense, Reason(reply));
        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r2")).State);
    }

    private async Task<(EntryState, MatchRule?)> Ended(string reference) => ((await _bank.Entry(reference)).State, (await _bank.Entry(reference)).Rule);

    private async Task BookEuros(decimal euros, Money worth)
    {
        await _bank.Import(Bank.Paid("r1", euros, "2026-02-20", First) with { Amount = Money.Eur(euros) });
        Assert.IsType<EntryAssigned>(await _bank.Desk.Assign((await _bank.Entry("r1")).Id, new AccountId(1), worth, Clerk.Eva, "rate of the day 24.95", default));
    }

    private Task<DeskReply> ReturnEuros(EntryView entry, decimal amount, Money? worth, decimal? fee) => _bank.Desk.Return(
        entry.Id, [new ReturnShare(new AccountId(1), 1, Money.Eur(amount), worth)], fee is { } kept ? Money.Eur(kept) : null, Clerk.Eva, "account closed", default);

    private Task<DeskReply> Return(EntryView entry, decimal amount, decimal? fee) => _bank.Desk.Return(
        entry.Id, [new ReturnShare(new AccountId(1), 1, Money.Czk(amount))], fee is { } kept ? Money.Czk(kept) : null, Clerk.Eva, "account closed", default);

    private static DeskRefusalReason Reason(DeskReply reply) => Assert.IsType<DeskRefused>(reply).Reason;
}
