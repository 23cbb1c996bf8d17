using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Security;

/// <summary>For whoever opens the engine's address in a browser: where to go. It tells a stranger nothing that they could not guess.</summary>
internal static class FrontPage
{
    private const string Html =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>IspBilling</title>
        <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem }</style>
        <h1>IspBilling</h1>
        <p>The billing engine runs here. It has an interface for programs and, so far, few screens for people.</p>
        <ul>
        <li><a href="/docs">/docs</a>: every call, described and to be tried; asks for an API key or a <a href="/sign-in">sign-in</a></li>
        <li><a href="/dashboard">/dashboard</a>: the accounts at work, for who has the right <code>operate</code></li>
        <li><a href="/openapi/v1.json">/openapi/v1.json</a>: the description that clients are generated from; asks for the same</li>
        <li><a href="/health/ready">/health/ready</a>: whether it may be sent requests</li>
        </ul>
        <p>The first start printed a link by which the first person comes to be. <code>./dev apikey create</code> makes a key for a program. <code>README.md</code> goes through a first month.</p>
        </html>
        """;

    public static void MapFrontPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", static () => TypedResults.Content(Html, "text/html; charset=utf-8")).OpenToAll().ExcludeFromDescription();
}
