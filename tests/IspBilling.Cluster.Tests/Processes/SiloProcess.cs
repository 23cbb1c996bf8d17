using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using IspBilling.TestKit;

namespace IspBilling.Cluster.Tests.Processes;

/// <summary>A node as users run it: a process of its own that can be killed like any other.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const int OutputLinesMax = 100;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private SiloProcess(string database, string directory, string apiKey)
    {
        Directory.CreateDirectory(directory);
        var port = FreePort.Next();
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "IspBilling.Silo.dll"), "serve", "--attached", "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ISPBILLING__DATABASE"] = database;
        start.Environment["ISPBILLING__DATADIRECTORY"] = directory;
        start.Environment["ISPBILLING__CLUSTERPORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        start.Environment["ISPBILLING__BILLSBYITSELF"] = "false";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(1) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public HttpClient Client { get; }

    public static async Task<SiloProcess> Start(string database, string directory, string apiKey)
    {
        var silo = new SiloProcess(database, directory, apiKey);
        try
        {
            await silo.UntilReady();
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: no handler runs, nobody is told.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As an operator stops it, and how it ended.</summary>
    public async Task<int> Stop()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(StartLimit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    private async Task UntilReady()
    {
        using var patience = new CancellationTokenSource(StartLimit);
        while (!await IsReady(patience.Token))
        {
            if (_process.HasExited) throw new InvalidOperationException($"the silo ended with {_process.ExitCode}:\n{string.Join('\n', _output)}");
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task<bool> IsReady(CancellationToken cancellation)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        while (_output.Count > OutputLinesMax) _output.TryDequeue(out _);
    }
}
