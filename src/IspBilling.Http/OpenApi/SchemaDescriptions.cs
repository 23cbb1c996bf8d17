using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IspBilling.Http.OpenApi;

/// <summary>Says of each type and member what its documentation comment says, and makes enumerations what generators understand.</summary>
internal sealed class SchemaDescriptions(DocumentationComments comments) : IOpenApiSchemaTransformer
{
    /// <summary>Where the framework looks for what to say beside a reference to a schema.</summary>
    private const string BesideReference = "x-ref-description";

    private const string SchemaId = "x-schema-id";

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum) Enumerate(schema, type);
        else if (IsOurs(type) && comments.Of(type) is { } summary) schema.Description = summary;
        if (context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property && comments.Of(property) is { } said) Describe(schema, said);
        if (IsOurs(type) && comments.Example(type) is { } example) schema.Examples = [JsonNode.Parse(example)!];
        return Task.CompletedTask;
    }

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("IspBilling.", StringComparison.Ordinal) is true;

    private static void Describe(OpenApiSchema schema, string text)
    {
        if (schema.Metadata?.TryGetValue(SchemaId, out var id) is true && id is string { Length: > 0 }) schema.Metadata[BesideReference] = text;
        else schema.Description = text;
    }

    /// <summary>Words with what each means; a member that may be left out says so itself, so that no word is null.</summary>
    private void Enumerate(OpenApiSchema schema, Type type)
    {
        var words = type.GetFields(BindingFlags.Public | BindingFlags.Static);
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. words.Select(word => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(word.Name))];
        var lines = words.Where(word => comments.Of(word) is not null).Select(word => $"- `{JsonNamingPolicy.CamelCase.ConvertName(word.Name)}`: {comments.Of(word)}");
        schema.Description = string.Join('\n', new[] { comments.Of(type) }.OfType<string>().Concat(lines)) is { Length: > 0 } text ? text : null;
    }
}
