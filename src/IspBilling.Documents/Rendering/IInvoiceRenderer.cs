using IspBilling.Documents.Invoices;

namespace IspBilling.Documents.Rendering;

/// <summary>Turns a document's content into PDF. The same content and fingerprint give the same bytes.</summary>
public interface IInvoiceRenderer
{
    /// <summary>Names everything but the content that shapes the PDF: templates, compiler, fonts, PDF standard.</summary>
    string Fingerprint { get; }

    /// <summary>What has to be installed before anything can be printed, in a sentence; null when nothing.</summary>
    Task<string?> MissingAsync(CancellationToken cancellation);

    /// <exception cref="RenderException">With the reason in <see cref="RenderException.Failure"/>.</exception>
    Task<ReadOnlyMemory<byte>> RenderAsync(InvoiceContent invoice, CancellationToken cancellation);
}
