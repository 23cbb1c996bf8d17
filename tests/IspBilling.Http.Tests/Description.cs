using System.Text.Json;
using IspBilling.Http.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

public sealed class Description(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Fact]
    public async Task The_document_describes_every_route()
    {
        var document = (await engine.Operator.Get("/openapi/v1.json")).Must(200).Json;
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .Order(StringComparer.Ordinal);
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
        Assert.Equal(served.Order(StringComparer.Ordinal), described);
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_says_how_it_may_fail()
    {
        var document = (await engine.Operator.Get("/openapi/v1.json")).Must(200).Json;
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value).ToList();
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()));
            Assert.True(operation.GetProperty("responses").TryGetProperty("401", out _), operation.GetProperty("operationId").GetString());
        });
        Assert.Distinct(operations.Select(operation => operation.GetProperty("operationId").GetString()));
        Assert.Equal(JsonValueKind.Array, document.GetProperty("security").ValueKind);
    }
}
