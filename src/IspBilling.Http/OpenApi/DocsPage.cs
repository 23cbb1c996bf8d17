using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.OpenApi;

/// <summary>The page on which people read and try the interface. Like everything else it wants a key first.</summary>
internal static class DocsPage
{
    public const string Path = "/docs";
    private const string LoginPath = "/docs/login";

    public static bool IsAskedFor(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path.StartsWithSegments(Path, StringComparison.Ordinal);

    public static void MapDocsLogin(this IEndpointRouteBuilder routes) =>
        routes.MapPost(LoginPath, Login).AllowAnonymous().ExcludeFromDescription();

    public static Task AskForKey(HttpContext http, bool wrong)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>IspBilling interface</title>
            <style>body {"{"} font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 15vh auto; padding: 0 1rem {"}"}
            input, button {"{"} font: inherit; padding: .4rem .6rem {"}"} input {"{"} width: 100%; box-sizing: border-box; margin: .3rem 0 1rem {"}"}</style>
            <h1>IspBilling interface</h1>
            <form method="post" action="{LoginPath}">
            <label>API key<input name="key" type="password" autocomplete="off" required autofocus placeholder="isp_…"></label>
            {(wrong ? "<p role=\"alert\">This key is not known, or no longer valid.</p>" : "")}
            <button>Open</button>
            </form>
            </html>
            """,
            http.RequestAborted);
    }

    private static async Task Login(HttpContext http, KnownKeys keys, DocsCookie cookie)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        if (await keys.Find(form["key"].ToString().Trim(), http.RequestAborted) is not { } key)
        {
            await AskForKey(http, wrong: true);
            return;
        }

        cookie.Give(http, key.Id);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = Path;
    }
}
