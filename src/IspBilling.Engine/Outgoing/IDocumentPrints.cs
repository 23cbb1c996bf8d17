using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>A document as it is printed.</summary>
/// <param name="Number">Of the document.</param>
/// <param name="Pdf">The whole file.</param>
public sealed record DocumentPrint(string Number, ReadOnlyMemory<byte> Pdf);

/// <summary>Printed documents, for messages that carry them. Whoever has the printer implements it.</summary>
public interface IDocumentPrints
{
    /// <param name="document">Ordinal of the account's.</param>
    /// <returns>Null when the account has no such document.</returns>
    ValueTask<DocumentPrint?> Of(AccountId account, int document, CancellationToken cancellation);
}
