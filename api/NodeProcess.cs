using System.Diagnostics;
using System.Globalization;
using IspBilling.Hosting;

namespace IspBilling.Api;

/// <param name="Program">The assembly that is started.</param>
internal sealed record NodePlan(string Name, string Program, bool IsFront);

/// <summary>One node as a process of its own, on a port that was free.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly HttpClient _http;

    private NodeProcess(NodePlan plan, Process process, Uri address)
    {
        (Plan, _process, Address) = (plan, process, address);
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        process.OutputDataReceived += (_, line) => Tell(line.Data);
        process.ErrorDataReceived += (_, line) => Tell(line.Data);
    }

    public NodePlan Plan { get; }

    public Uri Address { get; }

    public int ExitCode => _process.ExitCode;

    public static NodeProcess Start(NodePlan plan, string database, string directory, string keyFile)
    {
        var port = FreePort.Next();
        var start = new ProcessStartInfo("dotnet", [plan.Program, "serve", "--attached", "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ISPBILLING__DATABASE"] = database;
        start.Environment["ISPBILLING__DATADIRECTORY"] = directory;
        start.Environment["ISPBILLING__KEYFILE"] = keyFile;
        // On this machine each node finds a port of its own for the cluster.
        foreach (var one in (string[])["ISPBILLING__CLUSTERADDRESS", "ISPBILLING__CLUSTERPORT"]) start.Environment.Remove(one);
        var node = new NodeProcess(plan, new Process { StartInfo = start }, new Uri($"http://127.0.0.1:{port}"));
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        return node;
    }

    /// <exception cref="StartFailedException">It ended, or was not ready within two minutes.</exception>
    public async Task UntilReady(CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await IsReady(cancellation))
        {
            if (_process.HasExited) throw new StartFailedException($"{Plan.Name} ended with {_process.ExitCode} before it was ready.");
            if (Stopwatch.GetElapsedTime(begun) > StartLimit) throw new StartFailedException($"{Plan.Name} was not ready within {StartLimit.TotalMinutes:0} minutes.");
            await Task.Delay(Look, cancellation);
        }
    }

    public Task WaitForExit(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Lets it finish what was begun. It would stop by itself if this process died.</summary>
    public async Task Stop()
    {
        if (_process.HasExited) return;
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.Dispose();
    }

    private async Task<bool> IsReady(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Tell(string? line)
    {
        if (line is not null) Console.WriteLine($"{Plan.Name} | {line}");
    }
}
