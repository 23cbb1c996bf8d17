using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using IspBilling.Documents.Invoices;
using IspBilling.Domain;

namespace IspBilling.Documents.Rendering;

/// <summary>
/// Typesets documents by Typst in a few long-lived Node processes. Workers start with the first document, are replaced when
/// they die, hang or have served long enough, and end with <see cref="DisposeAsync"/> or with this process.
/// </summary>
/// <remarks>
/// <code>
/// RenderAsync ─▶ bounded queue ─▶ loop 1 ─▶ worker process (one document at a time)
///                              ─▶ loop 2 ─▶ worker process
/// </code>
/// A document whose worker died gets one more try in a fresh worker. One that ran out of time does not: it would take the
/// next worker's time as well.
/// </remarks>
public sealed class TypstRenderer : IInvoiceRenderer, IAsyncDisposable
{
    private const int TriesPerDocument = 2;

    private readonly TypstRendererOptions _options;
    private readonly RendererFolder _folder;
    private readonly Channel<Job> _queue;
    private readonly Task[] _loops;
    private readonly ConcurrentDictionary<RenderWorker, bool> _workers = new();
    private int _disposed;

    /// <exception cref="RenderException">The renderer's packages are not installed.</exception>
    public TypstRenderer(TypstRendererOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Invariant.Require(options.Workers > 0);
        Invariant.Require(options.QueueLimit > 0);
        _options = options;
        _folder = RendererFolder.Locate(options.Folder);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_folder.Fingerprint()} {options.Standard}")));
        _queue = Channel.CreateBounded<Job>(options.QueueLimit);
        _loops = [.. Enumerable.Range(0, options.Workers).Select(_ => Task.Run(WorkAsync))];
    }

    public string Fingerprint { get; }

    public Task<string?> MissingAsync(CancellationToken cancellation) => RendererInstallation.MissingAsync(_options, cancellation);

    internal IReadOnlyList<int> WorkerProcessIds => [.. _workers.Keys.Select(worker => worker.ProcessId)];

    public async Task<ReadOnlyMemory<byte>> RenderAsync(InvoiceContent invoice, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellation.ThrowIfCancellationRequested();
        var request = RenderRequest.Of(invoice, _options.Standard).ToBytes();
        if (request.Length > _options.MaxInputBytes)
            throw new RenderException(RenderFailure.TooLarge, $"Content of at most {_options.MaxInputBytes} bytes expected, got {request.Length}.");

        var job = new Job(request, cancellation);
        if (!_queue.Writer.TryWrite(job))
            throw new RenderException(RenderFailure.Busy, $"{_options.QueueLimit} documents are waiting to be rendered already.");
        return await job.Pdf.WaitAsync(cancellation);
    }

    /// <summary>Documents that still wait or run fail with <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _queue.Writer.Complete();
        foreach (var worker in _workers.Keys) worker.Kill();
        await Task.WhenAll(_loops);
    }

    private async Task WorkAsync()
    {
        RenderWorker? worker = null;
        await foreach (var job in _queue.Reader.ReadAllAsync())
        {
            if (job.IsAbandoned) continue;
            worker = await ServeAsync(job, worker);
        }

        Retire(worker);
    }

    /// <summary>Answers the job, whatever happens, and returns the worker that can take the next one, if there is one.</summary>
    private async Task<RenderWorker?> ServeAsync(Job job, RenderWorker? worker)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_disposed != 0, this);
                worker ??= await StartAsync();
                job.Finish(await worker.RenderAsync(job.Request));
                return worker.Renders < _options.RendersPerWorker ? worker : Retire(worker);
            }
            catch (RenderException exception) when (exception.Failure == RenderFailure.Refused)
            {
                job.Fail(exception);
                return worker;
            }
            catch (WorkerLostException) when (attempt < TriesPerDocument && _disposed == 0)
            {
                worker = Retire(worker);
            }
            catch (Exception exception)
            {
                job.Fail(Told(exception));
                return Retire(worker);
            }
        }
    }

    private async Task<RenderWorker> StartAsync()
    {
        var worker = await RenderWorker.StartAsync(_folder, _options);
        _workers[worker] = true;
        return worker;
    }

    private RenderWorker? Retire(RenderWorker? worker)
    {
        if (worker is null) return null;
        _workers.TryRemove(worker, out _);
        worker.Dispose();
        return null;
    }

    private Exception Told(Exception exception)
    {
        if (_disposed != 0) return new ObjectDisposedException(nameof(TypstRenderer));
        return exception is WorkerLostException ? new RenderException(RenderFailure.WorkerLost, exception.Message, exception) : exception;
    }

    private sealed class Job(byte[] request, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _pdf = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Request { get; } = request;

        public Task<ReadOnlyMemory<byte>> Pdf => _pdf.Task;

        /// <summary>Nobody waits for it any more.</summary>
        public bool IsAbandoned => cancellation.IsCancellationRequested;

        public void Finish(ReadOnlyMemory<byte> pdf) => _pdf.TrySetResult(pdf);

        public void Fail(Exception exception) => _pdf.TrySetException(exception);
    }
}
