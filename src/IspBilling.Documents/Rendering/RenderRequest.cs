using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IspBilling.Documents.Invoices;
using IspBilling.Domain;

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
[JsonSerializable(typeof(string[]))]
internal sealed partial class RenderJson : JsonSerializerContext
{
    /// <summary>Letters with accents travel as they are, not as six characters each; nothing here reaches a web page.</summary>
    public static readonly RenderJson Relaxed = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new ShownText() },
    });
}

/// <summary>
/// A character that no font has would keep the whole document from being printed, because an archival PDF holds every glyph it shows. What
/// billing issues has none; a document of an earlier release shows a box in its place.
/// </summary>
internal sealed class ShownText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(PrintableText.Shown(value));

    /// <summary>Names of files are ours.</summary>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
