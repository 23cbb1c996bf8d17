using System.Text.Encodings.Web;
using System.Text.Json;
using IspBilling.Access.Rights;
using IspBilling.Http.Contract;
using IspBilling.Http.Security;
using IspBilling.Http.Tests.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>What the interface says of itself, for people who read it and for programs that are generated from it.</summary>
public sealed class Description(RunningEngine engine) : IClassFixture<RunningEngine>
{
    /// <summary>Set by <c>./dev openapi</c>, which writes the document anew instead of comparing it.</summary>
    private const string WriteVariable = "ISPBILLING_TEST_WRITE_OPENAPI";

    private static readonly string[] Methods = ["get", "put", "post", "delete"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_describes_every_route()
    {
        var described =
            from operation in Operations(await Document())
            select $"{operation.Method.ToUpperInvariant()} {operation.Path}";
        var served =
            from endpoint in engine.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                _ => throw new InvalidOperationException("a path of another kind"),
            }))))
            where path.StartsWith("/v1/", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select $"{method} {path}";
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_is_the_one_that_is_kept_and_a_change_of_it_is_seen_in_review()
    {
        var kept = Path.Combine(Repository(), "docs", "openapi.json");
        var now = JsonSerializer.Serialize(await Document(), Indented) + "\n";
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 }) await File.WriteAllTextAsync(kept, now);

        Assert.True(
            await File.ReadAllTextAsync(kept) == now,
            "docs/openapi.json is not what the interface says of itself: look whether callers survive the change, then run ./dev openapi");
    }

    [Fact]
    public async Task Every_operation_has_a_name_and_a_summary_and_says_how_it_may_fail()
    {
        var operations = Operations(await Document()).ToList();
        Assert.Distinct(operations.Select(operation => operation.Json.GetProperty("operationId").GetString()));
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.Json.GetProperty("summary").GetString()));
            var responses = operation.Json.GetProperty("responses").EnumerateObject().ToDictionary(one => one.Name, one => one.Value);
            var expected = new List<string> { "400", "401", "403", "500", "503" };
            if (operation.Json.TryGetProperty("requestBody", out _)) expected.AddRange(["413", "415"]);
            if (operation.Method != "get") expected.Add("409");
            Assert.Empty(expected.Except(responses.Keys));
            Assert.All(responses.Where(one => one.Key[0] is '4' or '5'), one =>
                Assert.Equal(["application/problem+json"], one.Value.GetProperty("content").EnumerateObject().Select(content => content.Name)));
            Assert.All(responses.Values, one => Assert.False(string.IsNullOrEmpty(one.GetProperty("description").GetString())));
        });
    }

    [Fact]
    public async Task Every_parameter_is_described_and_what_the_comments_say_stands_there()
    {
        var document = await Document();
        var parameters =
            from operation in Operations(document)
            where operation.Json.TryGetProperty("parameters", out _)
            from parameter in operation.Json.GetProperty("parameters").EnumerateArray()
            where !parameter.TryGetProperty("description", out _)
            select $"{operation.Method} {operation.Path}: {parameter.GetProperty("name").GetString()}";
        Assert.Empty(parameters);

        // What a comment says stands there: of a type, of a member, of a member that is a type of its own, of a word, of an operation, of a parameter.
        Assert.StartsWith("A client as the CRM has them.", Text(document, "components.schemas.ClientRequest.description"), StringComparison.Ordinal);
        Assert.Equal("Days from issue to due date.", Text(document, "components.schemas.ClientRequest.properties.dueDays.description"));
        Assert.Equal("Invoices − credit notes − payments; positive is debt.", Text(document, "components.schemas.ClientCard.properties.balance.description"));
        Assert.Contains("- `perAccount`: One symbol for everything the account ever owes.", Text(document, "components.schemas.SymbolPolicy.description"), StringComparison.Ordinal);
        Assert.StartsWith("Answered from the last commit", Text(document, "paths./v1/clients/{reference}.get.description"), StringComparison.Ordinal);
        var card = Find(document, "paths./v1/clients/{reference}.get.parameters").EnumerateArray();
        Assert.Equal("Shows what billing through this day would issue; today when left out.", card.Single(one => one.GetProperty("name").GetString() == "through").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Words_are_texts_and_none_of_them_is_null()
    {
        var document = await Document();
        var schemas = Find(document, "components.schemas").EnumerateObject().ToList();
        Assert.DoesNotContain(schemas, schema => schema.Name.StartsWith("Nullable", StringComparison.Ordinal));
        var words = schemas.Where(schema => schema.Value.TryGetProperty("enum", out _)).ToList();
        Assert.Contains(words, schema => schema.Name == "DocumentKind");
        Assert.All(words, schema =>
        {
            Assert.Equal("string", schema.Value.GetProperty("type").GetString());
            Assert.All(schema.Value.GetProperty("enum").EnumerateArray(), word => Assert.Equal(JsonValueKind.String, word.ValueKind));
        });
        Assert.DoesNotContain("\"enum\":[null", document.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_a_page_has_its_bounds()
    {
        var limits = Operations(await Document())
            .Where(operation => operation.Json.TryGetProperty("parameters", out _))
            .SelectMany(operation => operation.Json.GetProperty("parameters").EnumerateArray())
            .Where(parameter => parameter.GetProperty("name").GetString() == "limit").ToList();
        Assert.NotEmpty(limits);
        Assert.All(limits, limit =>
        {
            var schema = limit.GetProperty("schema");
            Assert.Equal((1, 500, 100), (schema.GetProperty("minimum").GetInt32(), schema.GetProperty("maximum").GetInt32(), schema.GetProperty("default").GetInt32()));
        });
    }

    [Fact]
    public async Task Files_have_their_types_and_headers_are_named()
    {
        var document = await Document();
        Assert.Equal(
            ["application/octet-stream", "text/csv", "multipart/form-data"],
            Find(document, "paths./v1/statements.post.requestBody.content").EnumerateObject().Select(content => content.Name));
        Assert.Equal("binary", Text(document, "paths./v1/documents/{number}/pdf.get.responses.200.content.application/pdf.schema.format"));
        Assert.True(Find(document, "paths./v1/clients/{reference}.put.responses.201.headers").TryGetProperty("Location", out _));
        Assert.True(Find(document, "paths./v1/clients/{reference}.put.responses.200.headers").TryGetProperty("Idempotency-Hit", out _));
        Assert.True(Find(document, "paths./v1/clients.get.responses.503.headers").TryGetProperty("Retry-After", out _));
        Assert.True(Find(document, "paths./v1/clients.get.responses.401.headers").TryGetProperty("WWW-Authenticate", out _));
        Assert.Contains(
            Find(document, "paths./v1/clients/{reference}.put.parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key");
    }

    [Fact]
    public async Task The_document_names_no_host_whatever_host_it_was_asked_by()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.Host = "attacker.example";
        var document = JsonDocument.Parse(await engine.Operator.Body(request)).RootElement;

        Assert.Equal("/", Assert.Single(document.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString());
        Assert.DoesNotContain("attacker", document.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Array, document.GetProperty("security").ValueKind);
    }

    [Fact]
    public async Task Every_operation_names_the_right_without_which_it_is_refused()
    {
        var others = new Dictionary<string, KeyHolder>(StringComparer.Ordinal);
        foreach (var right in RightNames.All) others[right] = await engine.CallerWith([.. RightNames.All.Except([right])]);
        var named = 0;
        foreach (var (path, method, operation) in Operations(await Document()))
        {
            // Of those who sign in, and of what is one's own, the matrix tells.
            if (!operation.TryGetProperty("x-required-right", out var required)) continue;
            var right = required.GetString()!;
            Assert.Equal([right, right], operation.GetProperty("security").EnumerateArray().Select(way => Assert.Single(Assert.Single(way.EnumerateObject()).Value.EnumerateArray()).GetString()));
            Assert.Contains($"`{right}`", Text(operation, "responses.403.description"), StringComparison.Ordinal);
            (await others[right].Send(HttpMethod.Parse(method), Address(path, operation), content: null)).MustBeProblem(403, "forbidden");
            named++;
        }

        Assert.True(named > 50, $"{named} operations need a right");
        foreach (var holder in others.Values) holder.Dispose();

        static string Address(string path, JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path").Aggregate(path, (address, parameter) =>
                address.Replace($"{{{parameter.GetProperty("name").GetString()}}}", Place(parameter.GetProperty("schema")), StringComparison.Ordinal))
            : path;

        static string Place(JsonElement schema) =>
            schema.TryGetProperty("format", out var format) && format.GetString() == "uuid" ? Guid.Empty.ToString() : "1";
    }

    /// <summary>Generated clients take the first success for the answer and any other for an error, unless it is the same answer.</summary>
    [Fact]
    public async Task An_operation_succeeds_in_one_way_or_with_the_same_answer() =>
        Assert.All(Operations(await Document()), operation =>
        {
            var successes = operation.Json.GetProperty("responses").EnumerateObject().Where(one => one.Name[0] == '2').ToList();
            Assert.Single(successes.Select(one => one.Value.TryGetProperty("content", out var content) ? content.GetRawText() : "").Distinct());
            if (successes.Count > 1) Assert.Equal(["200", "201"], successes.Select(one => one.Name));
        });

    /// <summary>Examples rot unless somebody reads them: each is read as a request would be.</summary>
    [Fact]
    public async Task Every_body_has_an_example_that_is_read_as_a_request_would_be()
    {
        var document = await Document();
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        StrictJson.Apply(json);
        var bodies = engine.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => (Name: endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, Type: endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType))
            .Where(endpoint => endpoint is { Name: not null, Type: not null }).ToDictionary(endpoint => endpoint.Name!, endpoint => endpoint.Type!);
        var operations = Operations(document).Where(operation => operation.Json.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _)).ToList();
        Assert.NotEmpty(operations);
        Assert.All(operations, operation =>
        {
            var example = operation.Json.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
            Assert.NotNull(example.Deserialize(bodies[operation.Json.GetProperty("operationId").GetString()!], json));
        });
    }

    private async Task<JsonElement> Document() => (await engine.Operator.Get("/openapi/v1.json")).Must(200).Json;

    private static IEnumerable<(string Path, string Method, JsonElement Json)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where Methods.Contains(operation.Name)
        select (path.Name, operation.Name, operation.Value);

    private static string? Text(JsonElement document, string path) => Find(document, path).GetString();

    /// <summary>Steps are parted by dots, but for those within a path, which has none.</summary>
    private static JsonElement Find(JsonElement document, string path) => path.Split('.').Aggregate(document, (element, step) =>
        element.TryGetProperty(step, out var found) ? found : throw new InvalidOperationException($"{path}: no {step}"));

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("not in the repository");
        return folder.FullName;
    }
}
