using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>Says in the caller's words what the JSON reader complains of in the program's: field and reason, no type names.</summary>
internal static partial class JsonFault
{
    /// <param name="endpoint">Whose body it was.</param>
    public static (string Field, string Reason)[] Of(JsonException broken, Endpoint? endpoint, JsonSerializerOptions json)
    {
        var path = (broken.Path ?? "$").TrimStart('$').TrimStart('.');
        if (Missing().Match(broken.Message) is { Success: true } missing)
        {
            return [.. Quoted().Matches(missing.Groups["names"].Value)
                .Select(name => (path.Length == 0 ? name.Groups["name"].Value : $"{path}.{name.Groups["name"].Value}", "is missing"))];
        }

        if (Unmapped().Match(broken.Message) is { Success: true } unmapped) return [(path.Length == 0 ? unmapped.Groups["name"].Value : path, "is not known here")];
        if (Duplicate().Match(broken.Message) is { Success: true } duplicate) return [(duplicate.Groups["name"].Value, "stands there twice")];
        if (broken.BytePositionInLine is { } column && path.Length == 0)
            return [("body", $"is not valid JSON: line {(broken.LineNumber ?? 0) + 1}, byte {column + 1}")];
        var expected = ExpectedValue.InBody(endpoint, broken.Path ?? "$", json);
        return [(path.Length == 0 ? "body" : path, expected ?? "has a value of another type, or one that is not among those allowed")];
    }

    [GeneratedRegex("missing required properties including: (?<names>.*?)\\.?( Path:.*)?$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 100)]
    private static partial Regex Missing();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Quoted();

    [GeneratedRegex("^The JSON property '(?<name>[^']+)' could not be mapped", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Unmapped();

    [GeneratedRegex("^Duplicate property '(?<name>[^']+)'", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Duplicate();
}
