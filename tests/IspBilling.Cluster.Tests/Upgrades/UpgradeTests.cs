using System.Diagnostics.Metrics;
using IspBilling.Cluster.Tests.Grains;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.StatementImports;
using IspBilling.Engine.Telemetry;
using IspBilling.Grains.Accounts;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Outgoing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace IspBilling.Cluster.Tests.Upgrades;

/// <summary>Every database below <c>tests/Upgrades</c> is taken over by today's program as it is.</summary>
public sealed class UpgradeTests
{
    private const string NotParked = "accounts a WHERE NOT EXISTS (SELECT FROM parked_accounts p WHERE p.account_id = a.id)";

    public static TheoryData<string> Releases =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Upgrades"), "*.sql.gz", SearchOption.AllDirectories)
            .Select(dump => Path.GetFileName(Path.GetDirectoryName(dump)!)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task The_books_of_an_earlier_release_are_clean_under_todays_program(string release)
    {
        await using var provider = await Open(release);

        Assert.Empty(await provider.Findings());
        Assert.True(await provider.Database.Scalar<long>("SELECT count(*) FROM documents") > 0);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Nothing_that_an_earlier_release_wrote_is_sent_when_channels_are_switched_on(string release)
    {
        await using var provider = await Open(release);
        var outbox = new PostgresOutbox(provider.Database.Source);
        Assert.True(await provider.Database.Scalar<long>("SELECT count(*) FROM outbox") > 20);

        foreach (var channel in Enum.GetValues<MessageChannel>())
        {
            await outbox.Switch(channel, isOn: true, Actor.System("test"), provider.Clock.Now, CancellationToken.None);
            Assert.Empty(await outbox.Claim(channel, "test", provider.Clock.Now.AddYears(1), provider.Clock.Now.AddYears(2), 100, CancellationToken.None));
        }

        Assert.Equal(0, await provider.Database.Scalar<long>("SELECT count(*) FROM outbox WHERE status <> 0"));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Accounts_load_from_the_snapshots_that_an_earlier_release_stored(string release)
    {
        await using var provider = await Open(release);
        var clients = await provider.Column<string>("SELECT reference FROM client_references ORDER BY reference");
        var untold = await provider.Database.Scalar<long>(Untold);
        using var refolds = new Refolds();
        using var crm = await provider.StartNode();

        foreach (var client in clients) (await crm.Get($"/v1/clients/{client}")).Must(200);
        Assert.InRange(refolds.Count, untold, LoadsAtMost * untold);
        Assert.True(refolds.Count < clients.Count, "all accounts were folded");

        // The count does count: an account whose snapshot cannot be read is folded again.
        var before = refolds.Count;
        await provider.Database.Execute($"UPDATE accounts SET state = '\\xff' WHERE id = (SELECT account_id FROM client_references WHERE reference = '{clients[0]}')");
        (await crm.Get($"/v1/clients/{clients[0]}")).Must(200);
        Assert.Equal(before + 1, refolds.Count);
    }

    /// <summary>An account is folded each time it is loaded until its next commit: for its missed turn, to bill, to be read.</summary>
    private const int LoadsAtMost = 4;

    /// <summary>
    /// Accounts of which a snapshot before format 5 does not tell everything, so that each of them is folded again once: the tax that credit notes
    /// have left, what changed after the last document, which one-off items left, and what a step or a promise that stands means now.
    /// </summary>
    private const string Untold =
        """
        SELECT count(*) FROM (
            SELECT account_id FROM documents WHERE kind = 1
            UNION
            SELECT j.account_id FROM journal j
            WHERE j.name IN ('service-terms-changed.v1', 'service-end-set.v1', 'service-paused.v1', 'pause-removed.v1', 'special-price-agreed.v1', 'special-price-removed.v1')
              AND NOT EXISTS (SELECT FROM documents d WHERE d.account_id = j.account_id AND d.version > j.version)
            UNION
            SELECT account_id FROM journal WHERE name IN ('one-off-added.v1', 'one-off-cancelled.v1', 'history-settled.v1')
            GROUP BY account_id HAVING bool_or(name = 'one-off-added.v1') AND bool_or(name <> 'one-off-added.v1')
            UNION
            SELECT account_id FROM (
                SELECT DISTINCT ON (account_id) account_id, name, convert_from(payload, 'UTF8')::jsonb ->> 'until' AS until FROM journal
                WHERE name IN ('dunning-step-taken.v1', 'dunning-cleared.v1', 'promise-made.v1') ORDER BY account_id, version DESC) last
            WHERE name = 'dunning-step-taken.v1' OR until IS NOT NULL) untold
        JOIN accounts a ON a.id = untold.account_id WHERE get_byte(a.state, 0) < 5
        """;

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Nothing_is_issued_unasked_when_every_account_has_had_its_turn(string release)
    {
        await using var provider = await Open(release);
        var before = await Documents(provider);
        var accounts = await provider.Column<long>($"SELECT id FROM {NotParked} ORDER BY id");
        using var crm = await provider.StartNode();
        var grains = provider.Services.GetRequiredService<IGrainFactory>();

        // As a reminder would ask each of them, and whoever looks for missed ones.
        foreach (var account in accounts) await grains.GetGrain<IAccountGrain>(account).CatchUp();
        await UnfinishedWorkEnds(provider);

        Assert.Equal(before, await Documents(provider));
        Assert.True(await provider.Database.Scalar<long>($"SELECT count(*) FROM {NotParked} AND next_bill_on <= '{provider.Clock.Now:yyyy-MM-dd}'") > 0, "nobody was due");
        Assert.Empty(await provider.Findings());
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_bill_run_on_a_database_of_an_earlier_release_is_complete(string release)
    {
        await using var provider = await Open(release);
        using var crm = await provider.StartNode();
        await UnfinishedWorkEnds(provider);
        var before = (await Documents(provider)).Count;

        var run = (await crm.Post("/v1/billing-runs", new { mode = "issue", through = $"{provider.Clock.Now:yyyy-MM-dd}" })).Must(202).Text("id");
        await UnfinishedWorkEnds(provider);

        var proof = (await crm.Get($"/v1/billing-runs/{run}/proof")).Must(200);
        Assert.True(proof["isComplete"].GetBoolean(), proof.Body);
        var issued = (await crm.Get($"/v1/billing-runs/{run}")).Must(200)["documents"].GetInt32();
        Assert.True(issued > 0, "nobody was billed");
        Assert.Equal(before + issued, (await Documents(provider)).Count);
        Assert.Empty(await provider.Findings());
    }

    private static Task<UpgradedProvider> Open(string release) =>
        UpgradedProvider.Of(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Upgrades", release), "*.sql.gz").Single());

    private static Task<IReadOnlyList<string>> Documents(UpgradedProvider provider) => provider.Column<string>("SELECT number FROM documents ORDER BY issuer, number");

    private static Task UnfinishedWorkEnds(UpgradedProvider provider) => ProviderCluster.Until(async () =>
        await provider.Database.Scalar<long>(
            "SELECT (SELECT count(*) FROM billing_runs WHERE finished_at IS NULL) + (SELECT count(*) FROM statement_imports WHERE finished_at IS NULL)") == 0
            ? "ended"
            : null);

    /// <summary>The bank tells the month once more, in a file of another day with another statement around it, and whatever it told of each movement.</summary>
    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_file_that_overlaps_what_an_earlier_release_imported_brings_only_what_is_new(string release)
    {
        await using var provider = await Open(release);
        var store = new PostgresStatementImportStore(provider.Database.Source);
        var imported = await provider.Column<long>("SELECT id FROM statement_entries ORDER BY id");
        var numbers = await provider.Column<string>("SELECT coalesce(document_number, '') FROM statement_entries ORDER BY id");
        var balances = await provider.Column<long>("SELECT coalesce(balance_before, -1) FROM statement_entries ORDER BY id");
        var told = new List<StatementEntryRead>();
        foreach (var ((id, number), balance) in imported.Zip(numbers).Zip(balances))
        {
            told.Add(new StatementEntryRead((await store.FindEntry(id, CancellationToken.None))!.Entry)
            {
                Facts = new EntryFacts { DocumentNumber = number.Length > 0 ? number : null, BalanceBefore = balance >= 0 ? new Money(balance, Currency.Czk) : null },
            });
        }

        told.Add(new StatementEntryRead(told[0].Entry with { Amount = Money.Czk(17.17m), CounterName = "NOVY PLATCE" }));

        var again = new StatementImport(new ImportId(Guid.NewGuid()), "again.gpc", "GPC", Actor.System("clerk"), provider.Clock.Now, null, ImportStatus.Reading, ImportCounts.None, [], null);
        var staged = await store.Stage(again, Told(told), CancellationToken.None);

        Assert.True(imported.Count > 20, $"only {imported.Count} entries");
        Assert.Equal((imported.Count + 1, imported.Count, 0), (staged.Counts.Read, staged.Counts.AlreadyKnown, staged.Counts.Suspense));
        Assert.Equal(17.17m, Assert.Single(await store.PendingAfter(staged.Id, 0, 10, CancellationToken.None)).Entry.Amount.Major);
    }

    private static async IAsyncEnumerable<StatementItem> Told(IReadOnlyList<StatementEntryRead> entries)
    {
        await Task.Yield();
        var account = entries[0].Entry.OwnAccount;
        yield return new StatementOpened(account, Currency.Czk, "99", Opening: null, OpenedOn: null);
        foreach (var entry in entries) yield return entry;
        yield return new StatementClosed(account, Closing: null, ClosedOn: null);
    }

    /// <summary>Counts the accounts of this process that were folded from their events because their snapshot could not be read.</summary>
    private sealed class Refolds : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Refolds()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: EngineTelemetry.Name, Name: "ispbilling.load.refolds" }) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _count, count));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
