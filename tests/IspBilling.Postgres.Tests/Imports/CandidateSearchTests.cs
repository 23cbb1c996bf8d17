using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using static IspBilling.Postgres.Tests.Imports.Statements;

namespace IspBilling.Postgres.Tests.Imports;

public sealed class CandidateSearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int ByName = (int)MatchRule.NamedDocument;
    private const int Inferred = (int)MatchRule.KnownPayer;
    private TestDatabase database = null!;
    private PostgresStatementImportStore store = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new PostgresStatementImportStore(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_symbol_is_an_accounts_own_or_is_carried_by_its_documents()
    {
        await database.Client(account: 1, symbol: 777);
        await database.Document(account: 1, ordinal: 1, symbol: 777);
        await database.Document(account: 2, ordinal: 1, symbol: 2600000012, number: "2600000012");

        var found = await store.BySymbol([Symbol(777), Symbol(2600000012), Symbol(5)], default);

        Assert.Equal((new AccountId(1), MatchRule.AccountSymbol), (found[Symbol(777)].First().Account, found[Symbol(777)].First().Rule));
        Assert.Equal([new Candidate(new AccountId(2), MatchRule.NamedDocument, "document 2600000012 carries the symbol") { Since = new DateOnly(2026, 1, 1) }], found[Symbol(2600000012)]);
        Assert.Empty(found[Symbol(5)]);
        Assert.Empty(await store.BySymbol([], default));
    }

    [Fact]
    public async Task An_account_with_many_documents_of_one_symbol_is_one_candidate_named_by_the_youngest()
    {
        for (var ordinal = 1; ordinal <= 5; ordinal++) await database.Document(1, ordinal, symbol: 777, number: $"260000000{ordinal}");

        Assert.Equal("document 2600000005 carries the symbol", Assert.Single((await store.BySymbol([Symbol(777)], default))[Symbol(777)]).Why);
    }

    [Fact]
    public async Task An_account_that_never_had_a_document_or_a_payment_stands_in_its_issuers_currency()
    {
        var euros = new Issuer(
            new IssuerId(2), 0, "Slovak Net s.r.o.", new PostalAddress("Dlhá 1", "Bratislava", "811 01", "SK"), "12345678", null, null, Currency.Eur,
            new IssuerBankAccount(null, "SK3112000000198742637541", null), null, null, null);
        var settings = new SettingsStore(database.Source);
        await settings.PutIssuer(euros, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), default);
        await settings.PutIssuer(euros with { Phone = "+421 2 123" }, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), default);
        await database.Account(1, issuer: 2);
        await database.Account(2, issuer: 3);
        await database.Account(3, issuer: 2);
        await database.Payment(3, 1, 100, Day, ByName, currency: "EUR");

        var standings = await store.StandingOf([new AccountId(1), new AccountId(2), new AccountId(3)], default);

        // Nobody owes anything to an issuer that does not exist.
        Assert.Equal([1L, 3L], standings.Keys.Select(account => account.Value).Order());
        Assert.Equal((Money.Eur(0), Money.Eur(0)), (standings[new AccountId(1)].Debt, standings[new AccountId(1)].Credit));
        Assert.Equal(Currency.Eur, standings[new AccountId(3)].Credit.Currency);
    }

    [Fact]
    public async Task A_payer_is_known_by_booked_payments_that_were_not_inferred()
    {
        await database.Payment(1, 1, 49_900, Day.AddDays(-60), ByName, payer: "payer/0100");
        await database.Payment(1, 2, 49_900, Day.AddDays(-90), (int)MatchRule.Clerk, payer: "payer/0100");
        await database.Payment(2, 1, 49_900, Day, Inferred, payer: "payer/0100");
        await database.Payment(3, 1, 49_900, Day, ByName, status: (int)PaymentStatus.Unassigned, payer: "payer/0100");
        await database.Payment(4, 1, 49_900, Day, ByName, payer: "other/0100");

        var found = await store.ByPayer([Payer("payer/0100"), Payer("nobody/0100")], [], default);

        var (candidate, since) = Assert.Single(found[Payer("payer/0100")]);
        Assert.Equal((new AccountId(1), MatchRule.KnownPayer, Day.AddDays(-90)), (candidate.Account, candidate.Rule, since));
        Assert.Empty(found[Payer("nobody/0100")]);
    }

    [Fact]
    public async Task Who_pays_for_many_clients_yields_no_more_candidates_than_it_takes_to_see_that()
    {
        for (var account = 1; account <= 30; account++) await database.Payment(account, 1, 100, Day, ByName, payer: "landlord/0100");

        Assert.Equal(20, (await store.ByPayer([Payer("landlord/0100")], [], default))[Payer("landlord/0100")].Count());
    }

    [Fact]
    public async Task A_reversal_finds_its_original_by_order_reference_else_by_symbol_else_by_payer()
    {
        await database.Payment(1, 1, 49_900, Day, ByName, symbol: 11, payer: "p1", order: "O-1");
        await database.Payment(2, 1, 49_900, Day, ByName, symbol: 22, payer: "p2");
        await database.Payment(3, 1, 49_900, Day, ByName, payer: "p3");
        await database.Payment(4, 1, 60_000, Day, ByName, symbol: 22, payer: "p2", order: "O-1");
        await database.Payment(5, 1, 49_900, Day, ByName, status: (int)PaymentStatus.Reversed, symbol: 22, payer: "p2", order: "O-1");

        Assert.Equal([1], await Found(Reversal(499, symbol: 22, payer: "p9", order: "O-1"), except: 2));
        Assert.Equal([2], await Found(Reversal(499, symbol: 22, payer: "p1")));
        Assert.Equal([3], await Found(Reversal(499, payer: "p3")));
        Assert.Empty(await Found(Reversal(499, symbol: 33, payer: "p3")));
        Assert.Empty(await Found(Reversal(499, symbol: 11, payer: "p1", order: "O-2")));
        Assert.Empty(await Found(Reversal(499, symbol: 22) with { Amount = Money.Eur(499) }));
    }

    [Fact]
    public async Task Each_of_many_reversals_finds_its_own_original()
    {
        for (var account = 1; account <= 40; account++) await database.Payment(account, 1, 49_900, Day, ByName, symbol: account, payer: "same/0100");
        var reversals = Enumerable.Range(1, 40).Select(i => new StoredEntry(1_000 + i, $"r{i}", Reversal(499, symbol: i))).ToArray();

        var found = await store.ByOriginal(reversals, [], default);

        Assert.All(reversals, reversal => Assert.Equal(new AccountId(reversal.Id - 1_000), Assert.Single(found[reversal.Id]).Account));
    }

    [Fact]
    public async Task An_account_with_many_payments_alike_is_one_candidate()
    {
        for (var ordinal = 1; ordinal <= 30; ordinal++) await database.Payment(1, ordinal, 49_900, Day, ByName, symbol: 11, payer: "p1");
        await database.Payment(2, 1, 49_900, Day, ByName, symbol: 11, payer: "p1");

        Assert.Equal([1, 2], await Found(Reversal(499, symbol: 11)));
    }

    [Fact]
    public async Task What_entries_did_that_have_their_turn_yet_to_come_is_left_out_of_account()
    {
        await database.Payment(1, 1, 49_900, Day.AddDays(-2), ByName, symbol: 11, payer: "p1", entry: "later");
        await database.Payment(2, 1, 49_900, Day.AddDays(-1), ByName, status: (int)PaymentStatus.Reversed, symbol: 11, payer: "p1", entry: "before", reversedBy: "later too");
        var reversal = new StoredEntry(1, "r", Reversal(499, symbol: 11));

        Assert.Equal(1, Assert.Single((await store.ByOriginal([reversal], [], default))[1]).Account.Value);
        Assert.Equal(2, Assert.Single((await store.ByOriginal([reversal], ["later", "later too"], default))[1]).Account.Value);
        Assert.Equal(1, Assert.Single((await store.ByPayer([Payer("p1")], [], default))[Payer("p1")]).Candidate.Account.Value);
        Assert.Equal(2, Assert.Single((await store.ByPayer([Payer("p1")], ["later", "later too"], default))[Payer("p1")]).Candidate.Account.Value);
    }

    [Fact]
    public async Task Pending_entries_that_accounts_know_are_found_among_the_first()
    {
        var import = await store.Stage(Import(), File(Payment(1), Reversal(2), Payment(3), Payment(4)), default);
        var entries = await store.PendingAfter(import.Id, 0, 10, default);
        await database.Payment(1, 1, 100, Day, ByName, entry: entries[0].Identity);
        await database.Payment(2, 1, 200, Day, ByName, status: (int)PaymentStatus.Reversed, reversedBy: entries[1].Identity);
        await database.Payment(3, 1, 300, Day, ByName, status: (int)PaymentStatus.Unassigned, entry: entries[2].Identity);
        await database.Payment(4, 1, 400, Day, ByName, entry: entries[3].Identity);

        var known = await store.BookedAlready(import.Id, first: 3, default);

        Assert.Equal(
            new Dictionary<string, AccountId> { [entries[0].Identity] = new(1), [entries[1].Identity] = new(2) }, known);
        Assert.Equal(
            new Dictionary<string, AccountId> { [entries[1].Identity] = new(2), [entries[3].Identity] = new(4) },
            await store.BookedOf([.. entries.Skip(1).Select(entry => entry.Identity)], default));
    }

    [Fact]
    public async Task Clients_of_the_receiver_come_first_and_those_of_another_issuer_are_only_suggested()
    {
        await database.Document(account: 1, ordinal: 1, symbol: 2600000001, number: "2600000001");
        await database.Document(account: 2, ordinal: 1, symbol: 2600000001, number: "2600000001");
        await database.Tamper("UPDATE documents SET issuer = account_id");
        await database.Client(account: 1, symbol: 77);
        await database.Client(account: 2, symbol: 78);
        await database.Execute("UPDATE clients SET issuer = account_id");
        await database.Payment(1, 1, 49_900, Day, ByName, payer: "payer/0100");
        await database.Payment(2, 1, 49_900, Day, ByName, payer: "payer/0100");
        var (second, foreign) = (new Receiver(new IssuerId(2), IsForeign: false), new Receiver(new IssuerId(2), IsForeign: true));

        var symbols = await store.BySymbol([new(second, 2600000001), new(foreign, 2600000001), Symbol(2600000001)], default);
        var payers = await store.ByPayer([new(second, "payer/0100")], [], default);

        Assert.Equal([(2, false), (1, true)], symbols[new(second, 2600000001)].Select(found => ((int)found.Account.Value, found.IsSuggestion)));
        Assert.All(symbols[new(foreign, 2600000001)], found => Assert.True(found.IsSuggestion));
        Assert.All(symbols[Symbol(2600000001)], found => Assert.False(found.IsSuggestion));
        Assert.Equal([(2, false), (1, true)], payers[new(second, "payer/0100")].Select(found => ((int)found.Candidate.Account.Value, found.Candidate.IsSuggestion)));
    }

    [Fact]
    public async Task Money_goes_back_from_the_issuer_that_received_it()
    {
        var import = await store.Stage(Import(), Items(new StatementOpened(OwnAccount, Currency.Czk, "1", null, Day) { Owner = new StatementOwner(new IssuerId(2), Currency.Czk) }, new StatementEntryRead(Payment(499, symbol: 11))), default);
        var received = Assert.Single(await store.PendingAfter(import.Id, 0, 10, default));
        await database.Payment(1, 1, 49_900, Day, ByName, symbol: 11, entry: received.Identity);

        StoredEntry Back(int issuer) => new(1, "r", Reversal(499, symbol: 11)) { Receiver = new Receiver(new IssuerId(issuer), IsForeign: false) };
        Assert.Equal(new Receiver(new IssuerId(2), IsForeign: false), received.Receiver);
        Assert.Single((await store.ByOriginal([Back(2)], [], default))[1]);
        Assert.Empty((await store.ByOriginal([Back(1)], [], default))[1]);
    }

    private static ReceivedSymbol Symbol(long symbol) => new(default, symbol);

    private static ReceivedFrom Payer(string account) => new(default, account);

    private async Task<IEnumerable<long>> Found(StatementEntry reversal, long except = 0) =>
        (await store.ByOriginal([new StoredEntry(1, "r", reversal)], [], default))[1].Select(candidate => candidate.Account.Value).Where(account => account != except);
}
