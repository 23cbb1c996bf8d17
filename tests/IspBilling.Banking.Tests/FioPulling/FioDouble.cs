using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IspBilling.Banking.Tests.FioPulling;

/// <summary>The bank's end of the line, on the loopback: answers from a list and remembers what it was asked, and when by the test's clock.</summary>
internal sealed class FioDouble : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public FioDouble(TimeProvider clock)
    {
        _clock = clock;
        _listener.Start();
        _serving = Serve();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/rest/");

    public ConcurrentQueue<(int Status, string Body)> Answers { get; } = new();

    public ConcurrentQueue<(string Path, DateTimeOffset At)> Asked { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _stopping.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await Answer(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task Answer(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var request = (await reader.ReadLineAsync(_stopping.Token))!.Split(' ');
        while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 })
        {
        }

        Asked.Enqueue((request[1], _clock.GetUtcNow()));
        var (status, body) = Answers.TryDequeue(out var answer) ? answer : (500, "");
        var bytes = Encoding.UTF8.GetBytes(body);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: {bytes.Length}\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n"), _stopping.Token);
        await stream.WriteAsync(bytes, _stopping.Token);
    }
}
