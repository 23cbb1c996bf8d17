using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IspBilling.Outreach.Tests.Sms;

/// <summary>A gateway on this machine that answers as it is told, down to what is on the wire.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, string?> _answer;
    private readonly Task _serving;

    /// <param name="answer">Of a request, as it stood on the wire, the whole answer; null ends the connection without one.</param>
    public FakeGateway(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = Serve();
    }

    public string Address { get; }

    public ConcurrentQueue<string> Requests { get; } = [];

    public static string Answer(int status, string body, params ReadOnlySpan<string> headers) =>
        $"HTTP/1.1 {status} Told\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.ToArray().Select(header => header + "\r\n"))}\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task Serve()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(Talk(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Talk(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                while (await Read(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    if (_answer(request) is not { } answer) return;
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _end.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The other end has gone, or the test has.
            }
        }
    }

    private async Task<string?> Read(NetworkStream stream)
    {
        var (bytes, one) = (new List<byte>(), new byte[1]);
        var length = -1;
        while (length < 0 || bytes.Count < length)
        {
            if (await stream.ReadAsync(one, _end.Token) == 0) return null;
            bytes.Add(one[0]);
            if (length >= 0 || bytes.Count < 4 || Encoding.ASCII.GetString([.. bytes.TakeLast(4)]) != "\r\n\r\n") continue;
            var header = Encoding.ASCII.GetString([.. bytes]).Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            length = bytes.Count + (header is null ? 0 : int.Parse(header.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
