using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using static IspBilling.Postgres.Tests.Imports.Statements;

namespace IspBilling.Postgres.Tests.Imports;

public sealed class StagingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestDatabase database = null!;
    private PostgresStatementImportStore store = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new PostgresStatementImportStore(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Entries_are_stored_as_read_and_in_file_order()
    {
        StatementEntry[] entries =
        [
            Payment(499, symbol: 2600000012, message: "internet květen"), Reversal(12.34m, order: "O1"), Payment(1, payer: null, reference: "bank-7"),
        ];

        var staged = await store.Stage(Import(), File(entries), default);

        Assert.Equal((ImportStatus.Matching, 3, 0), (staged.Status, staged.Counts.Read, staged.Counts.AlreadyKnown));
        Assert.Equal(entries, (await Pending(staged)).Select(stored => stored.Entry));
    }

    [Fact]
    public async Task Pending_entries_come_in_pages()
    {
        var staged = await store.Stage(Import(), File([.. Enumerable.Range(1, 5).Select(i => Payment(i))]), default);

        var first = await store.PendingAfter(staged.Id, 0, 3, default);
        var second = await store.PendingAfter(staged.Id, first[^1].Id, 3, default);

        Assert.Equal([1, 2, 3, 4, 5], first.Concat(second).Select(stored => (int)stored.Entry.Amount.Major));
    }

    [Fact]
    public async Task The_same_file_under_a_new_import_brings_nothing_new()
    {
        StatementEntry[] file = [Payment(499, 1), Payment(499, 2)];
        await store.Stage(Import(), Statement(0, 998, file), default);

        var again = await store.Stage(Import(), Statement(0, 998, file), default);

        Assert.Equal((2, 2), (again.Counts.Read, again.Counts.AlreadyKnown));
        Assert.Empty(await Pending(again));
        Assert.Equal(2, await database.Scalar<long>("SELECT count(*) FROM statement_entries"));
    }

    [Fact]
    public async Task An_import_that_is_stored_is_returned_and_its_file_not_read_again()
    {
        var import = Import();
        var first = await store.Stage(import, File(Payment(499, 1)), default);

        var again = await store.Stage(import, BrokenAfter(), default);

        Assert.Equal(first with { Warnings = again.Warnings }, again);
    }

    [Fact]
    public async Task Of_overlapping_files_each_movement_is_stored_once()
    {
        await store.Stage(Import("monday"), File(Payment(1, reference: "R1"), Payment(2, reference: "R2")), default);

        var tuesday = await store.Stage(Import("tuesday"), File(Payment(2, reference: "R2"), Payment(3, reference: "R3")), default);

        Assert.Equal((2, 1), (tuesday.Counts.Read, tuesday.Counts.AlreadyKnown));
        Assert.Equal([3m], (await Pending(tuesday)).Select(stored => stored.Entry.Amount.Major));
    }

    [Fact]
    public async Task What_looks_like_a_known_entry_and_is_proven_by_nothing_waits_for_a_person()
    {
        var monday = await store.Stage(Import("monday"), File(Payment(1), Payment(2, symbol: 7)), default);

        var tuesday = await store.Stage(Import("tuesday"), File(Payment(2, symbol: 7), Payment(2, symbol: 8), Payment(3)), default);

        var known = (await Pending(monday))[1].Id;
        Assert.Equal((3, 0, 1), (tuesday.Counts.Read, tuesday.Counts.AlreadyKnown, tuesday.Counts.Suspense));
        Assert.Equal([2m, 3m], (await Pending(tuesday)).Select(stored => stored.Entry.Amount.Major));
        var held = (await store.FindEntry(await database.Scalar<long>("SELECT id FROM statement_entries WHERE is_doubtful"), default))!;
        Assert.Equal((EntryState.Suspense, true, known), (held.State, held.IsDoubtful, held.LooksLike!.Value));
        Assert.StartsWith($"looks like entry {known} of ", held.Reason, StringComparison.Ordinal);
        Assert.Contains(tuesday.Warnings, warning => warning.Contains("1 entries look like", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_bytes_are_known_whatever_they_tell()
    {
        StatementEntry[] file = [Payment(499, 1), Payment(499, 1)];
        byte[] hash = [1, 2, 3];
        await store.Stage(Import() with { ContentHash = hash }, File(file), default);

        var again = await store.Stage(Import("renamed") with { ContentHash = hash }, File(file), default);

        Assert.Equal((2, 2, 0), (again.Counts.Read, again.Counts.AlreadyKnown, again.Counts.Suspense));
        Assert.Contains(again.Warnings, warning => warning.StartsWith("the same file was imported before: may.gpc of 2026-05-05", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_id_that_a_bank_never_gives_twice_is_known_in_whatever_statement_it_comes()
    {
        var fio = new EntryFacts { Reference = new BankReference("26000000001", ReferenceTrust.Unique) };
        await store.Stage(Import(), Items(new StatementOpened("2000145399/2010", Currency.Czk, "1", Money.Czk(0), Day), new StatementEntryRead(Payment(5)) { Facts = fio }, new StatementClosed("2000145399/2010", Money.Czk(5), Day)), default);

        var later = await store.Stage(
            Import(),
            Items(new StatementOpened("CZ9320100000002000145399", Currency.Czk, "2", Money.Czk(5), Day.AddDays(9)), new StatementEntryRead(Payment(5, on: Day.AddDays(9))) { Facts = fio }, new StatementClosed("CZ9320100000002000145399", Money.Czk(10), Day.AddDays(9))),
            default);

        Assert.Equal(1, later.Counts.AlreadyKnown);
    }

    [Theory]
    [InlineData("0026000003001", "26000003001", 0)]
    [InlineData("26000003001", "0026000003001", 0)]
    [InlineData("0026000003001", "26000003001", 9)]
    [InlineData("26000003001", "0026000003001", 9)]
    public async Task An_id_is_the_same_with_and_without_zeros_before_it(string first, string second, int daysApart)
    {
        await store.Stage(Import(), Items(Told(first, 0)), default);

        Assert.Equal(1, (await store.Stage(Import("again"), Items(Told(second, daysApart)), default)).Counts.AlreadyKnown);
        Assert.Equal(0, (await store.Stage(Import("another"), Items(Told("026000003002", 0)), default)).Counts.AlreadyKnown);
    }

    [Theory]
    [InlineData("0026000003001")]
    [InlineData("26000003001")]
    public async Task A_movement_that_an_earlier_release_named_by_an_id_with_zeros_keeps_that_name(string now)
    {
        const string Name = "SELECT 'u' || left(encode(sha256(convert_to('CZ9320100000002000145399' || chr(10) || '0026000003001', 'UTF8')), 'hex'), 32)";
        await store.Stage(Import(), Items(Told("0026000003001", 0)), default);
        await database.Execute($"UPDATE statement_entries SET identity = ({Name})");

        Assert.Equal(1, (await store.Stage(Import("again"), Items(Told(now, 0)), default)).Counts.AlreadyKnown);
        Assert.Equal(1, (await store.Stage(Import("much later"), Items(Told(now, 40)), default)).Counts.AlreadyKnown);
        Assert.Equal(1L, await database.Scalar<long>($"SELECT count(*) FROM statement_entries WHERE identity = ({Name})"));
        Assert.Equal(1L, await database.Scalar<long>("SELECT count(*) FROM statement_entries"));
    }

    /// <summary>A movement by Fio's id.</summary>
    private static StatementItem[] Told(string id, int daysLater) =>
    [
        new StatementOpened("2000145399/2010", Currency.Czk, null, null, Day.AddDays(daysLater)),
        new StatementEntryRead(Payment(5, on: Day.AddDays(daysLater))) { Facts = new EntryFacts { Reference = new BankReference(id, ReferenceTrust.Unique) } },
        new StatementClosed("2000145399/2010", null, Day.AddDays(daysLater)),
    ];

    [Fact]
    public async Task A_movement_of_an_earlier_release_is_known_by_what_that_release_read()
    {
        var (before, twin) = (Payment(499, symbol: 260, on: Day.AddDays(26)), Payment(100));
        await store.Stage(Import("before"), File(before, twin, twin), default);
        await AsOfEarlierRelease(before, EarlierNames.Of(before));
        await AsOfEarlierRelease(twin, EarlierNames.Of(twin));

        var today = before with { BookedOn = Day, VariableSymbol = new VariableSymbol(2600000012) };
        var again = await store.Stage(
            Import("today"),
            Items(
                new StatementEntryRead(today) { Facts = new EntryFacts { AsReadBefore = before } },
                new StatementEntryRead(twin with { CounterName = "JAN NOVÁK" }) { Facts = new EntryFacts { AsReadBefore = twin } },
                new StatementEntryRead(twin),
                new StatementEntryRead(Payment(1))),
            default);

        Assert.Equal((4, 3, 0), (again.Counts.Read, again.Counts.AlreadyKnown, again.Counts.Suspense));
        Assert.Equal([1m], (await Pending(again)).Select(stored => stored.Entry.Amount.Major));
    }

    [Fact]
    public async Task A_file_that_an_earlier_release_imported_before_its_bank_was_stated_is_known()
    {
        var before = Payment(499, symbol: 260) with { OwnAccount = "2000145399" };
        await store.Stage(Import("before"), File(before), default);
        await AsOfEarlierRelease(before, EarlierNames.Of(before));

        var again = await store.Stage(
            Import("today"), Items(new StatementOpened(OwnAccount, Currency.Czk, "5", null, Day) { AccountAsWritten = "2000145399" }, new StatementEntryRead(before with { OwnAccount = OwnAccount })), default);

        Assert.Equal((1, 1, 0), (again.Counts.Read, again.Counts.AlreadyKnown, again.Counts.Suspense));
    }

    private async Task AsOfEarlierRelease(StatementEntry entry, string name)
    {
        await database.Execute(
            $"""
            UPDATE statement_entries e SET statement = NULL, identity = '{name}' || CASE WHEN nth = 1 THEN '' ELSE '#' || nth END
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM statement_entries WHERE amount = {entry.Amount.Minor}) same WHERE same.id = e.id
            """);
    }

    [Fact]
    public async Task Equal_movements_are_told_apart_by_their_number_wherever_they_stand()
    {
        var (twin, other) = (Payment(100), Payment(200, on: Day.AddDays(1)));
        await store.Stage(Import("noon"), Statement(0, 100, twin), default);

        var evening = await store.Stage(Import("evening"), Statement(0, 400, twin, other, twin), default);

        Assert.Equal((3, 1), (evening.Counts.Read, evening.Counts.AlreadyKnown));
        Assert.Equal([200m, 100m], (await Pending(evening)).Select(stored => stored.Entry.Amount.Major));
    }

    [Fact]
    public async Task A_statement_that_goes_on_where_another_ends_is_new_money_although_its_lines_look_alike()
    {
        var twin = Payment(100, symbol: 7);
        await store.Stage(Import("noon"), Statement(50, 150, twin), default);

        var evening = await store.Stage(Import("evening"), Statement(150, 250, twin), default);

        Assert.Equal((1, 0, 0), (evening.Counts.Read, evening.Counts.AlreadyKnown, evening.Counts.Suspense));
    }

    [Fact]
    public async Task A_refused_file_leaves_nothing_but_the_refusal()
    {
        var import = Import();

        await Assert.ThrowsAsync<StatementFormatException>(() => store.Stage(import, BrokenAfter([.. Enumerable.Range(1, 2_000).Select(i => Payment(i))]), default));

        var refused = await store.Find(import.Id, default);
        Assert.Equal(ImportStatus.Refused, refused!.Status);
        Assert.Equal("may.gpc: record 17, line 52: expected an amount of 12 digits, found '12a'.", refused.Refusal);
        Assert.Equal(ImportCounts.None, refused.Counts);
        Assert.Equal(0, await database.Scalar<long>("SELECT count(*) FROM statement_entries"));
        Assert.Empty(await store.Unfinished(default));
    }

    [Fact]
    public async Task A_refused_import_is_not_finished_by_asking_again()
    {
        var import = Import();
        await Assert.ThrowsAsync<StatementFormatException>(() => store.Stage(import, BrokenAfter(Payment(1)), default));

        Assert.Equal(ImportStatus.Refused, (await store.Stage(import, File(Payment(1)), default)).Status);
        Assert.Equal(ImportStatus.Refused, (await store.Finish(import.Id, DateTimeOffset.UnixEpoch, default)).Status);
    }

    [Fact]
    public async Task A_file_whose_reading_breaks_off_leaves_nothing_and_can_be_sent_again()
    {
        var import = Import();

        await Assert.ThrowsAsync<IOException>(() => store.Stage(import, BreaksOff(), default));
        Assert.Null(await store.Find(import.Id, default));

        Assert.Equal(1, (await store.Stage(import, File(Payment(1)), default)).Counts.Read);
    }

    [Fact]
    public async Task A_text_that_the_database_cannot_hold_refuses_the_file_and_names_the_record()
    {
        var refusal = await Assert.ThrowsAsync<StatementFormatException>(() => store.Stage(Import(), File(Payment(1, message: "a\0b")), default));

        Assert.Equal("record 1, line 2", refusal.Position);
    }

    [Fact]
    public async Task A_statement_that_does_not_add_up_is_reported_and_still_stored()
    {
        var staged = await store.Stage(Import(), Statement(opening: 1_000, closing: 1_600, Payment(499), Reversal(99)), default);

        Assert.Equal(
            ["account 2000145399/0800: the statement does not add up: from 1000.00 CZK, its entries lead to 1400.00 CZK, but it closes with 1600.00 CZK"],
            staged.Warnings);
        Assert.Equal(2, staged.Counts.Read);
    }

    [Fact]
    public async Task A_statement_that_adds_up_or_does_not_say_is_fine()
    {
        Assert.Empty((await store.Stage(Import(), Statement(opening: 1_000, closing: 1_499, Payment(499)), default)).Warnings);
        Assert.Empty((await store.Stage(Import(), Statement(opening: null, closing: 7, Payment(498)), default)).Warnings);
    }

    [Fact]
    public async Task What_the_reader_says_about_the_balance_is_not_said_twice()
    {
        var staged = await store.Stage(
            Import(),
            Items(
                new StatementOpened(OwnAccount, Currency.Czk, "5", Money.Czk(1), Day), new StatementWarning("does not add up", "record 3"),
                new StatementClosed(OwnAccount, Money.Czk(2), Day)),
            default);

        Assert.Equal(["record 3: does not add up"], staged.Warnings);
    }

    [Fact]
    public async Task Each_statement_of_a_file_adds_up_on_its_own()
    {
        var staged = await store.Stage(
            Import(),
            Items(
                new StatementOpened(OwnAccount, Currency.Czk, "5", Money.Czk(0), Day), new StatementEntryRead(Payment(5)),
                new StatementClosed(OwnAccount, Money.Czk(5), Day),
                new StatementOpened("other", Currency.Eur, "1", Money.Eur(7), Day), new StatementClosed("other", Money.Eur(7), Day)),
            default);

        Assert.Empty(staged.Warnings);
    }

    [Fact]
    public async Task Warnings_are_kept_up_to_their_bound()
    {
        var warnings = Enumerable.Range(1, 250).Select(i => new StatementWarning("odd", $"record {i}")).ToArray<StatementItem>();

        Assert.Equal(StatementImport.MaxWarnings, (await store.Stage(Import(), Items(warnings), default)).Warnings.Count);
    }

    [Fact]
    public async Task That_a_statement_does_not_add_up_is_said_first_and_of_what_is_not_said_the_number()
    {
        StatementItem[] items =
        [
            new StatementOpened(OwnAccount, Currency.Czk, "5", Money.Czk(1), Day), .. Enumerable.Range(1, 250).Select(i => new StatementWarning("odd", $"record {i}")),
            new StatementWarning("does not add up", "record 1"), new StatementClosed(OwnAccount, Money.Czk(2), Day) { Balance = BalanceVerdict.Contradicted },
        ];

        var warnings = (await store.Stage(Import(), Items(items), default)).Warnings;

        Assert.Equal((StatementImport.MaxWarnings, "record 1: does not add up", "record 1: odd", "152 more warnings"), (warnings.Count, warnings[0], warnings[1], warnings[^1]));
    }

    [Fact]
    public async Task Imports_that_race_with_the_same_entries_store_each_once()
    {
        var entries = Enumerable.Range(1, 500).Select(i => Payment(i, reference: $"R{i}")).ToArray();
        var backwards = entries.Reverse().ToArray();

        var staged = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.Stage(Import($"{i}"), File(i % 2 == 0 ? entries : backwards), default)));

        Assert.Equal(500, await database.Scalar<long>("SELECT count(*) FROM statement_entries"));
        Assert.Equal(500, staged.Sum(import => import.Counts.Read - import.Counts.AlreadyKnown));
    }

    [Fact]
    public async Task The_same_import_sent_twice_at_once_is_one_import()
    {
        var import = Import();

        var staged = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => store.Stage(import, File(Payment(1), Payment(2)), default)));

        Assert.All(staged, found => Assert.Equal((2, 0), (found.Counts.Read, found.Counts.AlreadyKnown)));
    }

    private async Task<IReadOnlyList<StoredEntry>> Pending(StatementImport import) => await store.PendingAfter(import.Id, 0, 1_000, default);

    private static IAsyncEnumerable<StatementItem> Statement(decimal? opening, decimal? closing, params StatementEntry[] entries) => Items(
    [
        new StatementOpened(OwnAccount, Currency.Czk, "5", opening is { } from ? Money.Czk(from) : null, Day),
        .. entries.Select(entry => new StatementEntryRead(entry)),
        new StatementClosed(OwnAccount, closing is { } to ? Money.Czk(to) : null, Day),
    ]);

    private static async IAsyncEnumerable<StatementItem> BreaksOff()
    {
        await foreach (var item in File(Payment(1), Payment(2))) yield return item;
        throw new IOException("the connection was closed");
    }
}
