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
    public async Task A_payer_who_became_known_by_an_earlier_day_s_payment_is_booked()
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-20", payer: "1/0100"));
        await _bank.Import(Bank.Paid("r2", 100, "2026-02-19", First, payer: "1/0100"));

        Assert.Equal(1, await _bank.LookAgain());

        Assert.Equal((EntryState.Matched, MatchRule.KnownPayer), ((await _bank.Entry("r1")).State, (await _bank.Entry("r1")).Rule));
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
}
