using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace IspBilling.Http.Problems;

/// <summary>What would have been right where a request could not be read. To be set behind the field's name.</summary>
internal static partial class ExpectedValue
{
    /// <param name="path">Of a member of the endpoint's body, as the JSON reader writes it: <c>$.steps[0].minimumDebt.amount</c>.</param>
    /// <returns>Null when there is no more to say than that it is wrong.</returns>
    public static string? InBody(Endpoint? endpoint, string path, JsonSerializerOptions json)
    {
        var type = endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        foreach (Match step in Step().Matches(path))
        {
            if (type is null) return null;
            var holder = json.GetTypeInfo(type);
            type = step.Groups["member"] is { Success: true, Value: var member }
                ? holder.Properties.FirstOrDefault(property => property.Name == member)?.PropertyType
                : holder.ElementType;
        }

        return type is null ? null : Of(type);
    }

    /// <param name="name">Of a part of the path or the query.</param>
    /// <returns>Null when there is no more to say than that it is wrong.</returns>
    public static string? InAddress(Endpoint? endpoint, string name) =>
        endpoint?.Metadata.GetMetadata<MethodInfo>()?.GetParameters().FirstOrDefault(parameter => parameter.Name == name) is { } found
            ? Of(found.ParameterType)
            : null;

    /// <returns>Null for a type of which no more can be said.</returns>
    public static string? Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return $"is none of: {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}";
        if (type == typeof(DateOnly)) return "is not a date like 2026-12-31";
        if (type == typeof(DateTimeOffset)) return "is not a time like 2026-12-31T18:00:00+01:00";
        if (type == typeof(int) || type == typeof(long)) return "is not a whole number";
        if (type == typeof(decimal)) return "is not a number";
        if (type == typeof(bool)) return "is neither true nor false";
        if (type == typeof(Guid)) return "is not an identifier like 0f8fad5b-d9cb-469f-a165-70867728950e";
        return type == typeof(string) ? "is not a text" : null;
    }

    [GeneratedRegex(@"\.(?<member>[^.\[]+)|\[\d+\]", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Step();
}
