using System.Diagnostics;
using System.Globalization;
using IspBilling.FaultKit.Clients;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>An engine in a process of its own, or several as one, with clients, callers at work, and somebody who checks the books.</summary>
internal sealed class TrialBed : IAsyncDisposable
{
    public const string DatabaseName = "billing";
    private static readonly TimeSpan RestLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan WatchPause = TimeSpan.FromMilliseconds(100);
    private readonly TrialOptions _options;
    private readonly NpgsqlDataSource _database;
    private readonly List<string> _problems = [];
    private readonly string _purpose;
    private readonly DateOnly _began = TrialTime.Today;
    private readonly EngineProcess[] _engines;
    private readonly List<(int Which, EngineProcess Process)> _ended = [];
    private Traffic? _traffic;
    private bool _isWatched;
    private Guid _runBefore;
    private int _round;

    private TrialBed(TrialOptions options, string purpose, string apiKey, EngineProcess[] engines, string connectionString)
    {
        (_options, _purpose, _engines) = (options, purpose, engines);
        _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 10 });
        Books = new EngineBooks(_database);
        Caller = new EngineClient([.. engines.Where(engine => engine.Place.IsFront).Select(engine => engine.Place.Address)], apiKey, Tally);
    }

    public EngineBooks Books { get; }

    public EngineClient Caller { get; }

    public Tally Tally { get; } = new();

    public Traffic Traffic => _traffic ?? throw new InvalidOperationException("not opened");

    /// <summary>An engine with a private server, on data made beforehand.</summary>
    public static async Task<TrialBed> OnPrivateServer(TrialOptions options, string purpose, string dataDirectory, CancellationToken cancellation)
    {
        var server = ServerOf(dataDirectory);
        await EmbeddedPostgres.Remove(server, cancellation);
        var key = await Seed(server, options, cancellation);
        var api = await EngineProcess.Start(EnginePlace.Api(database: null, dataDirectory) with { Clock = TrialTime.Clock }, key);
        var connection = EmbeddedPostgres.FindRunning(server, DatabaseName) ?? throw new InvalidOperationException("an engine that is ready has a server");
        return new TrialBed(options, purpose, key, [api], connection);
    }

    /// <summary>Engines that were given a database; <paramref name="behind"/> is the harness's own way to it.</summary>
    public static async Task<TrialBed> OnGivenServer(
        TrialOptions options, string purpose, IEnumerable<EnginePlace> places, string behind, string apiKey)
    {
        var engines = await EngineProcess.StartAll(places, apiKey);
        return new TrialBed(options, purpose, apiKey, engines, behind);
    }

    /// <summary>Bills the first month, so that there is something to pay, and lets the callers in.</summary>
    public async Task Open()
    {
        var month = Work();
        await month.Bill();
        await Rest(month);
        (_runBefore, var problems) = await month.Check(_options.Clients);
        _problems.AddRange(problems);
        _traffic = new Traffic(Caller, await Books.Clients(), _options.Seed);
    }

    /// <summary>The next month's work, not begun.</summary>
    public async Task<MonthOfWork> NextMonth()
    {
        _round++;
        var month = Work();
        await month.Prepare();
        return month;
    }

    /// <summary>How long a round takes when nobody disturbs it.</summary>
    public async Task<TimeSpan> Rehearse(CancellationToken cancellation)
    {
        var month = await NextMonth();
        var started = Stopwatch.GetTimestamp();
        await month.Ask();
        await Rest(month);
        var took = Stopwatch.GetElapsedTime(started);
        await Check(month, cancellation);
        return took;
    }

    /// <param name="which">Of several.</param>
    public async Task KillEngine(int which = 0) => await _engines[which].Kill();

    /// <summary>On the same address; does not wait for it.</summary>
    public async Task LaunchEngine(int which = 0)
    {
        await _engines[which].DisposeAsync();
        _engines[which] = EngineProcess.Launch(_engines[which].Place);
    }

    /// <summary>Engines that ended by themselves while they were watched.</summary>
    public IReadOnlyList<(int Which, EngineProcess Process)> Ended => _ended;

    /// <summary>Until some work is done, starts engines again that end by themselves, as an operator's watchdog does.</summary>
    public async Task<T> Watch<T>(Task<T> work)
    {
        _isWatched = true;
        while (!work.IsCompleted)
        {
            for (var which = 0; which < _engines.Length; which++)
            {
                if (!_engines[which].HasEnded) continue;
                _options.Say($"Engine {which + 1} of {_engines.Length} ended with {_engines[which].ExitCode} and is started again.");
                // Disposed at the end only: somebody may be asking it right now.
                _ended.Add((which, _engines[which]));
                _engines[which] = EngineProcess.Launch(_engines[which].Place);
            }

            await Task.WhenAny(work, Task.Delay(WatchPause));
        }

        _isWatched = false;
        return await work;
    }

    /// <summary>kill -9 of the postmaster of the engine's private server.</summary>
    public async Task KillPostgres()
    {
        var pidFile = Path.Combine(ServerOf(_engines[0].Place.DataDirectory), "cluster", "postmaster.pid");
        var pid = int.Parse((await File.ReadAllLinesAsync(pidFile))[0], CultureInfo.InvariantCulture);
        using var postmaster = Process.GetProcessById(pid);
        postmaster.Kill();
    }

    /// <summary>Until all engines are ready.</summary>
    public Task<TimeSpan> UntilComplete() => Until.So(AreReady, ServiceLimit, Output);

    /// <summary>Until all engines are ready, and a read and a write are served.</summary>
    public Task<TimeSpan> UntilServed() => Until.So(
        async () => await AreReady()
            && (await Caller.Get("/v1/clients?limit=5")).IsSuccess
            && (await Traffic.Probe(TrialTime.Today)).IsSuccess,
        ServiceLimit,
        Output);

    /// <summary>Until the run has ended and every movement of the file has.</summary>
    public Task<TimeSpan> Rest(MonthOfWork month) => Until.So(
        async () => await Books.IsThere() && await month.UnderWay() is { Run: false, Import: false },
        RestLimit,
        () => $"the work of round {_round} does not end:\n{Output()}");

    /// <summary>With callers standing still: what they were told against what is there, and the whole audit.</summary>
    public async Task Check(MonthOfWork month, CancellationToken cancellation)
    {
        await Traffic.Pause();
        await Until.So(
            async () => await Books.Count("statement_imports WHERE finished_at IS NULL") == 0, RestLimit,
            () => $"an import is not resumed in round {_round}:\n{Output()}", cancellation);
        _problems.AddRange(ErrandCheck.Problems(Traffic.Errands, await Books.EffectsOfErrands()));
        (_runBefore, var problems) = await month.Check(_options.Clients);
        _problems.AddRange(problems);
        _problems.AddRange(await Books.Audit(cancellation));
        Traffic.Resume();
    }

    public void Problem(string problem) => _problems.Add(problem);

    /// <summary>Lets every errand be answered, and looks a last time: each happened exactly once.</summary>
    public async Task<TrialReport> Close(
        string name, IEnumerable<RoundReport> rounds, IEnumerable<(string, string)> facts, CancellationToken cancellation)
    {
        await Traffic.Finish();
        _problems.AddRange(ErrandCheck.Problems(Traffic.Errands, await Books.EffectsOfErrands()));
        var unanswered = Traffic.Errands.Count(errand => errand.Value == ErrandState.Unknown);
        if (unanswered > 0) _problems.Add($"{unanswered} errands never got an answer");
        if (Tally.UnexpectedCount > 0) _problems.Add($"{Tally.UnexpectedCount} answers that no client should get, such as {string.Join(" | ", Tally.Unexpected)}\n{string.Join('\n', _engines.Select(engine => engine.Failures()))}");
        _problems.AddRange(await Books.Audit(cancellation));
        return new TrialReport(name, [.. rounds], Tally, Traffic.Errands.Count, [.. facts], [.. _problems.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Lets all engines finish what they have begun.</summary>
    /// <returns>What is wrong with how they ended.</returns>
    public async Task<IReadOnlyList<string>> Stop()
    {
        var exitCodes = await Task.WhenAll(_engines.Select(engine => engine.Stop()));
        return
        [
            .. _engines.Zip(exitCodes)
                .Where(engine => engine.Second != 0 && !engine.First.WasDeclaredDead)
                .Select(engine => $"an engine that was told to stop ended with {engine.Second}\n{engine.First.Output()}"),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (_traffic is not null) await _traffic.DisposeAsync();
        foreach (var engine in _engines.Concat(_ended.Select(ended => ended.Process))) await engine.DisposeAsync();
        Caller.Dispose();
        await _database.DisposeAsync();
        if (_engines[0].Place is { Database: null } place) await EmbeddedPostgres.Remove(ServerOf(place.DataDirectory), CancellationToken.None);
    }

    private async Task<bool> AreReady() =>
        (await Task.WhenAll(_engines.Select(engine => _isWatched ? engine.Answers() : engine.IsReady()))).All(ready => ready);

    private string Output() => string.Join('\n', _engines.Select(engine => engine.Output()));

    private static string ServerOf(string dataDirectory) => Path.Combine(dataDirectory, "postgres");

    private MonthOfWork Work() => new(Caller, Books, _began, _round, _runBefore, _purpose);

    private static async Task<string> Seed(string directory, TrialOptions options, CancellationToken cancellation)
    {
        await using var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = directory }, cancellation);
        await server.EnsureDatabase(DatabaseName, cancellation);
        await using var database = NpgsqlDataSource.Create(server.ConnectionString(DatabaseName));
        return await SeededProvider.Put(database, options.Clients, options.Seed, cancellation);
    }
}
