using IspBilling.Documents.Invoices;
using IspBilling.Documents.Rendering;

namespace IspBilling.Hosting;

/// <summary>Starts the renderer with the first document that somebody wants to see: billing does not depend on it being installed.</summary>
/// <param name="folder">Where the renderer is; null for beside the program.</param>
internal sealed class RendererOnDemand(string? folder) : IInvoiceRenderer, IAsyncDisposable
{
    private readonly Lock _starting = new();
    private readonly TypstRendererOptions _options = new() { Folder = folder };
    private bool _isWhole;
    private TypstRenderer? _renderer;

    public string Fingerprint => Renderer().Fingerprint;

    /// <summary>Once nothing was missing nobody looks again: whoever watches the node asks every few seconds.</summary>
    public async Task<string?> MissingAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _isWhole)) return null;
        var missing = await RendererInstallation.MissingAsync(_options, cancellation);
        if (missing is null) Volatile.Write(ref _isWhole, true);
        return missing;
    }

    public Task<ReadOnlyMemory<byte>> RenderAsync(InvoiceContent invoice, CancellationToken cancellation) => Renderer().RenderAsync(invoice, cancellation);

    public ValueTask DisposeAsync() => _renderer is { } renderer ? renderer.DisposeAsync() : default;

    /// <exception cref="RenderException">Not installed; it may be by the next time.</exception>
    private TypstRenderer Renderer()
    {
        lock (_starting) return _renderer ??= new TypstRenderer(_options);
    }
}
