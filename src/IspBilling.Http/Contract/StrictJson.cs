using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IspBilling.Http.Contract;

/// <summary>How JSON is read here: what is not understood is refused, so that a misspelt member never passes for an absent one.</summary>
public static class StrictJson
{
    private const int DepthMax = 16;

    /// <param name="forms">How values stand in what is written; null for whoever only reads.</param>
    public static void Apply(JsonSerializerOptions json, ValueForms? forms = null)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.PropertyNameCaseInsensitive = false;
        json.MaxDepth = DepthMax;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseHoles);
        if (forms is not null) json.TypeInfoResolver = json.TypeInfoResolver.WithAddedModifier(forms.Apply);
    }

    /// <summary>The serializer minds the nullability of members, but not that of a list's elements.</summary>
    private static void RefuseHoles(JsonTypeInfo list)
    {
        if (list.Kind == JsonTypeInfoKind.Enumerable && list.ElementType is { IsValueType: false }) list.OnDeserialized = RefuseHoles;
    }

    private static void RefuseHoles(object list)
    {
        foreach (var element in (IEnumerable)list)
        {
            if (element is null) throw new JsonException("a list with an empty element");
        }
    }
}
