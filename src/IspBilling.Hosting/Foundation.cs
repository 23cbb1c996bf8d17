using System.Collections.Immutable;
using IspBilling.Access.Ring;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Reviews;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting;

/// <summary>
/// What every node stands on: its directory, the database, the provider's settings, the journal. Disposed, it waits until every commit
/// has landed and then lets the database go.
/// </summary>
internal sealed class Foundation : IAsyncDisposable
{
    private readonly NodeDirectory _directory;
    private readonly SiloPort _port;

    private Foundation(HostSettings settings, NodeDirectory directory, SiloPort port, Database database, LiveContext contexts, KeyRing? ring, ImmutableArray<string> greeting)
    {
        (Settings, _directory, _port, Database, Contexts, Ring, Greeting) = (settings, directory, port, database, contexts, ring, greeting);
        Journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        Brake = new RestrictionBrake(new PostgresPermits(database.Source, new ClientCount(database.Source)), contexts);
        contexts.Brake = Brake;
    }

    public HostSettings Settings { get; }

    public int SiloPort => _port.Number;

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(Settings.TimeZone);

    public Database Database { get; }

    public LiveContext Contexts { get; }

    public PostgresJournal Journal { get; }

    public RestrictionBrake Brake { get; }

    /// <summary>Opens what the database keeps encrypted; null on a worker, which opens nothing.</summary>
    public KeyRing? Ring { get; }

    /// <summary>What the operator should read when the node starts.</summary>
    public ImmutableArray<string> Greeting { get; }

    /// <summary>A front prepares an empty database; a worker waits until one has.</summary>
    public static async Task<Foundation> Lay(HostSettings settings, NodeRole role, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(logging => Telemetry.Configure(logging, settings));
        var laid = new Stack<IDisposable>();
        Database? database = null;
        try
        {
            var directory = Kept(NodeDirectory.Claim(settings.DataDirectory, isPassedThrough: settings.Database is null && Environment.IsPrivilegedProcess));
            var port = Kept(Hosting.SiloPort.Claim(settings, directory.Path));
            var isFront = role == NodeRole.Front;
            database = isFront ? await Database.Open(settings, logs, cancellation) : await Database.OpenPrepared(settings, cancellation);
            var ring = isFront ? await KeyRing.Open(new KeyRingStore(database.Source), settings.KeyFilePath, TimeProvider.System, cancellation) : null;
            ImmutableArray<string> greeting =
            [
                .. OddClock(settings.Clock), .. NewKeyFile(ring, settings), .. isFront ? await new FirstStart(database.Source, settings).PrepareSettings(cancellation) : [],
            ];
            var zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
            var contexts = new LiveContext(settings.Clock, zone, await new SettingsStore(database.Source).Load(cancellation), new NationalHolidays());
            return new Foundation(settings, directory, port, database, contexts, ring, greeting);
        }
        catch
        {
            if (database is not null) await database.DisposeAsync();
            while (laid.TryPop(out var part)) part.Dispose();
            throw;
        }

        T Kept<T>(T part) where T : IDisposable
        {
            laid.Push(part);
            return part;
        }
    }

    private static IEnumerable<string> OddClock(TimeProvider clock)
    {
        if (clock is ShiftedClock)
            yield return $"ISPBILLING__CLOCK is set: the business date is {clock.GetUtcNow():yyyy-MM-dd}, whatever the calendar says. Documents are dated by it.";
    }

    private static IEnumerable<string> NewKeyFile(KeyRing? ring, HostSettings settings)
    {
        if (ring is { IsNew: true })
            yield return $"The key file {settings.KeyFilePath} was made: it opens what the database keeps encrypted. Keep a copy with your backups, but apart from those of the database.";
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Database.DisposeAsync();
        _port.Dispose();
        _directory.Dispose();
    }
}
