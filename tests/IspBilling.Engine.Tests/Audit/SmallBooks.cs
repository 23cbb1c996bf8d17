using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Tests.Journal;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Audit;

/// <summary>A small, complete set of books: an eventful account, one of another issuer, and one with a debt.</summary>
internal sealed class SmallBooks : IAsyncDisposable
{
    public const string Entry = "0123456789abcdef0123456789abcdef";

    private SmallBooks(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public static async Task<SmallBooks> Write()
    {
        var books = new SmallBooks(await new PostgresFixture().NewDatabase(MigrationSet.OfProgram));
        await using var journal = books.OpenJournal();
        var eventful = new Writer(journal, 1);
        foreach (var (today, command) in Lives.Eventful) await eventful.Commit(command(eventful.State), today);
        var elsewhere = await new Writer(journal, 2).Subscribe(Given.OtherIssuer);
        await elsewhere.Commit(Given.Bill("2026-03-01"), "2026-03-01");
        var debtor = await new Writer(journal, 3).Subscribe();
        await debtor.Commit(Given.Bill("2026-04-01"), "2026-04-01");
        await debtor.Commit(Given.Payment(Entry, 500, "2026-04-02"), "2026-04-02");
        await books.AddEntry(Entry, state: 1, amount: 500_00, isReversal: false, direction: 0);
        return books;
    }

    public PostgresJournal OpenJournal() => new(Database.Source, new PostgresJournalOptions());

    public Task<AuditReport> Audit() => LedgerAudit.Run(Database.Source, progress: null, CancellationToken.None);

    /// <summary>Appends to account 3 what no decision would: the journal writes what it is given.</summary>
    public async Task Forge(Func<AccountState, IEnumerable<AccountEvent>> forge)
    {
        await using var journal = OpenJournal();
        var writer = new Writer(journal, 3);
        await writer.Load();
        var events = forge(writer.State).ToArray();
        var state = events.Aggregate(writer.State, (folded, happened) => folded.Evolve(happened));
        var commit = writer.Decide(new Review(), "2026-05-01") with { Decision = new Decision([.. events], MessagesOf(writer.State, events), Done.Instance, state) };
        Assert.IsType<AppendResult.Committed>(await writer.Append(commit));
    }

    /// <summary>The same for events that fold to no state: the one stored with them is the one before.</summary>
    public async Task ForgeUnfolded(Func<AccountState, IEnumerable<AccountEvent>> forge)
    {
        await using var journal = OpenJournal();
        var writer = new Writer(journal, 3);
        await writer.Load();
        var events = forge(writer.State).ToArray();
        var state = writer.State with { Version = writer.State.Version + events.Length };
        var commit = writer.Decide(new Review(), "2026-05-01") with { Decision = new Decision([.. events], [], Done.Instance, state) };
        Assert.IsType<AppendResult.Committed>(await writer.Append(commit));
    }

    private static ImmutableArray<OutgoingMessage> MessagesOf(AccountState state, IEnumerable<AccountEvent> events) =>
        [.. events.OfType<DocumentIssued>().Select(issued => new DeliverDocument(issued.Document.Ordinal, state.RequiredProfile.Delivery))];

    /// <summary>A statement entry, as an import would have left it.</summary>
    public Task AddEntry(string identity, short state, long amount, bool isReversal, short direction) => Database.Execute(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        INSERT INTO statement_imports (id, file_name, format, requested_by, started_at, status) VALUES ('{Guid.Empty}', 'f', 'gpc', 'clerk', now(), 2) ON CONFLICT DO NOTHING;
        INSERT INTO statement_entries (import_id, identity, state, account_id, own_account, amount, currency, direction, is_reversal, booked_on, value_on, position)
        VALUES ('{Guid.Empty}', '{identity}', {state}, CASE {state} WHEN 1 THEN 3 END, '1/0100', {amount}, 'CZK', {direction}, {isReversal}, '2026-04-02', '2026-04-02', 'record 1')
        ON CONFLICT (identity) DO UPDATE SET state = excluded.state, account_id = excluded.account_id, amount = excluded.amount
        """));

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
