using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Security;

/// <summary>
/// Carries the secret of a person's session, which the session's row knows by its hash: any node recognises it, and none remembers it.
/// </summary>
/// <remarks>
/// Lax, not Strict: who comes from a link in a message, or back from an identity provider, is still signed in. Another site's page can
/// therefore have a browser open our pages, which changes nothing; what changes something needs <see cref="OwnRequests.Header"/> as well.
/// </remarks>
internal static class SessionCookie
{
    public const string Name = "ispbilling-session";

    public static string? Of(HttpRequest request) => request.Cookies[Name];

    /// <summary>Without an age: the browser forgets it when it is closed, and the row says how long it is good.</summary>
    public static void Give(HttpContext http, string session) => http.Response.Cookies.Append(Name, session, Options(http));

    public static void Take(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http));

    private static CookieOptions Options(HttpContext http) =>
        new() { Path = "/", HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, IsEssential = true };
}
