using System.Collections.Immutable;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Local;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Faults.Tests;

/// <summary>A provider with clients in a fresh database, a key to its API, and an empty folder for the process.</summary>
internal sealed class Provider : IAsyncDisposable
{
    private Provider(TestDatabase database, string apiKey, string directory) => (Database, ApiKey, WorkFolder) = (database, apiKey, directory);

    public TestDatabase Database { get; }

    public string ApiKey { get; }

    public string WorkFolder { get; }

    public static async Task<Provider> With(int clients, PostgresFixture postgres)
    {
        var database = await postgres.NewDatabase(MigrationSet.OfProgram);
        var settings = new SettingsStore(database.Source);
        var tariffs = await DemoSettings.Put(settings, default);
        var context = new LiveContext(TimeProvider.System, TimeZoneInfo.Utc, await settings.Load(default));
        await using var journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        await using var accounts = new LocalAccounts(journal, context, new LocalAccountsOptions());
        var month = new DateOnly(context.Today.Year, context.Today.Month, 1);
        await new DemoSeeding(accounts, new ClientDirectory(database.Source).GetOrCreateMany, tariffs)
            .Push(DemoClients.Generate(new DemoPopulation(clients, Seed: 7, month, Plain: true)), progress: null, default);

        var (_, key) = await new ApiKeyStore(database.Source).Create("faults", ["operator", "billing", "payments", "clients:read", "clients:write"], DateTimeOffset.UtcNow, default);
        return new Provider(database, key, Directory.CreateDirectory(TestDirectory.New()).FullName);
    }

    public Task<long> Count(string table) => Database.Scalar<long>($"SELECT count(*) FROM {table}");

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
