using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IspBilling.Outreach.Sms;

/// <summary>A request cannot be made of its templates.</summary>
internal sealed class RequestFormException(string reason) : Exception(reason);

/// <summary>Makes requests of templates. Each value is escaped as its place demands, so that no text of a message becomes a parameter.</summary>
internal static partial class RequestTemplate
{
    public const string SecretPrefix = "secret:";

    public static readonly ImmutableHashSet<string> Names = ["id", "to", "digits", "text", "sender", "encoding", "callback", "receipt", "token"];

    /// <summary>The placeholders of a request, without their braces.</summary>
    public static IEnumerable<string> Placeholders(SmsRequest request) =>
        request.Headers.Values.Append(request.Url).Append(request.Body).SelectMany(template => Placeholder().Matches(template)).Select(match => match.Groups["name"].Value).Distinct();

    /// <param name="values">By the name of their placeholder, secrets among them.</param>
    /// <exception cref="RequestFormException">A value is missing, or what comes of it is no request.</exception>
    public static HttpRequestMessage Make(SmsRequest template, IReadOnlyDictionary<string, string> values)
    {
        var address = Fill(template.Url, values, Uri.EscapeDataString);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url)) throw new RequestFormException("its address is none");
        var request = new HttpRequestMessage(new HttpMethod(template.Method), url);
        foreach (var (name, header) in template.Headers)
        {
            var value = Fill(header, values, static text => text);
            if (!request.Headers.TryAddWithoutValidation(name, name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? Basic(value) : value) || HasLineBreak(value))
                throw new RequestFormException($"its header {name} is none");
        }

        request.Content = template.BodyForm switch
        {
            SmsBodyForm.None => null,
            SmsBodyForm.Form => Content(Fill(template.Body, values, Uri.EscapeDataString), "application/x-www-form-urlencoded"),
            SmsBodyForm.Json => Content(Json(template.Body, values), "application/json"),
            _ => throw new RequestFormException($"no form {template.BodyForm} of a body"),
        };
        return request;
    }

    private static ByteArrayContent Content(string text, string mediaType) =>
        new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) { CharSet = mediaType.EndsWith("json", StringComparison.Ordinal) ? null : "utf-8" } } };

    private static bool HasLineBreak(string value) => value.Contains('\r', StringComparison.Ordinal) || value.Contains('\n', StringComparison.Ordinal);

    /// <summary>Name and password of basic authentication, which the template has in plain.</summary>
    private static string Basic(string value) =>
        value.StartsWith("Basic ", StringComparison.Ordinal) && value.Contains(':', StringComparison.Ordinal) ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(value[6..]))}" : value;

    private static string Json(string template, IReadOnlyDictionary<string, string> values)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(template);
        }
        catch (JsonException)
        {
            throw new RequestFormException("its body is no JSON");
        }

        return Filled(root, values)?.ToJsonString() ?? "null";
    }

    private static JsonNode? Filled(JsonNode? node, IReadOnlyDictionary<string, string> values) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Filled(member.Value, values)))),
        JsonArray items => new JsonArray([.. items.Select(item => Filled(item, values))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Filled(value.GetValue<string>(), values),
        _ => node?.DeepClone(),
    };

    private static JsonValue Filled(string template, IReadOnlyDictionary<string, string> values)
    {
        var match = Placeholder().Match(template);
        if (!match.Success || match.Length != template.Length || !match.Groups["number"].Success) return JsonValue.Create(Fill(template, values, static text => text));
        var name = match.Groups["name"].Value;
        return long.TryParse(Value(name, values), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : throw new RequestFormException($"{{{name}}} is no number");
    }

    private static string Fill(string template, IReadOnlyDictionary<string, string> values, Func<string, string> escape) =>
        Placeholder().Replace(template, match => escape(Value(match.Groups["name"].Value, values)));

    private static string Value(string name, IReadOnlyDictionary<string, string> values) =>
        values.TryGetValue(name, out var value) ? value : throw new RequestFormException(name.StartsWith(SecretPrefix, StringComparison.Ordinal) ? $"there is no secret {name[SecretPrefix.Length..]}" : $"nothing is known for {{{name}}}");

    [GeneratedRegex(@"\{(?<name>secret:[a-z0-9./-]+|[a-z]+)(?<number>:number)?\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Placeholder();
}
