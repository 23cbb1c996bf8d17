using System.Security.Claims;
using System.Text.Encodings.Web;
using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Access.SignIn;
using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IspBilling.Http.Security;

/// <summary><c>Authorization: Bearer isp_…</c>, the cookie of a person's session, or, for reading a page in a browser, <see cref="PageCookie"/>.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KnownKeys keys, SignInDesk people, PageCookie cookie)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Caller";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is [{ } header])
        {
            if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
            return await keys.Find(header[Bearer.Length..].Trim(), Context.RequestAborted) is { } key
                ? Success(new CallerIdentity(key.Caller, key.Rights, session: null))
                : AuthenticateResult.Fail("unknown or revoked key");
        }

        if (SessionCookie.Of(Request) is { } session && await people.Find(session, Context.RequestAborted) is { } holder)
            return Success(new CallerIdentity(Caller.Of(holder), PeopleRules.RightsOf(holder), holder));

        // The cookie carries no right but the page's own: it reads that page and nothing else.
        if (cookie.KeyOf(Request) is { } id && await keys.Find(id, Context.RequestAborted) is { } reader)
            return Success(new CallerIdentity(reader.Caller, RightSet.Of([.. reader.Rights.Where(right => right == BrowserPage.Of(Request)?.Right)]), session: null));
        return AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"IspBilling\"";
        return BrowserPage.Of(Request) is { IsPage: true } page ? PageLogin.AskForKey(page, Context, wrong: false) : Problem.Unauthenticated().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var need = Context.GetEndpoint()?.Metadata.GetMetadata<EndpointNeed>();
        return Problem.Forbidden(need?.Right is { } right ? $"It needs the right {RightNames.Of(right)}." : "It is for a person who is signed in.").ExecuteAsync(Context);
    }

    private static AuthenticateResult Success(CallerIdentity identity) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
}
