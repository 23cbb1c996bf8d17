using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace IspBilling.Http.OpenApi;

/// <summary>
/// An example for every body that is sent: the one its type's documentation gives, or else one put together from what its members expect, with
/// those members alone that must be there.
/// </summary>
internal static class RequestExamples
{
    private const int DepthMax = 8;

    public static void Add(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(entry => entry.Value))
        {
            foreach (var (type, content) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            {
                if (type == "application/json" && content.Schema is { } schema) content.Example ??= Of(schema, "", 0);
            }
        }
    }

    private static JsonNode? Of(IOpenApiSchema schema, string name, int depth)
    {
        if (depth > DepthMax) return null;
        if (schema.Examples is [{ } given, ..]) return given.DeepClone();
        if (schema.Enum is [{ } first, ..]) return first.DeepClone();
        if (schema.OneOf?.FirstOrDefault(one => one.Type != JsonSchemaType.Null) is { } some) return Of(some, name, depth + 1);
        var type = (schema.Type ?? JsonSchemaType.Object) & ~JsonSchemaType.Null;
        if (type.HasFlag(JsonSchemaType.Object)) return Object(schema, depth);
        if (type.HasFlag(JsonSchemaType.Array)) return schema.Items is { } item ? new JsonArray(Of(item, name, depth + 1)) : [];
        if (type.HasFlag(JsonSchemaType.Integer)) return schema.Minimum is { } least ? long.Parse(least, CultureInfo.InvariantCulture) : 1;
        if (type.HasFlag(JsonSchemaType.Number)) return 1;
        if (type.HasFlag(JsonSchemaType.Boolean)) return true;
        return schema.Format switch
        {
            "date" => "2026-12-31",
            "date-time" => "2026-12-31T18:00:00+01:00",
            "uuid" => "0f8fad5b-d9cb-469f-a165-70867728950e",
            _ => name,
        };
    }

    private static JsonObject Object(IOpenApiSchema schema, int depth)
    {
        var example = new JsonObject();
        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            if (schema.Properties?.TryGetValue(name, out var property) is true) example[name] = Of(property, name, depth + 1);
        }

        return example;
    }
}
