using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests.Support;

/// <param name="Path">With a value in each place that the route leaves open.</param>
public sealed record ServedEndpoint(string Method, string Path, RouteEndpoint Endpoint)
{
    /// <summary>Everything a running engine serves, so that nothing new is forgotten.</summary>
    public static IReadOnlyList<ServedEndpoint> All(IServiceProvider services) =>
    [
        .. from endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select new ServedEndpoint(method, Filled(endpoint.RoutePattern), endpoint),
    ];

    public override string ToString() => $"{Method} {Path}";

    private static string Filled(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Filled))));

    private static string Filled(RoutePatternPart part)
    {
        if (part is RoutePatternLiteralPart literal) return literal.Content;
        if (part is RoutePatternSeparatorPart separator) return separator.Content;
        var parameter = (RoutePatternParameterPart)part;
        if (parameter.Name == "documentName") return "v1";
        var policies = parameter.ParameterPolicies.Select(policy => policy.Content).ToArray();
        if (policies.Contains("guid")) return "7f1c1a0e-0000-4000-8000-000000000000";
        return policies.Any(policy => policy is "int" or "long") ? "424242" : "x";
    }
}
