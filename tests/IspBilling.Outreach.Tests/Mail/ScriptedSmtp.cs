using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IspBilling.Outreach.Tests.Mail;

/// <summary>A mail server on the loopback address that answers as a test tells it, and may hang up instead.</summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private readonly Lock _gate = new();

    public ScriptedSmtp()
    {
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The answer to a command, or to the content (<c>.</c>); null hangs up.</summary>
    public Func<string, string?> Answer { get; set; } = Usual;

    public List<string> Commands { get; } = [];

    /// <summary>Contents that arrived to their final dot.</summary>
    public List<string> Contents { get; } = [];

    public int Connections { get; private set; }

    public static string Usual(string command) => command.Split(' ', ':')[0].ToUpperInvariant() switch
    {
        "EHLO" => "250-test\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        "." => "250 2.0.0 queued as 4711",
        _ => "250 2.1.0 ok",
    };

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task Serve()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            Connections++;
            _ = Talk(client);
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var _ = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            await Say(stream, "220 test ESMTP");
            while (await reader.ReadLineAsync(_end.Token) is { } command)
            {
                lock (_gate) Commands.Add(command);
                if (!await Say(stream, Answer(command))) return;
                if (!command.Equals("DATA", StringComparison.OrdinalIgnoreCase) || Answer(command)![0] != '3') continue;
                var content = new StringBuilder();
                while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".") content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
                lock (_gate) Contents.Add(content.ToString());
                if (!await Say(stream, Answer("."))) return;
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or SocketException)
        {
            // The client went, or the test is over.
        }
    }

    private async Task<bool> Say(Stream stream, string? answer)
    {
        if (answer is null) return false;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"), _end.Token);
        return true;
    }
}
