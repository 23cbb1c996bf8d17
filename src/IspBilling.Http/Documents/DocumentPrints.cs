using IspBilling.Documents.Content;
using IspBilling.Documents.Rendering;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Postgres.Reading;

namespace IspBilling.Http.Documents;

/// <summary>Documents as the interface prints them, for messages that carry them.</summary>
public sealed class DocumentPrints(DocumentReading reading, IInvoiceRenderer renderer) : IDocumentPrints
{
    public async ValueTask<DocumentPrint?> Of(AccountId account, int document, CancellationToken cancellation)
    {
        if (await reading.Find(account, document, cancellation) is not { } issued) return null;
        var corrected = await reading.NumbersOf(issued.Account, issued.Document.Corrected(), cancellation);
        var number = (await reading.NumbersOf(account, [document], cancellation))[document];
        return new DocumentPrint(number, await renderer.RenderAsync(PrintedDocument.Of(issued, corrected), cancellation));
    }
}
