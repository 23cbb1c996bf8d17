using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>A mail server on the loopback address that takes every mail and keeps none: as fast as one can be.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private static readonly byte[] EndOfMail = "\r\n.\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private long _mails;
    private long _bytes;

    public SmtpSink()
    {
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public long Mails => Interlocked.Read(ref _mails);

    /// <summary>Of mails.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task Serve()
    {
        while (!_end.IsCancellationRequested) _ = Talk(await _listener.AcceptSocketAsync(_end.Token));
    }

    private async Task Talk(Socket socket)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            using var connection = socket;
            connection.NoDelay = true;
            await Say(connection, "220 sink ESMTP\r\n");
            for (var filled = 0; ;)
            {
                var end = buffer.AsSpan(0, filled).IndexOf("\r\n"u8);
                if (end < 0)
                {
                    var read = await connection.ReceiveAsync(buffer.AsMemory(filled), _end.Token);
                    if (read == 0) return;
                    filled += read;
                    continue;
                }

                var command = Encoding.ASCII.GetString(buffer, 0, Math.Min(end, 4)).ToUpperInvariant();
                (filled, end) = (filled - end - 2, end + 2);
                buffer.AsSpan(end, filled).CopyTo(buffer);
                await Say(connection, command switch
                {
                    "EHLO" => "250-sink\r\n250-PIPELINING\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES\r\n",
                    "DATA" => "354 go on\r\n",
                    "QUIT" => "221 2.0.0 bye\r\n",
                    _ => "250 2.1.0 ok\r\n",
                });
                if (command == "QUIT") return;
                if (command != "DATA") continue;
                if (await Swallow(connection, buffer, filled) is not { } rest) return;
                filled = rest;
                await Say(connection, "250 2.0.0 queued\r\n");
            }
        }
        catch (Exception over) when (over is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever sends has hung up, or the measuring is over.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>How much of what follows the mail lies at the buffer's beginning; null when the sender hung up.</returns>
    private async Task<int?> Swallow(Socket connection, byte[] buffer, int filled)
    {
        while (true)
        {
            var end = buffer.AsSpan(0, filled).IndexOf(EndOfMail);
            if (end >= 0)
            {
                var rest = filled - end - EndOfMail.Length;
                buffer.AsSpan(end + EndOfMail.Length, rest).CopyTo(buffer);
                Interlocked.Increment(ref _mails);
                Interlocked.Add(ref _bytes, end);
                return rest;
            }

            // The end may lie across two reads.
            var kept = Math.Min(filled, EndOfMail.Length - 1);
            Interlocked.Add(ref _bytes, filled - kept);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
            filled = kept;
            var read = await connection.ReceiveAsync(buffer.AsMemory(filled), _end.Token);
            if (read == 0) return null;
            filled += read;
        }
    }

    private async ValueTask Say(Socket connection, string text) => await connection.SendAsync(Encoding.ASCII.GetBytes(text), _end.Token);
}
