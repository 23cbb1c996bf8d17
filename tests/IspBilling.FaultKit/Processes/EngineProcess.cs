using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IspBilling.Hosting;

namespace IspBilling.FaultKit.Processes;

/// <summary>An engine as users run it: a process of its own that can be killed like any other.</summary>
public sealed class EngineProcess : IAsyncDisposable
{
    private const int OutputLinesMax = 100;
    private const int OutputLineMax = 300;

    /// <summary>With the stack of the exception, which the console form puts on the same line.</summary>
    private const int FailureMax = 4_000;

    private const string FailureMark = " fail: ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(6);
    private const int StartsMax = 3;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _failures = new();

    private EngineProcess(EnginePlace place)
    {
        Place = place;
        _process = new Process { StartInfo = Command(place, ["serve", "--attached", "--port", place.Port.ToString(CultureInfo.InvariantCulture)]) };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient { BaseAddress = place.Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public EnginePlace Place { get; }

    public HttpClient Client { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>Of a process that has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Of a process that has ended: it did so because the other nodes took it for dead, and said so. A supervisor starts it again.</summary>
    public bool WasDeclaredDead =>
        ExitCode == StartFailure.Failed && Output().Contains("This node cannot stay in its cluster", StringComparison.Ordinal);

    /// <summary>User and system, since it began.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most physical memory it held at once.</summary>
    public long PeakMemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Does not wait for anything.</summary>
    public static EngineProcess Launch(EnginePlace place) => new(place);

    /// <summary>
    /// Launches, and waits until it may be sent requests. On a machine that is busy with other things the other nodes may take it for dead meanwhile;
    /// it is started again then, as a supervisor would.
    /// </summary>
    public static async Task<EngineProcess> Start(EnginePlace place, string apiKey)
    {
        for (var starts = 1; ; starts++)
        {
            var engine = Launch(place);
            engine.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
            try
            {
                await engine.UntilReady(StartLimit);
                return engine;
            }
            catch (InvalidOperationException) when (starts < StartsMax && engine.HasEnded && engine.WasDeclaredDead)
            {
                await engine.DisposeAsync();
            }
            catch
            {
                await engine.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>All of them, or none.</summary>
    public static async Task<EngineProcess[]> StartAll(IEnumerable<EnginePlace> places, string apiKey)
    {
        var starting = places.Select(place => Start(place, apiKey)).ToArray();
        try
        {
            return await Task.WhenAll(starting);
        }
        catch
        {
            foreach (var started in starting.Where(start => start.IsCompletedSuccessfully)) await (await started).DisposeAsync();
            throw;
        }
    }

    public Task<TimeSpan> UntilReady(TimeSpan limit) => Until.So(IsReady, limit, Output);

    /// <summary>Exit code of <c>audit</c> and what it printed.</summary>
    public static Task<(int ExitCode, string Output)> Audit(EnginePlace place) => Run(place, ["audit"]);

    /// <summary>Exit code of a verb that ends by itself, and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> Run(EnginePlace place, IEnumerable<string> arguments)
    {
        using var verb = Process.Start(Command(place, arguments))!;
        var errors = verb.StandardError.ReadToEndAsync();
        var output = await verb.StandardOutput.ReadToEndAsync();
        await verb.WaitForExitAsync();
        return (verb.ExitCode, output + await errors);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>By closing its input, as whoever started a node stops it.</summary>
    /// <returns>How it ended.</returns>
    public async Task<int> Stop()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(StartLimit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <exception cref="InvalidOperationException">It will never be: it has ended.</exception>
    public async Task<bool> IsReady()
    {
        if (!_process.HasExited) return await Answers();
        await LastWords();
        throw new InvalidOperationException($"the engine ended with {_process.ExitCode}:\n{Output()}");
    }

    /// <summary>Whether it says that it is ready.</summary>
    public async Task<bool> Answers()
    {
        try
        {
            using var answer = await Client.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What it logged as its own fault.</summary>
    public string Failures() => string.Join('\n', _failures);

    /// <summary>The last lines it printed.</summary>
    public string Output() => string.Join('\n', _output);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    /// <summary>What a process printed last comes after its end; a child that keeps the pipe open keeps nobody waiting.</summary>
    private async Task LastWords()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        if (line.Contains(FailureMark, StringComparison.Ordinal) && _failures.Count < OutputLinesMax) _failures.Enqueue(line.Length <= FailureMax ? line : line[..FailureMax]);
        _output.Enqueue(line.Length <= OutputLineMax ? line : line[..OutputLineMax]);
        while (_output.Count > OutputLinesMax) _output.TryDequeue(out _);
    }

    private static ProcessStartInfo Command(EnginePlace place, IEnumerable<string> arguments)
    {
        Directory.CreateDirectory(place.TemporaryDirectory);
        var start = new ProcessStartInfo("dotnet", [place.Program, .. arguments])
        {
            WorkingDirectory = place.DataDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ISPBILLING__DATABASE"] = place.Database ?? "";
        start.Environment["ISPBILLING__DATADIRECTORY"] = place.DataDirectory;
        start.Environment["TMPDIR"] = place.TemporaryDirectory;
        if (place.Clock is { } clock) start.Environment["ISPBILLING__CLOCK"] = ShiftedClock.Write(clock.GetUtcNow());
        foreach (var (name, value) in place.Settings) start.Environment[$"ISPBILLING__{name}"] = value;
        return start;
    }
}
