using System.Diagnostics;
using System.Globalization;
using IspBilling.FaultKit.Clients;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>An engine in a process of its own with clients, callers at work, and somebody who checks the books.</summary>
internal sealed class TrialBed : IAsyncDisposable
{
    public const string DatabaseName = "billing";
    private static readonly TimeSpan RestLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromMinutes(3);
    private readonly TrialOptions _options;
    private readonly string _apiKey;
    private readonly NpgsqlDataSource _database;
    private readonly List<string> _problems = [];
    private readonly string _purpose;
    private readonly DateOnly _began = MonthOfWork.Today;
    private ApiProcess _api;
    private Traffic? _traffic;
    private Guid _runBefore;
    private int _round;

    private TrialBed(TrialOptions options, string purpose, string apiKey, ApiProcess api, string connectionString)
    {
        (_options, _purpose, _apiKey, _api) = (options, purpose, apiKey, api);
        _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 10 });
        Books = new Books(_database);
        Caller = new Caller(api.Place.Address, apiKey, Tally);
    }

    public Books Books { get; }

    public Caller Caller { get; }

    public Tally Tally { get; } = new();

    public ApiProcess Api => _api;

    public Traffic Traffic => _traffic ?? throw new InvalidOperationException("not opened");

    /// <summary>An engine with a private server, on data made beforehand.</summary>
    public static async Task<TrialBed> OnPrivateServer(TrialOptions options, string purpose, string dataDirectory, CancellationToken cancellation)
    {
        var server = ServerOf(dataDirectory);
        await EmbeddedPostgres.Remove(server, cancellation);
        var key = await Seed(server, options, cancellation);
        var api = await ApiProcess.Start(new ApiPlace(Database: null, dataDirectory, ApiPlace.FreePort()), key);
        var connection = EmbeddedPostgres.FindRunning(server, DatabaseName) ?? throw new InvalidOperationException("an engine that is ready has a server");
        return new TrialBed(options, purpose, key, api, connection);
    }

    /// <summary>An engine that was given a database; <paramref name="behind"/> is the harness's own way to it.</summary>
    public static async Task<TrialBed> OnGivenServer(
        TrialOptions options, string purpose, string database, string behind, string apiKey) =>
        new(options, purpose, apiKey, await ApiProcess.Start(new ApiPlace(database, Path.Combine(options.Directory, "api"), ApiPlace.FreePort()), apiKey), behind);

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

    public async Task KillEngine() => await _api.Kill();

    /// <summary>On the same address; does not wait for it.</summary>
    public async Task LaunchEngine()
    {
        await _api.DisposeAsync();
        _api = ApiProcess.Launch(_api.Place);
    }

    /// <summary>kill -9 of the postmaster of the engine's private server.</summary>
    public async Task KillPostgres()
    {
        var pidFile = Path.Combine(ServerOf(_api.Place.DataDirectory), "cluster", "postmaster.pid");
        var pid = int.Parse((await File.ReadAllLinesAsync(pidFile))[0], CultureInfo.InvariantCulture);
        using var postmaster = Process.GetProcessById(pid);
        postmaster.Kill();
    }

    /// <summary>Until the engine is ready, and serves a read and a write.</summary>
    public Task<TimeSpan> UntilServed() => Until.So(
        async () => await _api.IsReady()
            && (await Caller.Get("/v1/clients?limit=5")).IsSuccess
            && (await Traffic.Probe(MonthOfWork.Today)).IsSuccess,
        ServiceLimit,
        _api.Output);

    /// <summary>Until the run has ended and every movement of the file has.</summary>
    public Task<TimeSpan> Rest(MonthOfWork month) => Until.So(
        async () => await Books.IsThere() && await month.UnderWay() is { Run: false, Import: false },
        RestLimit,
        () => $"the work of round {_round} does not end:\n{_api.Output()}");

    /// <summary>With callers standing still: what they were told against what is there, and the whole audit.</summary>
    public async Task Check(MonthOfWork month, CancellationToken cancellation)
    {
        await Traffic.Pause();
        await Until.So(
            async () => await Books.Count("statement_imports WHERE finished_at IS NULL") == 0, RestLimit,
            () => $"an import is not resumed in round {_round}:\n{_api.Output()}", cancellation);
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
        if (Tally.UnexpectedCount > 0) _problems.Add($"{Tally.UnexpectedCount} answers that no client should get, such as {string.Join(" | ", Tally.Unexpected)}\n{_api.Failures()}");
        _problems.AddRange(await Books.Audit(cancellation));
        return new TrialReport(name, [.. rounds], Tally, Traffic.Errands.Count, [.. facts], [.. _problems.Distinct(StringComparer.Ordinal)]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_traffic is not null) await _traffic.DisposeAsync();
        await _api.DisposeAsync();
        Caller.Dispose();
        await _database.DisposeAsync();
        if (_api.Place.Database is null) await EmbeddedPostgres.Remove(ServerOf(_api.Place.DataDirectory), CancellationToken.None);
    }

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
