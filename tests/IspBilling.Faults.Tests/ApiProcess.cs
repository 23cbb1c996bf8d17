using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace IspBilling.Faults.Tests;

/// <summary>The api as users run it: a process of its own, on a database given to it, that can be killed like any other.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _output = new();

    private ApiProcess(string connectionString, int port, string directory)
    {
        var start = Command(connectionString, directory, "serve", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Client { get; }

    public static async Task<ApiProcess> Start(string connectionString, string apiKey, string directory)
    {
        var api = new ApiProcess(connectionString, FreePort(), directory);
        api.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        await Wait.Until(api.IsReady, StartLimit, api.Output);
        return api;
    }

    /// <summary>Exit code of <c>audit</c> and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> Audit(string connectionString, string directory)
    {
        var start = Command(connectionString, directory, "audit");
        using var audit = Process.Start(start)!;
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

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    public string Output() => string.Join('\n', _output);

    private async Task<bool> IsReady()
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

    private static ProcessStartInfo Command(string connectionString, string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "IspBilling.Api.dll"), .. arguments])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ISPBILLING__DATABASE"] = connectionString;
        return start;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Polls until something is so; fails with what <paramref name="otherwise"/> says when it takes longer than the limit.</summary>
    public static async Task Until(Func<Task<bool>> isSo, TimeSpan limit, Func<string> otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > limit) throw new TimeoutException(otherwise());
            await Task.Delay(Pause);
        }
    }
}
