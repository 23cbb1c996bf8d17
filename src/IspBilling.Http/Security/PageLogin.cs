using IspBilling.Access.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Security;

/// <summary>Asks for a key before a page is shown.</summary>
internal static class PageLogin
{
    public static void MapPageLogins(this IEndpointRouteBuilder routes)
    {
        foreach (var page in new[] { BrowserPage.Docs, BrowserPage.Dashboard })
        {
            routes.MapPost(page.LoginPath, (HttpContext http, KnownKeys keys, PageCookie cookie) => Login(page, http, keys, cookie))
                .OpenToAll().AsRarelyAsSignIns().ExcludeFromDescription();
        }
    }

    public static Task AskForKey(BrowserPage page, HttpContext http, bool wrong)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>{page.Title}</title>
            <style>body {"{"} font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 15vh auto; padding: 0 1rem {"}"}
            input, button {"{"} font: inherit; padding: .4rem .6rem {"}"} input {"{"} width: 100%; box-sizing: border-box; margin: .3rem 0 1rem {"}"}</style>
            <h1>{page.Title}</h1>
            <form method="post" action="{page.LoginPath}">
            <label>API key<input name="key" type="password" autocomplete="off" required autofocus placeholder="isp_…"></label>
            {(wrong ? $"<p role=\"alert\">This key is not known{(page.Right is { } right ? $", lacks the right “{RightNames.Of(right)}”" : "")}, or is no longer valid.</p>" : "")}
            <button>Open</button>
            </form>
            <p>Or <a href="/sign-in">sign in</a> first.</p>
            </html>
            """,
            http.RequestAborted);
    }

    private static async Task Login(BrowserPage page, HttpContext http, KnownKeys keys, PageCookie cookie)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        if (await keys.Find(form["key"].ToString().Trim(), http.RequestAborted) is not { } key || (page.Right is { } right && !key.Rights.Has(right)))
        {
            await AskForKey(page, http, wrong: true);
            return;
        }

        cookie.Give(http, key.Key.Id);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = page.Path;
    }
}
