using System.IO.Pipelines;

namespace IspBilling.LoadTests.Payments;

/// <summary>A file that exists only while it is read: its writer runs as far ahead as the pipe holds.</summary>
internal sealed class GeneratedFile : IAsyncDisposable
{
    private const int AheadMax = 4 * 1024 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: AheadMax, resumeWriterThreshold: AheadMax / 2));
    private readonly CountingStream _written;
    private readonly Task _writing;

    /// <param name="write">Told how many bytes it has written so far.</param>
    public GeneratedFile(Func<Stream, Func<long>, Task> write)
    {
        _written = new CountingStream(_pipe.Writer.AsStream(leaveOpen: true));
        Content = _pipe.Reader.AsStream();
        _writing = Task.Run(() => Write(write));
    }

    public Stream Content { get; }

    public long BytesWritten => _written.Count;

    public async ValueTask DisposeAsync()
    {
        // A writer that is not at its end learns that nobody reads on.
        await Content.DisposeAsync();
        await _writing;
    }

    private async Task Write(Func<Stream, Func<long>, Task> write)
    {
        try
        {
            await write(_written, () => _written.Count);
            await _pipe.Writer.CompleteAsync();
        }
        catch (Exception failure)
        {
            await _pipe.Writer.CompleteAsync(failure);
        }
    }

    private sealed class CountingStream(Stream to) : Stream
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await to.WriteAsync(buffer, cancellationToken);
            Volatile.Write(ref _count, _count + buffer.Length);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            to.Write(buffer, offset, count);
            Volatile.Write(ref _count, _count + count);
        }

        public override void Flush() => to.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
