using IspBilling.Demo;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Security;
using IspBilling.Local;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>A provider with clients whose services all begin with this month.</summary>
public static class SeededProvider
{
    /// <returns>A key to the API, with every scope.</returns>
    public static async Task<string> Put(NpgsqlDataSource database, int clients, int seed, CancellationToken cancellation)
    {
        await new Migrator(database, MigrationSet.OfProgram).Apply(cancellation);
        var settings = new SettingsStore(database);
        var tariffs = await DemoSettings.Put(settings, cancellation);
        var context = new LiveContext(TimeProvider.System, TimeZoneInfo.Utc, await settings.Load(cancellation));
        await using var journal = new PostgresJournal(database, new PostgresJournalOptions());
        await using var accounts = new LocalAccounts(journal, context, new LocalAccountsOptions());
        await new DemoSeeding(accounts, new ClientDirectory(database).GetOrCreateMany, tariffs)
            .Push(DemoClients.Generate(new DemoPopulation(clients, seed, MonthOf(context.Today), Plain: true)), progress: null, cancellation);
        var (_, key) = await new ApiKeyStore(database).Create("faults", Scopes.All, DateTimeOffset.UtcNow, cancellation);
        return key;
    }

    /// <summary>The first month that is billed.</summary>
    public static DateOnly MonthOf(DateOnly today) => new(today.Year, today.Month, 1);
}
