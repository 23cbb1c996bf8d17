using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>The worked cases of payments: what a statement file does to accounts, through everything in between.</summary>
public sealed class MatchingRules() : DebtorsOfABank(7001, 7002)
{
    private static readonly VariableSymbol Own = new(7001);

    [Fact]
    public async Task The_account_s_own_symbol_pays_the_oldest_first()
    {
        await _bank.Import(Bank.Paid("r1", 600, "2026-02-20", Own));

        Assert.Equal([0m, 398m], await _bank.Open(1));
        await EndedAs("r1", EntryState.Matched, 1, MatchRule.AccountSymbol);
    }

    [Fact]
    public async Task What_is_paid_beyond_the_debt_settles_the_next_invoice_on_issue()
    {
        await _bank.Import(Bank.Paid("r1", 1200, "2026-02-20", Own));
        Assert.Equal([0m, 0m], await _bank.Open(1));
        Assert.Equal(202m, await _bank.Credit(1));

        await _bank.Ask(1, Given.Service("tv", "2026-02-01", Given.Fast, end: "2026-03-01"));
        await _bank.Ask(1, Given.Bill("2026-02-20"));

        Assert.Equal([0m, 0m, 699m - 202m], await _bank.Open(1));
        Assert.Equal(0m, await _bank.Credit(1));
    }

    [Fact]
    public async Task A_document_s_symbol_with_its_exact_amount_settles_that_document()
    {
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", await _bank.SymbolOf(1, 2)));

        Assert.Equal([499m, 0m], await _bank.Open(1));
        await EndedAs("r1", EntryState.Matched, 1, MatchRule.ExactDocument);
    }

    [Fact]
    public async Task A_document_s_symbol_with_another_amount_begins_with_that_document()
    {
        await _bank.Import(Bank.Paid("r1", 600, "2026-02-20", await _bank.SymbolOf(1, 2)));

        Assert.Equal([398m, 0m], await _bank.Open(1));
        await EndedAs("r1", EntryState.Matched, 1, MatchRule.NamedDocument);
    }

    [Fact]
    public async Task The_same_file_again_and_the_same_entry_in_another_file_change_nothing()
    {
        StatementEntry[] today = [Bank.Paid("r1", 600, "2026-02-20", Own), Bank.Paid("r2", 100, "2026-02-20", new VariableSymbol(7002))];
        await _bank.Import(today);
        var (one, two) = (await _bank.State(1), await _bank.State(2));

        var again = await _bank.Import(today);
        var tomorrow = await _bank.Import([today[1], Bank.Paid("r3", 50, "2026-02-21", Own)]);

        Assert.Equal(new ImportCounts(2, 2, 0, 0, 0, 0), again.Counts);
        Assert.Equal(new ImportCounts(2, 1, 1, 0, 0, 50_00), tomorrow.Counts);
        Assert.Equal(two.Version, (await _bank.State(2)).Version);
        Assert.Equal(one.Balance - Money.Czk(50), (await _bank.State(1)).Balance);
    }

    [Fact]
    public async Task Equal_entries_without_a_reference_count_as_often_as_one_file_has_them()
    {
        var twice = Bank.Paid("", 10, "2026-02-20", Own) with { EntryReference = null };
        await _bank.Import([twice, twice]);
        await _bank.Import([twice, twice, twice]);

        Assert.Equal(Money.Czk(998 - 30), (await _bank.State(1)).Balance);
    }

    [Fact]
    public async Task A_payment_that_comes_back_opens_again_what_it_had_settled()
    {
        await _bank.Import(Bank.Paid("r1", 600, "2026-02-20", Own, order: "o1"));

        await _bank.Import(Bank.TakenBack("r2", 600, "2026-02-21", order: "o1"));

        Assert.Equal([499m, 499m], await _bank.Open(1));
        Assert.Equal(EntryState.Matched, (await _bank.Entry("r2")).State);
        Assert.Equal(PaymentStatus.Reversed, (await _bank.State(1)).Payments[0].Status);
    }

