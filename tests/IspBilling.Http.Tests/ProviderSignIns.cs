using System.Net;
using System.Security.Claims;
using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Hosting;
using IspBilling.Http.Security;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace IspBilling.Http.Tests;

/// <summary>Sign-in by an identity provider: a real one (OpenIddict) on a socket of its own.</summary>
public sealed class ProviderSignIns : IAsyncLifetime
{
    private const string ClientId = "ispbilling";
    private const string ClientSecret = "known to both";
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"ispbilling-oidc-{Guid.NewGuid():n}");
    private TestDatabase _database = null!;
    private WebApplication _provider = null!;
    private BillingNode _node = null!;

    /// <summary>Whom the provider finds at its door.</summary>
    private (string Subject, string Email, bool IsVerified) _visitor = ("s-1", "eva@example.com", true);

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        _provider = await StartProvider();
        await WarmUp();
        _node = await Start(ClientSecret);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _provider.DisposeAsync();
        await _database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A provider that answers for the first time may take longer on a busy machine than an engine waits for one.</summary>
    private async Task WarmUp()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_provider.Urls.First()), Timeout = TimeSpan.FromMinutes(3) };
        foreach (var path in (string[])["/.well-known/openid-configuration", "/.well-known/jwks"])
        {
            using var answer = await http.GetAsync(path);
            answer.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task Who_was_invited_comes_in_by_the_provider_and_without_a_password()
    {
        await Invite("eva@example.com");

        var (last, cookies) = await SignIn();

        Assert.Equal("/", last);
        Assert.Equal(("person", "eva"), await Me(cookies));
        Assert.Equal("provider", await _database.Scalar<string>("SELECT means FROM sessions"));
    }

    [Fact]
    public async Task Whom_nobody_invited_is_sent_back_to_the_form()
    {
        var (last, cookies) = await SignIn();

        Assert.Equal("/sign-in#refused", last);
        Assert.Null(cookies.GetCookies(_node.Address)["ispbilling-session"]);
    }

    [Fact]
    public async Task An_address_that_the_provider_has_not_verified_opens_nothing()
    {
        await Invite("eva@example.com");
        _visitor = ("s-2", "eva@example.com", false);

        Assert.Equal("/sign-in#refused", (await SignIn()).Last);
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_is_refused()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _node.Address };

        using var answer = await browser.GetAsync(new Uri("/sign-in/provider/callback?code=stolen&state=made-up", UriKind.Relative));

        Assert.Equal("/sign-in#refused", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_client_that_does_not_know_the_secret_signs_nobody_in()
    {
        await Invite("eva@example.com");
        await _node.DisposeAsync();
        _node = await Start("guessed");

        Assert.Equal("/sign-in#refused", (await SignIn()).Last);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_said_on_the_form()
    {
        await _provider.DisposeAsync();

        Assert.Equal("/sign-in#provider-away", (await SignIn()).Last);
    }

    private async Task Invite(string login) => await _node.Services.GetRequiredService<PeopleDesk>().Invite(login, login.Split('@')[0], ["clerk"], Asks.WithAll, CancellationToken.None);

    /// <summary>Follows the way that a browser is sent: to the provider and back.</summary>
    private async Task<(string Last, CookieContainer Cookies)> SignIn()
    {
        const int stepsMax = 6;
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });
        var at = new Uri(_node.Address, "/sign-in/provider");
        for (var step = 0; step < stepsMax; step++)
        {
            using var answer = await browser.GetAsync(at);
            Assert.True(answer.Headers.Location is not null, $"{at.GetLeftPart(UriPartial.Path)} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            var next = answer.Headers.Location!;
            if (!next.IsAbsoluteUri && (next.OriginalString is "/" || next.OriginalString.StartsWith("/sign-in#", StringComparison.Ordinal))) return (next.OriginalString, cookies);
            at = next.IsAbsoluteUri ? next : new Uri(at, next);
        }

        throw new InvalidOperationException("the way does not end");
    }

    private async Task<(string?, string?)> Me(CookieContainer cookies)
    {
        using var person = new SignedIn(_node.Address) { Cookie = cookies.GetCookieHeader(_node.Address) };
        var me = (await person.Get("/v1/me")).Must(200);
        return (me.Text("kind"), me.Text("name"));
    }

    private Task<BillingNode> Start(string secret) => BillingNode.Start(
        new HostSettings
        {
            Database = _database.ConnectionString, Port = 0, Logs = LogForm.None, DataDirectory = _directory, Cluster = $"test-{_database.Name}",
            Clock = new StandingClock(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)),
            IdentityProvider = new IdentityProvider(new Uri(_provider.Urls.First()), ClientId, secret, "the provider", PublicAddress: null),
        },
        NodeRole.Front,
        CancellationToken.None);

    private async Task<WebApplication> StartProvider()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().RegisterScopes("openid", "email", "profile");
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            // Without stores of its own: who its clients are is decided by these two, and everything else is the real thing.
            server.EnableDegradedMode();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(request =>
            {
                if (request.ClientId != ClientId || request.RedirectUri != new Uri(_node.Address, "/sign-in/provider/callback").AbsoluteUri) request.Reject("invalid_client");
                return default;
            }));
            server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(request =>
            {
                if (request.ClientId != ClientId || request.ClientSecret != ClientSecret) request.Reject("invalid_client");
                return default;
            }));
            server.AddEventHandler<OpenIddictServerEvents.HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(request =>
            {
                var identity = new ClaimsIdentity("provider");
                identity.AddClaim(new Claim("sub", _visitor.Subject).SetDestinations("id_token"));
                identity.AddClaim(new Claim("email", _visitor.Email).SetDestinations("id_token"));
                identity.AddClaim(new Claim("email_verified", _visitor.IsVerified ? "true" : "false", ClaimValueTypes.Boolean).SetDestinations("id_token"));
                request.SignIn(new ClaimsPrincipal(identity).SetScopes(request.Request!.GetScopes()));
                return default;
            }));
        });
        var provider = builder.Build();
        provider.UseAuthentication();
        await provider.StartAsync();
        return provider;
    }
}
