using System.Diagnostics;
using System.Globalization;
using System.Net;
using IspBilling.Hosting;

namespace IspBilling.Silo;

/// <summary>One node as a process of its own, on ports that were free.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly HttpClient _http;

    public NodeProcess(int number, string database, string directory)
    {
        Directory.CreateDirectory(directory);
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, [.. Self(), "serve", "--attached", "--port", Address.Port.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ISPBILLING__DATABASE"] = database;
        start.Environment["ISPBILLING__DATADIRECTORY"] = directory;
        start.Environment["ISPBILLING__CLUSTERADDRESS"] = IPAddress.Loopback.ToString();
        start.Environment["ISPBILLING__CLUSTERPORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Tell(number, line.Data);
        _process.ErrorDataReceived += (_, line) => Tell(number, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int ExitCode => _process.ExitCode;

    /// <exception cref="InvalidOperationException">It ended, or was not ready within two minutes.</exception>
    public async Task UntilReady(CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await IsReady(cancellation))
        {
            if (_process.HasExited) throw new InvalidOperationException($"a node ended with {_process.ExitCode} before it was ready");
            if (Stopwatch.GetElapsedTime(begun) > StartLimit) throw new InvalidOperationException($"a node was not ready within {StartLimit}");
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

    /// <summary>Started by the dotnet command, the program is its first argument; started as itself, there is none.</summary>
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(NodeProcess).Assembly.Location] : [];

    private static void Tell(int number, string? line)
    {
        if (line is not null) Console.WriteLine($"silo {number} | {line}");
    }
}