    [Fact]
    public async Task A_payer_who_paid_one_client_before_is_known()
    {
        await _bank.Import([Bank.Paid("r1", 100, "2026-02-19", Own, payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-20", payer: "1/0100")]);

        await EndedAs("r2", EntryState.Matched, 1, MatchRule.KnownPayer);
        Assert.Equal([299m, 499m], await _bank.Open(1));
    }

    [Fact]
    public async Task An_inferred_payment_teaches_nothing()
    {
        await _bank.Import([Bank.Paid("r1", 100, "2026-02-18", message: "VS 7001", payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-20", payer: "1/0100")]);

        await EndedAs("r1", EntryState.Matched, 1, MatchRule.NumberInMessage);
        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r2")).State);
    }

    [Fact]
    public async Task A_payer_who_paid_for_several_clients_is_for_a_person_to_decide()
    {
        await _bank.Import(
        [
            Bank.Paid("r1", 100, "2026-02-18", Own, payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-18", new VariableSymbol(7002), payer: "1/0100"),
            Bank.Paid("r3", 100, "2026-02-20", payer: "1/0100"),
        ]);

        var entry = await _bank.Entry("r3");
        Assert.Equal((EntryState.Suspense, "the payer's account has paid for several clients"), (entry.State, entry.Reason));
        Assert.Equal([new AccountId(1), new AccountId(2)], entry.Candidates.Select(candidate => candidate.Account).Order());
    }

    [Theory]
    [InlineData("for VS 7001 and vs7002", EntryState.Suspense)]
    [InlineData("VS:7001, thanks /VS/7001", EntryState.Matched)]
    [InlineData("for VS 70011", EntryState.Suspense)]
    [InlineData("for 7001", EntryState.Suspense)]
    [InlineData("for VS 70 01", EntryState.Matched)]
    [InlineData(null, EntryState.Suspense)]
    public async Task A_message_decides_when_it_names_one_client(string? message, EntryState state)
    {
        await _bank.Import(Bank.Paid("r1", 100, "2026-02-20", message: message));

        Assert.Equal(state, (await _bank.Entry("r1")).State);
    }

    [Fact]
    public async Task A_symbol_of_several_clients_is_for_a_person_to_decide()
    {
        await _bank.Debtor(3, Own.Value);

        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", Own));

        var entry = await _bank.Entry("r1");
        Assert.Equal((EntryState.Suspense, "several accounts carry this symbol"), (entry.State, entry.Reason));
        Assert.Equal([499m, 499m], await _bank.Open(1));
    }

    [Fact]
    public async Task Money_for_a_closed_account_is_credit_there_and_flagged()
    {
        await _bank.Import(Bank.Paid("r1", 998, "2026-02-20", Own));
        await _bank.Ask(1, Given.Service("net", "2026-01-01", Given.Slow, end: "2026-02-10"));
        Assert.IsType<Done>(await _bank.Ask(1, new CloseAccount()));

        await _bank.Import(Bank.Paid("r2", 499, "2026-02-21", Own));

        var entry = await _bank.Entry("r2");
        Assert.Equal((EntryState.Matched, "credit on a closed account"), (entry.State, entry.Reason));
        Assert.Equal(499m, await _bank.Credit(1));
    }

    [Fact]
    public async Task An_outgoing_payment_is_no_client_s()
    {
        await _bank.Import(Bank.Paid("r1", 499, "2026-02-20", Own) with { Direction = EntryDirection.Debit });

        Assert.Equal(EntryState.Rejected, (await _bank.Entry("r1")).State);
    }

    [Fact]
    public async Task A_reversal_that_took_effect_before_a_crash_is_recorded_and_takes_back_nothing_else()
    {
        await _bank.ImportAndDie(
            asks: 2,
            // By now another client has a payment that looks just like the one taken back.
            meanwhile: () => _bank.Import(Bank.Paid("r3", 100, "2026-02-21", new VariableSymbol(7002), payer: "1/0100")),
            Bank.Paid("r1", 100, "2026-02-19", Own, payer: "1/0100"), Bank.TakenBack("r2", 100, "2026-02-20", payer: "1/0100"));

        Assert.Equal((EntryState.Matched, new AccountId(1)), ((await _bank.Entry("r2")).State, (await _bank.Entry("r2")).Account));
        Assert.Equal([PaymentStatus.Reversed], (await _bank.State(1)).Payments.Select(payment => payment.Status));
        Assert.Equal([PaymentStatus.Booked], (await _bank.State(2)).Payments.Select(payment => payment.Status));
    }

    [Fact]
    public async Task An_inference_that_took_effect_before_a_crash_stands_though_it_would_not_be_made_any_more()
    {
        await _bank.ImportAndDie(
            asks: 2,
            meanwhile: () => _bank.Import(Bank.Paid("r3", 100, "2026-02-18", new VariableSymbol(7002), payer: "1/0100")),
            Bank.Paid("r1", 100, "2026-02-19", Own, payer: "1/0100"), Bank.Paid("r2", 50, "2026-02-20", payer: "1/0100"));

        await EndedAs("r2", EntryState.Matched, 1, MatchRule.KnownPayer);
    }

    [Fact]
    public async Task A_payment_and_its_reversal_in_one_file_cancel_each_other()
    {
        await _bank.Import(Bank.Paid("r1", 600, "2026-02-20", Own), Bank.TakenBack("r2", 600, "2026-02-20", Own), Bank.Paid("r3", 499, "2026-02-20", Own));

        await EndedAs("r2", EntryState.Matched, 1, MatchRule.AccountSymbol);
        Assert.Equal([0m, 499m], await _bank.Open(1));
        Assert.Equal([PaymentStatus.Reversed, PaymentStatus.Booked], (await _bank.State(1)).Payments.Select(payment => payment.Status));
    }

    [Fact]
    public async Task A_payment_is_taken_back_once_however_often_the_bank_says_so()
    {
        await _bank.Import(Bank.Paid("r1", 600, "2026-02-20", Own), Bank.TakenBack("r2", 600, "2026-02-20", Own), Bank.TakenBack("r3", 600, "2026-02-20", Own));

        Assert.Equal(EntryState.Matched, (await _bank.Entry("r2")).State);
        var second = await _bank.Entry("r3");
        Assert.Equal((EntryState.Suspense, "no payment that this reversal takes back"), (second.State, second.Reason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whose_payment_of_two_is_meant_is_for_a_person_to_decide(bool isFirstOfAnotherFile)
    {
        var (first, second) = (Bank.Paid("r1", 100, "2026-02-19", Own, payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-19", new VariableSymbol(7002), payer: "1/0100"));
        var back = Bank.TakenBack("r3", 100, "2026-02-20", payer: "1/0100");
        if (isFirstOfAnotherFile) await _bank.Import(first);

        await _bank.Import(isFirstOfAnotherFile ? [second, back] : [first, second, back]);

        var entry = await _bank.Entry("r3");
        Assert.Equal((EntryState.Suspense, "several payments could be meant"), (entry.State, entry.Reason));
        Assert.Equal([new AccountId(1), new AccountId(2)], entry.Candidates.Select(candidate => candidate.Account).Order());
    }

    [Fact]
    public async Task A_reversal_before_a_crash_takes_back_no_payment_that_comes_behind_it()
    {
        await _bank.ImportAndDie(
            asks: 1, meanwhile: () => Task.CompletedTask,
            Bank.TakenBack("r1", 100, "2026-02-19", payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-20", Own, payer: "1/0100"));

        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r1")).State);
        Assert.Equal([PaymentStatus.Booked], (await _bank.State(1)).Payments.Select(payment => payment.Status));
    }

    [Fact]
    public async Task A_payer_becomes_known_by_no_payment_that_comes_behind_and_was_booked_before_a_crash()
    {
        await _bank.ImportAndDie(
            asks: 1, meanwhile: () => Task.CompletedTask,
            Bank.Paid("r1", 50, "2026-02-20", payer: "1/0100"), Bank.Paid("r2", 100, "2026-02-19", Own, payer: "1/0100"));

        Assert.Equal(EntryState.Suspense, (await _bank.Entry("r1")).State);
        await EndedAs("r2", EntryState.Matched, 1, MatchRule.AccountSymbol);
    }

    private async Task EndedAs(string reference, EntryState state, int account, MatchRule rule)
    {
        var entry = await _bank.Entry(reference);
        Assert.Equal((state, new AccountId(account), rule), (entry.State, entry.Account, entry.Rule));
    }
}
