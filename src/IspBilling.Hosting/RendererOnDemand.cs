using IspBilling.Documents.Invoices;
using IspBilling.Documents.Rendering;

namespace IspBilling.Hosting;

/// <summary>Starts the renderer with the first document that somebody wants to see: billing does not depend on it being installed.</summary>
internal sealed class RendererOnDemand : IInvoiceRenderer, IAsyncDisposable
{
    private readonly Lock _starting = new();
    private TypstRenderer? _renderer;

    public string Fingerprint => Renderer().Fingerprint;

    public Task<ReadOnlyMemory<byte>> RenderAsync(InvoiceContent invoice, CancellationToken cancellation) => Renderer().RenderAsync(invoice, cancellation);

    public ValueTask DisposeAsync() => _renderer is { } renderer ? renderer.DisposeAsync() : default;

    /// <exception cref="RenderException">Not installed; it may be by the next time.</exception>
    private TypstRenderer Renderer()
    {
        lock (_starting) return _renderer ??= new TypstRenderer(new TypstRendererOptions());
    }
}
