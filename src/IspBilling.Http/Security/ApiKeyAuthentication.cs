using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using IspBilling.Http.Problems;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IspBilling.Http.Security;

/// <summary><c>Authorization: Bearer isp_…</c>, or, for reading a page in a browser, <see cref="PageCookie"/>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KnownKeys keys, PageCookie cookie)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is [{ } header])
        {
            if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
            return await keys.Find(header[Bearer.Length..].Trim(), Context.RequestAborted) is { } key
                ? Success(key, key.Scopes)
                : AuthenticateResult.Fail("unknown or revoked key");
        }

        // The cookie carries no scope but the page's own: it reads that page and nothing else.
        if (cookie.KeyOf(Request) is { } id && await keys.Find(id, Context.RequestAborted) is { } reader)
            return Success(reader, reader.Scopes.Where(scope => scope == BrowserPage.Of(Request)?.Scope));
        return AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"IspBilling\"";
        return BrowserPage.Of(Request) is { IsPage: true } page ? PageLogin.AskForKey(page, Context, wrong: false) : Problem.Unauthenticated().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.Forbidden("The key lacks the scope this needs.").ExecuteAsync(Context);

    private static AuthenticateResult Success(ApiKey key, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, key.Id.Value.ToString(CultureInfo.InvariantCulture)),
                new Claim(ClaimTypes.Name, key.Name),
                .. scopes.Select(scope => new Claim(Scopes.ClaimType, scope)),
            ],
            SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
