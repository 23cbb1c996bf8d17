namespace IspBilling.Banking.Detection;

/// <summary>Reads bytes that were peeked, then goes on with the stream they came from. Does not own that stream.</summary>
internal sealed class ReplayStream(ReadOnlyMemory<byte> peeked, Stream rest) : ForwardOnlyStream
{
    private ReadOnlyMemory<byte> _peeked = peeked;

    public override int Read(Span<byte> buffer) => _peeked.IsEmpty ? rest.Read(buffer) : TakePeeked(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _peeked.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(TakePeeked(buffer.Span));

    private int TakePeeked(Span<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, _peeked.Length);
        _peeked.Span[..taken].CopyTo(buffer);
        _peeked = _peeked[taken..];
        return taken;
    }
}
