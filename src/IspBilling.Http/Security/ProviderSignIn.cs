using IspBilling.Access.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IspBilling.Http.Security;

/// <summary>An OpenID Connect provider by which people sign in. It says who they are; who may come in, and what for, is decided here.</summary>
/// <param name="Name">On the link of the sign-in form.</param>
/// <param name="PublicAddress">By which browsers reach this engine; null for the address that a request came to.</param>
public sealed record IdentityProvider(Uri Authority, string ClientId, string ClientSecret, string Name, Uri? PublicAddress);

/// <summary>Sign-in by an identity provider: authorization code with PKCE, and a session of ours at its end.</summary>
internal static class ProviderSignIn
{
    public const string Path = "/sign-in/provider";

    private const string SchemeName = "Provider";
    private const string CallbackPath = "/sign-in/provider/callback";
    private const string Refused = "/sign-in#refused";
    private const string Away = "/sign-in#provider-away";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static void AddProviderSignIn(this AuthenticationBuilder authentication, IdentityProvider provider) =>
        authentication.AddOpenIdConnect(SchemeName, options =>
        {
            options.Authority = provider.Authority.OriginalString;
            options.RequireHttpsMetadata = !provider.Authority.IsLoopback;
            options.ClientId = provider.ClientId;
            options.ClientSecret = provider.ClientSecret;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // The way back is a plain link, so that cookies need not be open to other sites' forms.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.MapInboundClaims = false;
            options.SaveTokens = false;
            options.BackchannelTimeout = Patience;
            options.CallbackPath = CallbackPath;
            options.Scope.Clear();
            foreach (var scope in (string[])["openid", "email", "profile"]) options.Scope.Add(scope);
            foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
                (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
            // The provider's tokens are of the machine's time, whatever the business date is.
            options.TimeProvider = TimeProvider.System;
            options.SignInScheme = CallerAuthentication.SchemeName;
            options.Events.OnRedirectToIdentityProvider = redirect =>
            {
                if (provider.PublicAddress is { } address) redirect.ProtocolMessage.RedirectUri = new Uri(address, CallbackPath).AbsoluteUri;
                return Task.CompletedTask;
            };
            options.Events.OnTicketReceived = received => Receive(received, provider);
            options.Events.OnRemoteFailure = failed =>
            {
                failed.HandleResponse();
                failed.Response.Redirect(failed.Failure is { } fault && IsAway(fault) ? Away : Refused);
                return Task.CompletedTask;
            };
        });

    public static void MapProviderSignIn(this IEndpointRouteBuilder routes) => routes
        .MapGet(Path, Challenge).OpenToAll().ExcludeFromDescription();

    /// <remarks>The provider is asked for its addresses with the first sign-in, and again when they are old.</remarks>
    private static async Task Challenge(HttpContext http, ILogger<IdentityProvider> log)
    {
        try
        {
            await http.ChallengeAsync(SchemeName, new AuthenticationProperties { RedirectUri = "/" });
        }
        catch (Exception away) when (IsAway(away) && !http.Response.HasStarted)
        {
            log.LogWarning(away, "The identity provider does not say where people sign in.");
            http.Response.Redirect(Away);
        }
    }

    /// <summary>The library wraps what the network says into an exception of its own, which tells nothing by its type.</summary>
    private static bool IsAway(Exception fault) => fault is InvalidOperationException { InnerException: not null } or HttpRequestException or IOException or TaskCanceledException;

    private static async Task Receive(TicketReceivedContext received, IdentityProvider provider)
    {
        received.HandleResponse();
        var (http, claims) = (received.HttpContext, received.Principal!);
        var isVerified = string.Equals(claims.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase);
        var place = SignInPlace.Of(http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString());
        var session = claims.FindFirst("sub")?.Value is { } subject
            ? await http.RequestServices.GetRequiredService<SignInDesk>().SignInByProvider(
                claims.FindFirst("iss")?.Value ?? provider.Authority.OriginalString, subject, isVerified ? claims.FindFirst("email")?.Value : null, place, http.RequestAborted)
            : null;
        if (session is not null) SessionCookie.Give(http, session);
        http.Response.Redirect(session is null ? Refused : "/");
    }
}
