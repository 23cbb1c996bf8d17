using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>What waited for a symbol, a document or a payment is booked once that is there, and never against a person's decision.</summary>
public sealed class SuspenseLookedAtAgain() : DebtorsOfABank(7001)
{
    private static readonly VariableSymbol First = new(7001);

    [Fact]
    public async Task A_payment_that_came_before_its_client_is_booked_once_the_client_is_there()
    {
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", new VariableSymbol(8001)));
        Assert.Equal(0, await _bank.LookAgain());

        await _bank.Debtor(2, 8001);

        Assert.Equal(1, await _bank.LookAgain());
        var entry = await _bank.Entry("r1");
        Assert.Equal((EntryState.Matched, new AccountId(2), MatchRule.AccountSymbol, SuspenseReview.By), (entry.State, entry.Account, entry.Rule, entry.AssignedBy));
        Assert.Equal([0m, 499m], await _bank.Open(2));
        Assert.Equal(0, await _bank.LookAgain());
    }

    [Fact]
    public async Task A_payment_that_came_before_its_invoice_is_booked_once_the_invoice_is_issued()
    {
        var next = (await _bank.SymbolOf(1, 2)).Value + 1;
        await _bank.Import(Bank.Paid("r1", 699, "2026-02-20", new VariableSymbol(next)));
        await _bank.Ask(1, Given.Service("tv", "2026-02-01", Given.Fast, end: "2026-03-01"));
        await _bank.Ask(1, Given.Bill("2026-02-20"));

        Assert.Equal(1, await _bank.LookAgain());

        Assert.Equal([499m, 499m, 0m], await _bank.Open(1));
    }

    [Fact]
    public async Task A_payment_that_came_before_the_day_of_the_invoice_with_its_symbol_waits_for_a_person()
    {
        await _bank.Debtor(2, 8001);
        var next = new VariableSymbol((await _bank.SymbolOf(2, 2)).Value + 1);
        await _bank.Import(Bank.Paid("r1", 699, "2026-02-13", next));
        Assert.Equal(($"nobody carries symbol {next}", 0), await Waits("r1"));

        await Invoice699(2);

        Assert.Equal(0, await _bank.LookAgain());
        Assert.Equal(("nobody carried the symbol yet on the day of the payment", 1), await Waits("r1"));
        var candidate = Assert.Single((await _bank.Entry("r1")).Candidates);
        Assert.Equal((new AccountId(2), $"document {next} carries the symbol, but only since 2026-02-20"), (candidate.Account, candidate.Why));
        Assert.Equal([499m, 499m, 699m], await _bank.Open(2));
        Assert.Equal(0, await _bank.LookAgain());
    }

    [Theory]
    [InlineData("2026-02-19", false)]
    [InlineData("2026-02-20", true)]
    public async Task An_old_file_that_comes_after_the_invoice_books_what_was_paid_from_its_day_on(string paidOn, bool isBooked)
    {
        var next = new VariableSymbol((await _bank.SymbolOf(1, 2)).Value + 1);
        await Invoice699(1);

        await _bank.Import(Bank.Paid("r1", 699, paidOn, next));

        Assert.Equal([499m, 499m, isBooked ? 0m : 699m], await _bank.Open(1));
        if (!isBooked) Assert.Equal(("nobody carried the symbol yet on the day of the payment", 1), await Waits("r1"));
    }

    [Theory]
    [InlineData("2026-02-19", false)]
    [InlineData("2026-02-20", true)]
    public async Task A_symbol_that_a_client_was_given_after_the_payment_proposes_the_client_and_books_nothing(string paidOn, bool isBooked)
    {
        await _bank.Import(Bank.Paid("r1", 100, paidOn, new VariableSymbol(8001)));
        await _bank.Ask(2, Given.Client());
        await _bank.Ask(2, Given.Client(symbol: 8001));
        await _bank.Import(Bank.Paid("r2", 100, paidOn, new VariableSymbol(8001)));

        Assert.Equal(isBooked ? 1 : 0, await _bank.LookAgain());

        Assert.Equal(isBooked ? 200m : 0m, await _bank.Credit(2));
        foreach (var reference in new[] { "r1", "r2" })
        {
            if (isBooked) continue;
            Assert.Equal(("nobody carried the symbol yet on the day of the payment", 1), await Waits(reference));
            Assert.Equal("the symbol is the account's own, but only since 2026-02-20", (await _bank.Entry(reference)).Candidates[0].Why);
        }
    }

