using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace IspBilling.FaultKit.Processes;

/// <summary>Where an engine runs.</summary>
/// <param name="Database">Connection string; null lets the engine start its private server.</param>
/// <param name="DataDirectory">Where that server, and what else the engine keeps, lives.</param>
/// <param name="Port">The same after every restart, as behind a load balancer.</param>
public sealed record ApiPlace(string? Database, string DataDirectory, int Port)
{
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>A port that nobody had a moment ago.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>The api as users run it: a process of its own that can be killed like any other.</summary>
public sealed class ApiProcess : IAsyncDisposable
{
    private const int OutputLinesMax = 100;
    private const int OutputLineMax = 300;

    /// <summary>With the stack of the exception, which the console form puts on the same line.</summary>
    private const int FailureMax = 4_000;

    private const string FailureMark = " fail: ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _failures = new();

    private ApiProcess(ApiPlace place)
    {
        Place = place;
        _process = new Process { StartInfo = Command(place, "serve", "--port", place.Port.ToString(CultureInfo.InvariantCulture)) };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient { BaseAddress = place.Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public ApiPlace Place { get; }

    public HttpClient Client { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>Of a process that has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Does not wait for anything.</summary>
    public static ApiProcess Launch(ApiPlace place) => new(place);

    /// <summary>Launches, and waits until it may be sent requests.</summary>
    public static async Task<ApiProcess> Start(ApiPlace place, string apiKey)
    {
        var api = Launch(place);
        api.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        try
        {
            await api.UntilReady(StartLimit);
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    public Task<TimeSpan> UntilReady(TimeSpan limit) => Until.So(IsReady, limit, Output);

    /// <summary>Exit code of <c>audit</c> and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> Audit(ApiPlace place)
    {
        using var audit = Process.Start(Command(place, "audit"))!;
        var errors = audit.StandardError.ReadToEndAsync();
        var output = await audit.StandardOutput.ReadToEndAsync();
        await audit.WaitForExitAsync();
        return (audit.ExitCode, output + await errors);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<bool> IsReady()
    {
        if (_process.HasExited) throw new InvalidOperationException($"the api ended with {_process.ExitCode}:\n{Output()}");
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

    private void Keep(string? line)
    {
        if (line is null) return;
        if (line.Contains(FailureMark, StringComparison.Ordinal) && _failures.Count < OutputLinesMax) _failures.Enqueue(line.Length <= FailureMax ? line : line[..FailureMax]);
        _output.Enqueue(line.Length <= OutputLineMax ? line : line[..OutputLineMax]);
        while (_output.Count > OutputLinesMax) _output.TryDequeue(out _);
    }

    private static ProcessStartInfo Command(ApiPlace place, params string[] arguments)
    {
        Directory.CreateDirectory(place.DataDirectory);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "IspBilling.Api.dll"), .. arguments])
        {
            WorkingDirectory = place.DataDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ISPBILLING__DATABASE"] = place.Database ?? "";
        start.Environment["ISPBILLING__DATADIRECTORY"] = place.DataDirectory;
        return start;
    }
}
