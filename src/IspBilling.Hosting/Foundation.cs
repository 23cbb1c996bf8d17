using System.Collections.Immutable;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting;

/// <summary>
/// What every host of the engine stands on: the database, the provider's settings, the journal. Disposed, it waits until every commit
/// has landed and then lets the database go.
/// </summary>
public sealed class Foundation : IAsyncDisposable
{
    private Foundation(HostSettings settings, Database database, LiveContext contexts, ImmutableArray<string> greeting)
    {
        (Settings, Database, Contexts, Greeting) = (settings, database, contexts, greeting);
        Journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
    }

    public HostSettings Settings { get; }

    public Database Database { get; }

    public LiveContext Contexts { get; }

    public PostgresJournal Journal { get; }

    /// <summary>What the operator should read when it starts.</summary>
    public ImmutableArray<string> Greeting { get; }

    /// <summary>Opens the database at the program's schema and makes an empty one usable.</summary>
    public static async Task<Foundation> Lay(HostSettings settings, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(logging => Telemetry.Configure(logging, settings));
        var zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
        var database = await Database.Open(settings, logs, cancellation);
        try
        {
            var store = new SettingsStore(database.Source);
            ImmutableArray<string> greeting = [.. OddClock(settings.Clock), .. await new FirstStart(database.Source, settings).Prepare(cancellation)];
            return new Foundation(settings, database, new LiveContext(settings.Clock, zone, await store.Load(cancellation)), greeting);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<string> OddClock(TimeProvider clock)
    {
        if (clock is ShiftedClock)
            yield return $"ISPBILLING__CLOCK is set: the business date is {clock.GetUtcNow():yyyy-MM-dd}, whatever the calendar says. Documents are dated by it.";
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Database.DisposeAsync();
    }
}
