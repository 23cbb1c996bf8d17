using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using static IspBilling.Postgres.Tests.Imports.Statements;

namespace IspBilling.Postgres.Tests.Imports;

public sealed class ClerkDeskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly DeskAccounts accounts = new();
    private TestDatabase database = null!;
    private PostgresStatementImportStore store = null!;
    private ClerkDesk desk = null!;
    private AccountId anna;
    private AccountId berta;
    private AccountId cilka;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new PostgresStatementImportStore(database.Source);
        desk = new ClerkDesk(accounts, store);
        (anna, berta, cilka) = (await accounts.Open(1), await accounts.Open(2), await accounts.Open(3));
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task An_entry_in_suspense_is_assigned_to_an_account()
    {
        var entry = await InSuspense(Payment(600));

        Assert.Equal(new EntryAssigned(Flagged: null), await desk.Assign(entry, anna, Clerk.Eva, default));

        Assert.Equal(-600, await accounts.Balance(anna));
        var view = await View(entry);
        Assert.Equal((EntryState.Matched, anna, MatchRule.Clerk, Clerk.Eva), (view.State, view.Account, view.Rule, view.AssignedBy));
        Assert.Equal(new ImportCounts(1, 0, 1, 0, 0, 60_000), await Counts(view.Import));
    }

    [Fact]
    public async Task Assigning_again_to_the_same_account_is_already_done_and_to_another_one_refused()
    {
        var entry = await InSuspense(Payment(600));
        await desk.Assign(entry, anna, Clerk.Eva, default);

        Assert.IsType<EntryAssigned>(await desk.Assign(entry, anna, Clerk.Eva, default));
        Assert.Equal(DeskRefusalReason.NotInSuspense, Reason(await desk.Assign(entry, berta, Clerk.Eva, default)));
        Assert.Equal((-600, 0), (await accounts.Balance(anna), await accounts.Balance(berta)));
    }

    [Fact]
    public async Task An_entry_is_split_over_accounts_and_each_gets_its_part()
    {
        var entry = await InSuspense(Payment(600));

        Assert.IsType<EntryAssigned>(await desk.Split(entry, [Share(anna, 100), Share(berta, 200), Share(cilka, 300)], Clerk.Eva, default));

        Assert.Equal((-100, -200, -300), (await accounts.Balance(anna), await accounts.Balance(berta), await accounts.Balance(cilka)));
        Assert.Null((await View(entry)).Account);
        Assert.Equal(
            [new EntryPart(1, anna, Money.Czk(100)), new EntryPart(2, berta, Money.Czk(200)), new EntryPart(3, cilka, Money.Czk(300))],
            await store.PartsOf(entry, default));
    }

    [Fact]
    public async Task A_split_that_is_no_split_is_refused_before_anything_happens()
    {
        var entry = await InSuspense(Payment(600));
        var tooMany = Enumerable.Range(1, 51).Select(id => Share(new AccountId(id), 1)).ToArray();

        Assert.Equal(DeskRefusalReason.NoParts, Reason(await desk.Split(entry, [], Clerk.Eva, default)));
        Assert.Equal(DeskRefusalReason.TooManyParts, Reason(await desk.Split(entry, tooMany, Clerk.Eva, default)));
        Assert.Equal(DeskRefusalReason.SumDiffers, Reason(await desk.Split(entry, [Share(anna, 600), Share(berta, 1)], Clerk.Eva, default)));
        Assert.Equal(DeskRefusalReason.PartNotPositive, Reason(await desk.Split(entry, [Share(anna, 601), Share(berta, -1)], Clerk.Eva, default)));
        Assert.Equal(DeskRefusalReason.SameAccountTwice, Reason(await desk.Split(entry, [Share(anna, 300), Share(anna, 300)], Clerk.Eva, default)));
        Assert.Equal(DeskRefusalReason.CurrencyDiffers, Reason(await desk.Split(entry, [new EntryShare(anna, Money.Eur(600))], Clerk.Eva, default)));
        Assert.Equal(
            DeskRefusalReason.SumDiffers,
            Reason(await desk.Split(
                entry,
                [new EntryShare(anna, new Money(long.MaxValue, Currency.Czk)), new EntryShare(berta, new Money(long.MaxValue, Currency.Czk))], Clerk.Eva, default)));
        Assert.Equal(DeskRefusalReason.UnknownEntry, Reason(await desk.Assign(999, anna, Clerk.Eva, default)));
        Assert.Equal((EntryState.Suspense, 0), ((await View(entry)).State, await accounts.Balance(anna)));
    }

    [Fact]
    public async Task An_account_that_refuses_leaves_the_entry_in_suspense_with_its_reason()
    {
        var entry = await InSuspense(Payment(600));

        Assert.Equal(DeskRefusalReason.AccountRefused, Reason(await desk.Assign(entry, new AccountId(99), Clerk.Eva, default)));

        var view = await View(entry);
        Assert.Equal((EntryState.Suspense, "account 99: this client has no particulars yet; push the client first"), (view.State, view.Reason));
        Assert.Equal(new ImportCounts(1, 0, 0, 1, 0, 0), await Counts(view.Import));
        Assert.Empty(await store.PartsOf(entry, default));
        Assert.IsType<EntryAssigned>(await desk.Assign(entry, anna, Clerk.Eva, default));
    }

    [Fact]
    public async Task A_split_that_one_account_refuses_is_undone_on_the_others()
    {
        var entry = await InSuspense(Payment(600));

        Assert.Equal(
            DeskRefusalReason.AccountRefused,
            Reason(await desk.Split(entry, [Share(anna, 100), Share(berta, 200), Share(new AccountId(99), 300)], Clerk.Eva, default)));

        Assert.Equal((0, 0), (await accounts.Balance(anna), await accounts.Balance(berta)));
        Assert.Equal(EntryState.Suspense, (await View(entry)).State);

        Assert.IsType<EntryAssigned>(await desk.Split(entry, [Share(anna, 100), Share(berta, 500)], Clerk.Eva, default));
        Assert.Equal((-100, -500), (await accounts.Balance(anna), await accounts.Balance(berta)));
    }

    [Fact]
    public async Task An_entry_taken_off_can_be_assigned_to_the_same_account_again_and_again()
    {
        var entry = await InSuspense(Payment(600));
        for (var round = 0; round < 3; round++)
        {
            Assert.IsType<EntryAssigned>(await desk.Assign(entry, anna, Clerk.Eva, default));
            Assert.Equal(-600, await accounts.Balance(anna));
            Assert.IsType<EntryUnassigned>(await desk.Unassign(entry, Clerk.Eva, "another Anna", default));
            Assert.Equal(0, await accounts.Balance(anna));
        }

        var view = await View(entry);
        Assert.Equal((EntryState.Suspense, "taken off by eva: another Anna"), (view.State, view.Reason));
        Assert.Equal(new ImportCounts(1, 0, 0, 1, 0, 0), await Counts(view.Import));
        Assert.IsType<EntryAssigned>(await desk.Assign(entry, berta, Clerk.Eva, default));
        Assert.Equal((0, -600), (await accounts.Balance(anna), await accounts.Balance(berta)));
    }

    [Fact]
    public async Task An_entry_that_a_rule_matched_can_be_taken_off_and_assigned_again()
    {
        var entry = await MatchedByRule(anna, Payment(600, symbol: 1_001));
        Assert.Empty(await store.PartsOf(entry, default));

        Assert.IsType<EntryUnassigned>(await desk.Unassign(entry, Clerk.Eva, "paid for a neighbour", default));
        Assert.Equal(0, await accounts.Balance(anna));
        Assert.IsType<EntryAssigned>(await desk.Assign(entry, anna, Clerk.Eva, default));

        Assert.Equal(-600, await accounts.Balance(anna));
    }

    [Fact]
    public async Task A_split_entry_is_taken_off_all_its_accounts()
    {
        var entry = await InSuspense(Payment(600));
        await desk.Split(entry, [Share(anna, 100), Share(berta, 500)], Clerk.Eva, default);

        Assert.IsType<EntryUnassigned>(await desk.Unassign(entry, Clerk.Eva, "wrong", default));
        Assert.IsType<EntryUnassigned>(await desk.Unassign(entry, Clerk.Eva, "asked again", default));

        Assert.Equal((0, 0), (await accounts.Balance(anna), await accounts.Balance(berta)));
        Assert.Empty(await store.PartsOf(entry, default));
    }

    [Fact]
    public async Task What_the_bank_has_taken_back_stays_on_its_account()
    {
        var entry = await MatchedByRule(anna, Payment(600, symbol: 1_001));
        await accounts.Tell(anna, new ReversePayment("storno", Money.Czk(600), Day, new VariableSymbol(1_001), null, null));

        var reply = await desk.Unassign(entry, Clerk.Eva, "wrong", default);

        Assert.Equal(DeskRefusalReason.AccountRefused, Reason(reply));
        var view = await View(entry);
        Assert.Equal((EntryState.Matched, anna, MatchRule.AccountSymbol), (view.State, view.Account, view.Rule));
        Assert.Equal(new ImportCounts(1, 0, 1, 0, 0, 60_000), await Counts(view.Import));
    }

    [Fact]
    public async Task When_one_account_cannot_give_its_part_back_the_others_keep_theirs()
    {
        var entry = await InSuspense(Payment(600, symbol: 5));
        await desk.Split(entry, [Share(anna, 100), Share(berta, 500)], Clerk.Eva, default);
        await accounts.Tell(berta, new ReversePayment("storno", Money.Czk(500), Day, new VariableSymbol(5), null, null));

        Assert.Equal(DeskRefusalReason.AccountRefused, Reason(await desk.Unassign(entry, Clerk.Eva, "wrong", default)));

        Assert.Equal((-100, 0), (await accounts.Balance(anna), await accounts.Balance(berta)));
        Assert.Equal(EntryState.Matched, (await View(entry)).State);
        Assert.Equal(2, (await store.PartsOf(entry, default)).Count);
    }

    [Fact]
    public async Task Credit_on_a_closed_account_is_flagged()
    {
        var closed = await accounts.Open(7, closed: true);
        var entry = await InSuspense(Payment(600));

        Assert.Equal(new EntryAssigned("credit on a closed account"), await desk.Assign(entry, closed, Clerk.Eva, default));
        Assert.Equal("credit on a closed account", (await View(entry)).Reason);
    }

    [Fact]
    public async Task A_reversal_in_suspense_is_assigned_by_taking_the_payment_back_and_can_be_taken_off()
    {
        var payment = await InSuspense(Payment(600, payer: "p/0100"));
        await desk.Assign(payment, anna, Clerk.Eva, default);
        var reversal = await InSuspense(Reversal(600, payer: "p/0100"));

        Assert.Equal(DeskRefusalReason.IsReversal, Reason(await desk.Split(reversal, [Share(anna, 600)], Clerk.Eva, default)));
        Assert.IsType<EntryAssigned>(await desk.Assign(reversal, anna, Clerk.Eva, default));

        Assert.Equal(0, await accounts.Balance(anna));
        Assert.Equal(-60_000, (await Counts((await View(reversal)).Import)).MatchedMinor);

        Assert.IsType<EntryUnassigned>(await desk.Unassign(reversal, Clerk.Eva, "wrong", default));
        Assert.Equal(-600, await accounts.Balance(anna));
        Assert.Equal(0, (await Counts((await View(reversal)).Import)).MatchedMinor);
    }

    [Fact]
    public async Task Of_clerks_who_assign_the_same_entry_at_once_one_wins()
    {
        var entry = await InSuspense(Payment(600));

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => desk.Assign(entry, i % 2 == 0 ? anna : berta, Clerk.Eva, default)));

        Assert.Contains(replies, reply => reply is EntryAssigned);
        Assert.Equal(-600, await accounts.Balance(anna) + await accounts.Balance(berta));
    }

    /// <summary>Three parts are three commands, and each may be the last before the crash, heard of or not.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public async Task An_assignment_that_a_crash_interrupted_is_completed(int command, bool tookEffect)
    {
        var entry = await InSuspense(Payment(600));
        DieAt(command, tookEffect);

        await Assert.ThrowsAsync<EngineDiedException>(
            () => desk.Split(entry, [Share(anna, 100), Share(berta, 200), Share(cilka, 300)], Clerk.Eva, default));
        accounts.Restart();
        Assert.Equal(DeskRefusalReason.UnderWay, Reason(await desk.Assign(entry, anna, Clerk.Eva, default)));
        Assert.Equal(0, await desk.Resume(default));
        Assert.Equal(0, await desk.Resume(default));

        Assert.Equal((-100, -200, -300), (await accounts.Balance(anna), await accounts.Balance(berta), await accounts.Balance(cilka)));
        Assert.Equal(EntryState.Matched, (await View(entry)).State);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public async Task Taking_off_that_a_crash_interrupted_is_completed(int command, bool tookEffect)
    {
        var entry = await InSuspense(Payment(600));
        await desk.Split(entry, [Share(anna, 100), Share(berta, 500)], Clerk.Eva, default);
        DieAt(accounts.Asked + command, tookEffect);

        await Assert.ThrowsAsync<EngineDiedException>(() => desk.Unassign(entry, Clerk.Eva, "wrong", default));
        accounts.Restart();
        Assert.Equal(0, await desk.Resume(default));

        Assert.Equal((0, 0), (await accounts.Balance(anna), await accounts.Balance(berta)));
        Assert.Equal(EntryState.Suspense, (await View(entry)).State);
    }

    /// <summary>Commands: book 1, book 2, refused, take off 1, take off 2.</summary>
    [Theory]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(5, false)]
    public async Task Undoing_that_a_crash_interrupted_is_completed(int command, bool tookEffect)
    {
        var entry = await InSuspense(Payment(600));
        DieAt(command, tookEffect);

        await Assert.ThrowsAsync<EngineDiedException>(
            () => desk.Split(entry, [Share(anna, 100), Share(berta, 200), Share(new AccountId(99), 300)], Clerk.Eva, default));
        accounts.Restart();
        Assert.Equal(0, await desk.Resume(default));

        Assert.Equal((0, 0), (await accounts.Balance(anna), await accounts.Balance(berta)));
        Assert.Equal(EntryState.Suspense, (await View(entry)).State);
    }

    [Fact]
    public async Task A_part_on_a_parked_account_is_taken_off_once_the_account_is_sound_again()
    {
        var entry = await InSuspense(Payment(600));
        accounts.DiesAfter = 1;
        await Assert.ThrowsAsync<EngineDiedException>(() => desk.Split(entry, [Share(anna, 100), Share(new AccountId(99), 500)], Clerk.Eva, default));
        accounts.Restart();
        var booking = Assert.Single(await store.UnfinishedAssignments(default));
        await store.NextStep(booking, AssignmentStep.RollingBack, 1, "account 99: unknown", default);
        accounts.Parked.Add(anna);

        Assert.Equal(1, await desk.Resume(default));
        accounts.Parked.Clear();
        Assert.Equal(0, await desk.Resume(default));

        Assert.Equal(0, await accounts.Balance(anna));
        Assert.Equal((EntryState.Suspense, "account 99: unknown"), ((await View(entry)).State, (await View(entry)).Reason));
    }

    [Fact]
    public async Task Who_carries_on_from_a_step_that_has_passed_changes_nothing()
    {
        var entry = await InSuspense(Payment(600));
        accounts.DiesAfter = 1;
        await Assert.ThrowsAsync<EngineDiedException>(() => desk.Assign(entry, anna, Clerk.Eva, default));
        accounts.Restart();
        var stale = Assert.Single(await store.UnfinishedAssignments(default));
        await desk.Resume(default);
        var outcome = new EntryOutcome(entry, EntryState.Suspense, null, null, "late", []);

        Assert.False(await store.EndAssignment(stale, outcome, default));
        Assert.Null(await store.NextStep(stale, AssignmentStep.RollingBack, 1, "late", default));
        Assert.Equal(EntryState.Matched, (await View(entry)).State);
    }

    private void DieAt(int command, bool tookEffect)
    {
        if (tookEffect) accounts.DiesAfter = command;
        else accounts.DiesBefore = command;
    }

    private async Task<long> InSuspense(StatementEntry entry)
    {
        var import = await store.Stage(Import(), File(entry), default);
        var id = Assert.Single(await store.PendingAfter(import.Id, 0, 10, default)).Id;
        await store.Resolve(import.Id, [new EntryOutcome(id, EntryState.Suspense, null, null, "the payer is not known", [])], default);
        return id;
    }

    /// <summary>By the account's own symbol.</summary>
    private async Task<long> MatchedByRule(AccountId account, StatementEntry entry)
    {
        await database.Client(account.Value, entry.VariableSymbol!.Value.Value);
        var importer = new StatementImporter(new AccountBatches(accounts), store, Clock, new StatementImporterOptions());
        var import = await importer.Import(Import(), File(entry), default);
        return Assert.Single(await new StatementImportReading(database.Source).Entries(import.Id, EntryState.Matched, 0, 10, default)).Id;
    }

    private async Task<EntryView> View(long entry) => (await store.FindEntry(entry, default))!;

    private async Task<ImportCounts> Counts(ImportId import) => (await store.Find(import, default))!.Counts;

    private static EntryShare Share(AccountId account, decimal amount) => new(account, Money.Czk(amount));

    private static DeskRefusalReason Reason(DeskReply reply) => Assert.IsType<DeskRefused>(reply).Reason;
}
