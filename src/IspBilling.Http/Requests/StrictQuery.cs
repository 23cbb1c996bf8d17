using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace IspBilling.Http.Requests;

/// <summary>An endpoint that others call with a query of their own.</summary>
internal sealed record AnyQuery;

/// <summary>
/// Reads a query as strictly as a body: dates and words in the one way they are written here, each name once, and none that means nothing, so
/// that a misspelt one never passes for one left out. The framework would take 3/1/2026 for a date and 1 for a word.
/// </summary>
internal sealed class StrictQuery(RequestDelegate next)
{
    private static readonly ConditionalWeakTable<Endpoint, FrozenDictionary<string, Type>> KnownNames = [];

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Query.Count == 0 || http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<MethodInfo>() is null || endpoint.Metadata.GetMetadata<AnyQuery>() is not null)
            return next(http);
        var faults = new Faults();
        var known = KnownNames.GetValue(endpoint, static found => NamesOf((RouteEndpoint)found));
        Dictionary<string, StringValues>? renamed = null;
        foreach (var (name, values) in http.Request.Query)
        {
            if (!known.TryGetValue(name, out var type)) faults.Add(name, known.Count == 0 ? "no query is known here" : $"is not known here; known: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}");
            else if (values.Count > 1) faults.Add(name, "stands there twice");
            else if (values[0] is { Length: > 0 } value)
            {
                if (Written(value, type) is not { } written) faults.Add(name, ExpectedValue.Of(type)!);
                else if (written != value) (renamed ??= new Dictionary<string, StringValues>(http.Request.Query, StringComparer.Ordinal))[name] = written;
            }
        }

        if (renamed is not null) http.Request.Query = new QueryCollection(renamed);
        return faults.Any ? faults.Problem().ExecuteAsync(http) : next(http);
    }

    /// <summary>
    /// The value as the framework binds it, which knows words only as the sources write them; null when it is not written as it is here. Other
    /// types than these are read strictly enough when they are bound.
    /// </summary>
    private static string? Written(string value, Type type)
    {
        if (type == typeof(DateOnly)) return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? value : null;
        return type.IsEnum ? Enum.GetNames(type).FirstOrDefault(name => JsonNamingPolicy.CamelCase.ConvertName(name) == value) : value;
    }

    private static FrozenDictionary<string, Type> NamesOf(RouteEndpoint endpoint)
    {
        var inPath = endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return endpoint.Metadata.GetMetadata<MethodInfo>()!.GetParameters()
            .Where(parameter => !inPath.Contains(parameter.Name!) && !parameter.GetCustomAttributes().Any(source => source is IFromHeaderMetadata))
            .Select(parameter => (Name: parameter.Name!, Type: Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType))
            .Where(parameter => parameter.Type.IsEnum || parameter.Type == typeof(string) || (parameter.Type.IsValueType && parameter.Type != typeof(CancellationToken)))
            .ToFrozenDictionary(parameter => parameter.Name, parameter => parameter.Type, StringComparer.Ordinal);
    }
}
