using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IspBilling.Documents.Invoices;

namespace IspBilling.Documents.Rendering;

/// <summary>
/// What a worker needs for one document. <see cref="Data"/> is canonical: the same content always gives the same text,
/// because records are written in the order of their declaration.
/// </summary>
internal sealed record RenderRequest(string Template, string Data, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files, string Standard)
{
    public static RenderRequest Of(InvoiceContent invoice, PdfStandard standard) => new(
        "invoice",
        JsonSerializer.Serialize(InvoiceSheet.Of(invoice), RenderJson.Relaxed.InvoiceSheet),
        invoice.Brand.Logo is { } logo
            ? new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [$"/logo.{logo.Format}"] = logo.Bytes }
            : new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal),
        standard switch { PdfStandard.PdfA3b => "a-3b", PdfStandard.PdfA3a => "a-3a", _ => "1.7" });

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RenderJson.Relaxed.RenderRequest);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RenderRequest))]
[JsonSerializable(typeof(InvoiceSheet))]
internal sealed partial class RenderJson : JsonSerializerContext
{
    /// <summary>Letters with accents travel as they are, not as six characters each; nothing here reaches a web page.</summary>
    public static readonly RenderJson Relaxed = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
