using System.Globalization;
using System.Security.Cryptography;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Security;

/// <summary>
/// A browser cannot send a bearer key when it opens a page, so whoever showed one has a cookie for pages. It holds no key, only whose it was,
/// readable by every node; it is sent to the paths of <see cref="BrowserPage"/> and honoured only for reading them.
/// </summary>
internal sealed class PageCookie(IDataProtectionProvider protection)
{
    private const string Name = "ispbilling-pages";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(Name).ToTimeLimitedDataProtector();

    public void Give(HttpContext http, ApiKeyId key)
    {
        var ticket = _protector.Protect(key.Value.ToString(CultureInfo.InvariantCulture), Lifetime);
        foreach (var page in BrowserPage.All)
        {
            http.Response.Cookies.Append(Name, ticket, new CookieOptions
            {
                Path = page.Path, HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, MaxAge = Lifetime, IsEssential = true,
            });
        }
    }

    /// <summary>The key the cookie was given for; null when there is none or it is too old.</summary>
    public ApiKeyId? KeyOf(HttpRequest request)
    {
        if (BrowserPage.Of(request) is null || request.Cookies[Name] is not { } ticket) return null;
        try
        {
            return new ApiKeyId(int.Parse(_protector.Unprotect(ticket), NumberStyles.None, CultureInfo.InvariantCulture));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
