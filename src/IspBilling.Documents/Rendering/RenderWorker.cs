using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace IspBilling.Documents.Rendering;

/// <summary>The worker ended, or said something outside the protocol; it is of no more use.</summary>
internal sealed class WorkerLostException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// One Node process: a request in, an answer out, one at a time. It ends by itself when its standard input closes, so it does
/// not outlive this process even when this process is killed.
/// </summary>
internal sealed class RenderWorker : IDisposable
{
    private const int HeadBytes = 8;
    private const int ErrorTailChars = 4_000;
    private const int MaxMessageBytes = 64 * 1024;
    private static readonly TimeSpan GraceToEnd = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly TypstRendererOptions _options;
    private readonly StringBuilder _errors = new();

    private RenderWorker(Process process, TypstRendererOptions options)
    {
        _process = process;
        _options = options;
        process.ErrorDataReceived += (_, line) => RememberError(line.Data);
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public int Renders { get; private set; }

    /// <exception cref="RenderException">Node is not installed, or the worker does not get ready.</exception>
    /// <exception cref="WorkerLostException">The worker ended while starting.</exception>
    public static async Task<RenderWorker> StartAsync(RendererFolder folder, TypstRendererOptions options)
    {
        var worker = new RenderWorker(StartProcess(folder, options), options);
        try
        {
            await worker.WithinAsync(options.StartTimeout, worker.ReceiveAsync(), "did not get ready");
            return worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <exception cref="RenderException">Refused, too large, or out of time (then the worker has been killed).</exception>
    /// <exception cref="WorkerLostException">The worker ended; another one may succeed.</exception>
    public Task<ReadOnlyMemory<byte>> RenderAsync(byte[] request)
    {
        Renders++;
        return WithinAsync(_options.TimeoutFor(request.Length), ExchangeAsync(request), "did not finish a document");
    }

    /// <summary>Asks the process to end by closing its input; kills it when it does not.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended with bytes unread; nothing is left to tell it.
        }

        if (!_process.WaitForExit(GraceToEnd)) Kill();
        _process.Dispose();
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in the meantime.
        }
    }

    private static Process StartProcess(RendererFolder folder, TypstRendererOptions options)
    {
        var start = new ProcessStartInfo(options.NodeExecutable, [folder.Worker, folder.Templates, folder.NodeModules])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new RenderException(
                RenderFailure.NotInstalled, $"Node.js 20 or later is needed to render PDF; '{options.NodeExecutable}' does not start.", exception);
        }
    }

    /// <summary>A worker out of time is killed first: that is also what ends the pending read.</summary>
    private async Task<ReadOnlyMemory<byte>> WithinAsync(TimeSpan timeout, Task<ReadOnlyMemory<byte>> exchange, string what)
    {
        try
        {
            return await exchange.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            Kill();
            await ((Task)exchange).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new RenderException(RenderFailure.TimedOut, $"The PDF worker {what} in {timeout.TotalSeconds:0.###} s.");
        }
    }

    private async Task<ReadOnlyMemory<byte>> ExchangeAsync(byte[] request)
    {
        try
        {
            var input = _process.StandardInput.BaseStream;
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, request.Length);
            await input.WriteAsync(length);
            await input.WriteAsync(request);
            await input.FlushAsync();
        }
        catch (IOException exception)
        {
            throw Lost("closed its input", exception);
        }

        return await ReceiveAsync();
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        var head = await ReadAsync(HeadBytes);
        var kind = Encoding.ASCII.GetString(head, 0, 4);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4));
        switch (kind)
        {
            case "RDY1" when length == 0:
                return ReadOnlyMemory<byte>.Empty;
            case "PDF1" when length > _options.MaxOutputBytes:
                Kill();
                throw new RenderException(RenderFailure.TooLarge, $"A PDF of at most {_options.MaxOutputBytes} bytes expected, got {length}.");
            case "PDF1":
                return await ReadAsync((int)length);
            case "ERR1" when length <= MaxMessageBytes:
                throw new RenderException(RenderFailure.Refused, $"The document could not be typeset: {Encoding.UTF8.GetString(await ReadAsync((int)length))}");
            default:
                throw Lost("spoke outside its protocol");
        }
    }

    private async Task<byte[]> ReadAsync(int length)
    {
        var bytes = new byte[length];
        try
        {
            await _process.StandardOutput.BaseStream.ReadExactlyAsync(bytes);
            return bytes;
        }
        catch (IOException exception)
        {
            throw Lost("ended", exception);
        }
    }

    private WorkerLostException Lost(string what, Exception? inner = null)
    {
        lock (_errors)
        {
            return new WorkerLostException($"The PDF worker {what}. Its last words: {(_errors.Length == 0 ? "none" : _errors)}", inner);
        }
    }

    private void RememberError(string? line)
    {
        if (line is null) return;
        lock (_errors)
        {
            _errors.AppendLine(line);
            if (_errors.Length > ErrorTailChars) _errors.Remove(0, _errors.Length - ErrorTailChars);
        }
    }
}
