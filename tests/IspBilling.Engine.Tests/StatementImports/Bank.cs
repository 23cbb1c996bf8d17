using System.Globalization;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Json;
using IspBilling.Engine.StatementImports;
using IspBilling.Demo;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>A provider with clients whose payments come by statement files; everything real, on a database of its own.</summary>
internal sealed class Bank : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly PostgresJournal _journal;
    private readonly DirectAccounts _accounts;
    private readonly PostgresStatementImportStore _store;
    private readonly HandClock _clock = new("2026-02-20");
    private readonly StatementImporter _importer;

    private Bank(TestDatabase database)
    {
        _database = database;
        _journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        _accounts = new DirectAccounts(_journal, new LiveContext(_clock, TimeZoneInfo.Utc, Given.Settings));
        _store = new PostgresStatementImportStore(database.Source);
        _importer = new StatementImporter(new AccountBatches(_accounts), _store, _clock, new StatementImporterOptions());
    }

    public static async Task<Bank> Open() => new(await new PostgresFixture().NewDatabase(MigrationSet.OfProgram));

    public async Task<AccountReply> Ask(int account, AccountCommand command) =>
        await _accounts.Ask(new AccountId(account), new Envelope(Writer.NewId(), command, Actor.System("test")), CancellationToken.None);

    /// <summary>A client with a symbol of their own who owes 499.00 due 2026-02-01 and 499.00 due 2026-02-15.</summary>
    public async Task Debtor(int account, long symbol)
    {
        var writer = new Writer(_journal, account);
        var client = Given.Client(symbol: symbol);
        await writer.Commit(client with { Profile = client.Profile with { DueDays = 0 } }, "2026-01-01");
        await writer.Commit(Given.Service("net", "2026-01-01", Given.Slow, end: "2026-03-01"), "2026-01-01");
        await writer.Commit(Given.Bill("2026-01-01"), "2026-02-01");
        await writer.Commit(client, "2026-02-01");
        await writer.Commit(Given.Bill("2026-02-01"), "2026-02-01");
    }

    public async Task<AccountState> State(int account) => (await _journal.Load(new AccountId(account), default, bulk: false, CancellationToken.None)).State;

    public async Task<VariableSymbol> SymbolOf(int account, int document) => (await State(account)).FindDocument(document)!.Symbol!.Value;

    public async Task<decimal[]> Open(int account) => [.. (await State(account)).Documents.Select(document => document.Open.Major)];

    public async Task<decimal> Credit(int account) => (await State(account)).Payments.Sum(Currency.Czk, payment => payment.Unallocated).Major;

    public Task<StatementImport> Import(params IEnumerable<StatementEntry> entries) => _importer.Import(NewImport(), Items(entries), CancellationToken.None);

    /// <summary>What a reader gives, with its facts and balances.</summary>
    public Task<StatementImport> ImportItems(params StatementItem[] items) => _importer.Import(NewImport(), Items(items), CancellationToken.None);

    public Task<StatementImport> ImportFile(IAsyncEnumerable<StatementItem> items) => _importer.Import(NewImport(), items, CancellationToken.None);

    public ClerkDesk Desk => new(_accounts, _store);

    /// <summary>Suspense is looked at again.</summary>
    public Task<int> LookAgain() => new SuspenseReview(_store, Desk).Look(CancellationToken.None);

    public Task<StatementImport> ImportInPages(int pageSize, IEnumerable<StatementEntry> entries) =>
        new StatementImporter(new AccountBatches(_accounts), _store, _clock, new StatementImporterOptions { PageSize = pageSize }).Import(NewImport(), Items(entries), CancellationToken.None);

    /// <summary>All that the entries ask of accounts takes effect, but the engine dies before their outcomes are recorded; later it resumes.</summary>
    public async Task ImportAndDie(int asks, Func<Task> meanwhile, params IEnumerable<StatementEntry> entries)
    {
        using var death = new CancellationTokenSource();
        var doomed = new StatementImporter(new AccountBatches(new DyingAccounts(_accounts, asks, death)), _store, _clock, new StatementImporterOptions());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => doomed.Import(NewImport(), Items(entries), death.Token));
        await meanwhile();
        await _importer.Match(Assert.Single(await _store.Unfinished(CancellationToken.None)), CancellationToken.None);
    }

    /// <summary>How the entry with a reference ended.</summary>
    public async Task<EntryView> Entry(string reference)
    {
        await using var select = _database.Source.CreateCommand("SELECT id FROM statement_entries WHERE entry_reference = $1");
        select.Parameters.Add(new() { Value = reference });
        return (await _store.FindEntry((long)(await select.ExecuteScalarAsync())!, CancellationToken.None))!;
    }

    public async Task<EntryView> Entry(long id) => (await _store.FindEntry(id, CancellationToken.None))!;

    public Task Tamper(string sql) => _database.Tamper(sql);

    public Task<long> IdOf(string identity) => _database.Scalar<long>($"SELECT id FROM statement_entries WHERE identity = '{identity}'");

    /// <summary>The entry once more, in suspense, as an import would have left it that did not know it again.</summary>
    public Task Copy(string reference, string identity) => _database.Execute(
        $"""
        INSERT INTO statement_entries (import_id, identity, state, own_account, entry_reference, amount, currency, direction, is_reversal, booked_on, value_on, position, statement, reference_trust)
        SELECT import_id, '{identity}', 2, own_account, entry_reference, amount, currency, direction, is_reversal, booked_on, value_on, position, statement, reference_trust
        FROM statement_entries WHERE entry_reference = '{reference}'
        """);

    public async Task<IReadOnlyList<AuditFinding>> Findings() => (await LedgerAudit.Run(_database.Source, progress: null, CancellationToken.None)).Findings;

    public static StatementEntry Paid(
        string reference, decimal amount, string on, VariableSymbol? symbol = null, string? payer = null, string? message = null, string? order = null) => new(
        "2000145399/0800", reference, Money.Czk(amount), EntryDirection.Credit, IsReversal: false, Given.Day(on), Given.Day(on), payer, null, symbol, null, null,
        message, order, "record 1");

    public static StatementEntry PaidOut(string reference, decimal amount, string on, VariableSymbol? symbol = null, string? payer = null) =>
        Paid(reference, amount, on, symbol, payer) with { Direction = EntryDirection.Debit };

    public static StatementEntry TakenBack(string reference, decimal amount, string on, VariableSymbol? symbol = null, string? payer = null, string? order = null) =>
        Paid(reference, amount, on, symbol, payer, order: order) with { Direction = EntryDirection.Debit, IsReversal = true };

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _database.DisposeAsync();
    }

    private StatementImport NewImport() => new(
        new ImportId(Guid.NewGuid()), "statement.gpc", "gpc", Actor.System("clerk"), _clock.Now, null, ImportStatus.Reading, ImportCounts.None, [], null);

    private static async IAsyncEnumerable<StatementItem> Items(IEnumerable<StatementEntry> entries)
    {
        await Task.Yield();
        foreach (var entry in entries) yield return new StatementEntryRead(entry);
    }

    private static async IAsyncEnumerable<StatementItem> Items(IEnumerable<StatementItem> items)
    {
        await Task.Yield();
        foreach (var item in items) yield return item;
    }

    /// <summary>Answers as many commands as it may, and with the last the engine is gone.</summary>
    private sealed class DyingAccounts(IAccounts accounts, int asks, CancellationTokenSource death) : IAccounts
    {
        private int _asked;

        public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
        {
            var reply = await accounts.Ask(account, envelope, CancellationToken.None);
            if (Interlocked.Increment(ref _asked) == asks) await death.CancelAsync();
            return reply;
        }
    }
}
