using IspBilling.Domain;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Migrations;

/// <summary>Settings that an earlier release stored without anybody's name.</summary>
public sealed class SettingsJournalMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase();
        await new Migrator(database.Source, MigrationSet.From(MigrationSet.OfProgram.Migrations.TakeWhile(step => step.Name != "settings_journal"))).Apply(default);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Each_setting_has_one_entry_and_the_chain_goes_on_from_there()
    {
        await database.Execute(
            """
            INSERT INTO issuers (id, revision, definition) VALUES
                (1, 1, '{"id":1,"revision":1,"name":"Old s.r.o.","address":{"street":"Long 1","city":"Brno","postalCode":"60200","country":"CZ"},"companyNumber":"12345678","currency":"CZK","bankAccount":{"iban":"CZ6508000000192000145399"}}'),
                (1, 2, '{"id":1,"revision":2,"name":"Síť s.r.o.","address":{"street":"Long 1","city":"Brno","postalCode":"60200","country":"CZ"},"companyNumber":"12345678","currency":"CZK","bankAccount":{"iban":"CZ6508000000192000145399"}}');
            INSERT INTO tariffs (id, code, definition) VALUES
                (1, 'FIBRE', '{"id":1,"code":"FIBRE","name":"Fibre","kind":"Internet","priceMode":"Gross","vatCategory":"Standard","versions":[{"validFrom":"2026-01-01","monthlyPrice":"499.00 CZK"}]}');
            INSERT INTO settings (key, value) VALUES ('catalogue-revision', '41'), ('correction-horizon-months', '36'), ('demo', 'yes'),
                ('dunning-policy', '{"name":"usual","steps":[],"thankOnClearing":true}');
            INSERT INTO api_keys (hash, name, scopes, created_at) VALUES ('\x01', 'crm', '{billing}', '2026-01-01T08:00:00.123456Z');
            """);

        await new Migrator(database.Source, MigrationSet.OfProgram).Apply(default);

        var entries = (await new SettingsJournal(database.Source).List(new SettingsFilter(), null, 10, default)).Reverse().ToList();
        Assert.Equal(
            [(1L, "issuer", "1"), (2, "tariff", "FIBRE"), (3, "dunning-policy", "default"), (4, "correction-horizon", "default"), (5, "api-key", "1")],
            entries.Select(entry => (entry.Revision, entry.Kind, entry.Key)));
        Assert.All(entries, entry => Assert.Equal((Actor.System("taken over from an earlier release"), null), (entry.By, entry.Before)));
        Assert.Contains("Síť s.r.o.", entries[0].After, StringComparison.Ordinal);
        var store = new SettingsStore(database.Source);
        await store.PutCorrectionHorizon(24, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), default);
        Assert.Empty((await LedgerAudit.Run(database.Source, null, default)).Findings);
    }

    [Fact]
    public async Task An_empty_database_begins_with_an_empty_journal()
    {
        await new Migrator(database.Source, MigrationSet.OfProgram).Apply(default);

        Assert.Empty(await new SettingsJournal(database.Source).List(new SettingsFilter(), null, 10, default));
    }
}