    [Fact]
    public async Task A_client_who_is_entered_with_a_symbol_had_it_before()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-01-05", new VariableSymbol(8001)));
        await _bank.Ask(2, Given.Client(symbol: 8001));
        await _bank.Import(Bank.Paid("r2", 100, "2026-01-06", new VariableSymbol(8001)));

        Assert.Equal(1, await _bank.LookAgain());

        Assert.Equal(200m, await _bank.Credit(2));
    }

    [Fact]
    public async Task A_symbol_that_a_client_has_had_for_long_names_them_whatever_else_was_changed_since()
    {
        await _bank.Ask(1, Given.Client(symbol: 7001) with { Profile = Given.Client(symbol: 7001).Profile with { Name = "Jana Nová" } });

        await _bank.Import(Bank.Paid("r1", 100, "2026-01-05", First));

        Assert.Equal((EntryState.Matched, MatchRule.AccountSymbol), ((await _bank.Entry("r1")).State, (await _bank.Entry("r1")).Rule));
    }

    [Fact]
    public async Task A_number_in_the_message_that_is_an_invoice_s_only_since_proposes_the_client_and_books_nothing()
    {
        var next = (await _bank.SymbolOf(1, 2)).Value + 1;
        await Invoice699(1);

        await _bank.Import(Bank.Paid("r1", 699, "2026-02-13", message: $"faktura {next}"), Bank.Paid("r2", 1, "2026-02-20", message: $"faktura {next}"));

        Assert.Equal(("nobody carried the number in the message yet on the day of the payment", 1), await Waits("r1"));
        Assert.Equal(EntryState.Matched, (await _bank.Entry("r2")).State);
    }

    [Fact]
    public async Task A_client_who_carried_the_symbol_then_is_named_whoever_else_was_given_it_since()
    {
        await _bank.Ask(2, Given.Client());
        await _bank.Ask(2, Given.Client(symbol: 7001));

        await _bank.Import(Bank.Paid("r1", 100, "2026-02-19", First), Bank.Paid("r2", 100, "2026-02-20", First));

        Assert.Equal(new AccountId(1), (await _bank.Entry("r1")).Account);
        Assert.Equal(("several accounts carry this symbol", 2), await Waits("r2"));
    }

    [Fact]
    public async Task A_payer_who_became_known_by_an_earlier_day_s_payment_is_booked()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-20", payer: "1/0100"));
        await _bank.Import(Bank.Paid("r2", 100, "2026-02-19", First, payer: "1/0100"));

        Assert.Equal(1, await _bank.LookAgain());

        Assert.Equal((EntryState.Matched, MatchRule.KnownPayer), ((await _bank.Entry("r1")).State, (await _bank.Entry("r1")).Rule));
    }

    [Fact]
    public async Task What_is_booked_when_suspense_is_looked_at_again_proposes_its_payer_and_leads_to_no_further_booking()
    {
        await _bank.Import(
            Bank.Paid("r1", 499, "2026-02-18", new VariableSymbol(8001), payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-19", payer: "1/0100"),
            Bank.Paid("r3", 100, "2026-02-20", new VariableSymbol(9), payer: "1/0100"));
        await _bank.Debtor(2, 8001);

        Assert.Equal(1, await _bank.LookAgain());
        Assert.Equal(0, await _bank.LookAgain());

        Assert.Equal(new AccountId(2), (await _bank.Entry("r1")).Account);
        Assert.Equal(("no symbol, and the payer is not known", 1), await Waits("r2"));
        Assert.Equal(("nobody carries symbol 9", 1), await Waits("r3"));
        Assert.Equal((new AccountId(2), MatchRule.KnownPayer), ((await _bank.Entry("r2")).Candidates[0].Account, (await _bank.Entry("r2")).Candidates[0].Rule));
    }

    [Fact]
    public async Task A_storno_whose_payment_was_assigned_takes_it_back()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-19", payer: "1/0100"));
        await _bank.Import(Bank.TakenBack("r2", 100, "2026-02-20", payer: "1/0100"));
        await _bank.Desk.Assign((await _bank.Entry("r1")).Id, new AccountId(1), Clerk.Eva, default);

        Assert.Equal(1, await _bank.LookAgain());

        Assert.Equal([499m, 499m], await _bank.Open(1));
        Assert.Equal(EntryState.Matched, (await _bank.Entry("r2")).State);
    }

    [Fact]
    public async Task What_a_clerk_took_off_is_not_booked_again_behind_their_back()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-19", First));
        await _bank.Desk.Unassign((await _bank.Entry("r1")).Id, Clerk.Eva, "another client's", default);

        Assert.Equal(0, await _bank.LookAgain());
        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r1")).State);
    }

    [Fact]
    public async Task What_a_clerk_took_off_no_longer_offers_a_payer_whose_payment_was_taken_off_too()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-18", First, payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-19", payer: "1/0100"));
        await _bank.Desk.Unassign((await _bank.Entry("r2")).Id, Clerk.Eva, "another client's", default);
        Assert.Equal(new AccountId(1), Assert.Single((await _bank.Entry("r2")).Candidates).Account);

        await _bank.Desk.Unassign((await _bank.Entry("r1")).Id, Clerk.Eva, "another client's", default);
        Assert.Equal(0, await _bank.LookAgain());

        Assert.Equal(("taken off by eva: another client's", 0), await Waits("r2"));
    }

    [Fact]
    public async Task What_a_clerk_took_off_offers_who_owes_now_and_not_whose_invoice_was_paid_since()
    {
        await _bank.Debtor(2, 7001);
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", First));
        var entry = (await _bank.Entry("r1")).Id;
        await _bank.Desk.Assign(entry, new AccountId(1), Clerk.Eva, default);
        await _bank.Desk.Unassign(entry, Clerk.Eva, "another client's", default);
        Assert.Equal([1L, 2], (await _bank.Entry("r1")).Candidates.Select(candidate => candidate.Account.Value));
        await _bank.Import(Bank.Paid("r2", 998, "2026-02-21", await _bank.SymbolOf(1, 1)));
        await _bank.LookAgain();

        Assert.Equal([2L, 1], (await _bank.Entry("r1")).Candidates.Select(candidate => candidate.Account.Value));
        Assert.Equal("taken off by eva: another client's", (await _bank.Entry("r1")).Reason);
    }

    [Fact]
    public async Task What_a_clerk_took_off_offers_a_client_who_is_entered_since()
    {
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", new VariableSymbol(8001)));
        var entry = (await _bank.Entry("r1")).Id;
        await _bank.Desk.Assign(entry, new AccountId(1), Clerk.Eva, default);
        await _bank.Desk.Unassign(entry, Clerk.Eva, "another client's", default);
        await _bank.Debtor(2, 8001);

        Assert.Equal(0, await _bank.LookAgain());

        Assert.Equal(new AccountId(2), Assert.Single((await _bank.Entry("r1")).Candidates).Account);
    }

    [Fact]
    public async Task What_an_account_refuses_is_asked_once_and_then_waits_for_a_person()
    {
        await _bank.Import(Bank.Paid("r1", 20, "2026-02-20", new VariableSymbol(8001)) with { Amount = Money.Eur(20) });
        await _bank.Debtor(2, 8001);

        Assert.Equal(0, await _bank.LookAgain());

        var entry = await _bank.Entry("r1");
        Assert.Equal(EntryState.Suspense, entry.State);
        Assert.Contains("the payment is in EUR", entry.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await _bank.LookAgain());
    }

    [Fact]
    public async Task What_is_still_ambiguous_stays()
    {
        await _bank.Debtor(2, 8001);
        await _bank.Debtor(3, 8001);
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", new VariableSymbol(8001)));

        Assert.Equal(0, await _bank.LookAgain());
        Assert.Null((await _bank.Entry("r1")).AssignedBy);
    }

    private async Task Invoice699(int account)
    {
        await _bank.Ask(account, Given.Service("tv", "2026-02-01", Given.Fast, end: "2026-03-01"));
        await _bank.Ask(account, Given.Bill("2026-02-20"));
    }

    private async Task<(string? Why, int Candidates)> Waits(string reference)
    {
        var entry = await _bank.Entry(reference);
        Assert.Equal(EntryState.Suspense, entry.State);
        return (entry.Reason, entry.Candidates.Count);
    }
}
