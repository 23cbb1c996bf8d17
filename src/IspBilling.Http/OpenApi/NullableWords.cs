using Microsoft.OpenApi;

namespace IspBilling.Http.OpenApi;

/// <summary>
/// The framework describes an enumeration that may be null as one of its own, with null among its words, which generators turn into a second type
/// or refuse. Here it is null or the enumeration.
/// </summary>
internal static class NullableWords
{
    private const string Prefix = "NullableOf";

    public static void Remove(OpenApiDocument document)
    {
        var schemas = document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        foreach (var (name, schema) in schemas.Where(entry => entry.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToList())
        {
            schemas.Remove(name);
            schemas.TryAdd(name[Prefix.Length..], schema);
        }

        foreach (var schema in schemas.Values.OfType<OpenApiSchema>().ToList()) Mend(schema, document);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(entry => entry.Value))
        {
            // A parameter is left out, never null.
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                if (WordsOf(parameter.Schema) is { } words) parameter.Schema = new OpenApiSchemaReference(words, document);
            }
        }
    }

    private static void Mend(OpenApiSchema schema, OpenApiDocument document)
    {
        foreach (var (name, property) in schema.Properties?.ToList() ?? [])
        {
            if (property is OpenApiSchema { Properties: not null } inner) Mend(inner, document);
            if (WordsOf(property) is not { } words) continue;
            schema.Properties![name] = new OpenApiSchema
            {
                Description = property.Description,
                OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, new OpenApiSchemaReference(words, document)],
            };
        }
    }

    /// <summary>The enumeration behind a reference to its nullable twin; null for any other schema.</summary>
    private static string? WordsOf(IOpenApiSchema? schema)
    {
        var id = schema switch
        {
            OpenApiSchemaReference reference => reference.Reference.Id,
            OpenApiSchema { OneOf: { Count: 2 } either } => either.OfType<OpenApiSchemaReference>().FirstOrDefault()?.Reference.Id,
            _ => null,
        };
        return id?.StartsWith(Prefix, StringComparison.Ordinal) is true ? id[Prefix.Length..] : null;
    }
}
