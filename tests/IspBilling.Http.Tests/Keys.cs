using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

public sealed class Keys(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Fact]
    public async Task A_revoked_or_made_up_key_is_refused()
    {
        var created = (await engine.Operator.Post("/v1/api-keys", new { name = "crm", scopes = new[] { "clients:read" } })).Must(201);
        using var crm = new KeyHolder(engine.Host.Address, created.Text("key"));
        (await crm.Get("/v1/clients")).Must(200);
        (await engine.Operator.Delete($"/v1/api-keys/{created["id"].GetInt32()}")).Must(204);
        (await crm.Get("/v1/clients")).MustBeProblem(401, "unauthenticated");
        using var guesser = new KeyHolder(engine.Host.Address, "isp_guess");
        (await guesser.Get("/v1/clients")).MustBeProblem(401);
        Assert.DoesNotContain(created.Text("key")!, (await engine.Operator.Get("/v1/api-keys")).Must(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_opens_to_a_browser_that_showed_a_key_and_nothing_else_does()
    {
        using var browser = engine.Stranger();
        (await browser.Send(HttpMethod.Post, "/docs/login", Form("isp_wrong"))).Must(401);
        var created = (await engine.Operator.Post("/v1/api-keys", new { name = "reader", scopes = new[] { "operator" } })).Must(201);
        var login = (await browser.Send(HttpMethod.Post, "/docs/login", Form(created.Text("key")!))).Must(303);
        var cookie = login.Headers.GetValues("Set-Cookie").First();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Text("key")!, cookie, StringComparison.Ordinal);

        var ticket = cookie.Split(';')[0];
        Assert.Contains("swagger", (await browser.Send(HttpMethod.Get, "/docs/index.html", null, cookie: ticket)).Must(200).Body, StringComparison.OrdinalIgnoreCase);
        (await browser.Send(HttpMethod.Get, "/openapi/v1.json", null, cookie: ticket)).Must(200);
        (await browser.Send(HttpMethod.Get, "/v1/api-keys", null, cookie: ticket)).Must(401);
        (await browser.Send(HttpMethod.Post, "/v1/api-keys", null, cookie: ticket)).Must(401);

        static FormUrlEncodedContent Form(string key) => new([KeyValuePair.Create("key", key)]);
    }

    [Fact]
    public async Task Two_keys_never_have_the_same_name_and_the_journal_names_the_key_and_its_number()
    {
        var created = (await engine.Operator.Post("/v1/api-keys", new { name = "Sales", scopes = new[] { "clients:write" } })).Must(201);
        (await engine.Operator.Post("/v1/api-keys", new { name = "sales", scopes = new[] { "clients:write" } })).MustBeProblem(409, "name-taken");
        (await engine.Operator.Delete($"/v1/api-keys/{created["id"].GetInt32()}")).Must(204);
        (await engine.Operator.Post("/v1/api-keys", new { name = "Sales", scopes = new[] { "clients:write" } })).MustBeProblem(409, "name-taken");

        var crm = (await engine.Operator.Post("/v1/api-keys", new { name = "CRM of Brno", scopes = new[] { "clients:write" } })).Must(201);
        using var caller = new KeyHolder(engine.Host.Address, crm.Text("key"));
        (await caller.Put("/v1/clients/BY-1", RunningEngine.Client())).Must(201);
        Assert.Equal(
            $"ApiKey {crm["id"].GetInt32()} CRM of Brno",
            await engine.Database.Scalar<string>("SELECT concat_ws(' ', j.actor_kind, j.actor_id, j.by) FROM journal j JOIN client_references r USING (account_id) WHERE r.reference = 'BY-1'"));
    }

    [Fact]
    public async Task A_browser_at_the_root_is_told_where_to_go()
    {
        using var stranger = engine.Stranger();
        var page = (await stranger.Get("/")).Must(200);

        Assert.Equal("text/html", page.MediaType);
        foreach (var place in (string[])["/docs", "/dashboard", "/openapi/v1.json", "/health/ready", "README.md"])
            Assert.Contains(place, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_be_read_can_be_asked_about()
    {
        foreach (var path in (string[])["/v1/clients", "/v1/issuers/1", "/openapi/v1.json"])
        {
            var head = (await engine.Operator.Send(HttpMethod.Head, path, content: null)).Must(200);
            Assert.Equal("", head.Body);
            Assert.Equal((await engine.Operator.Get(path)).MediaType, head.MediaType);
        }

        (await engine.Operator.Send(HttpMethod.Head, "/v1/clients/nobody", content: null)).Must(404);
        using var stranger = engine.Stranger();
        (await stranger.Send(HttpMethod.Head, "/v1/clients", content: null)).Must(401);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task The_cookie_of_pages_is_for_TLS_alone_when_a_proxy_on_this_machine_says_that_the_browser_came_over_it(string? forwarded, bool isSecure)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = engine.Host.Address };
        var key = (await engine.Operator.Post("/v1/api-keys", new { name = $"tls {forwarded}", scopes = new[] { "operator" } })).Must(201).Text("key")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/docs/login") { Content = new FormUrlEncodedContent([KeyValuePair.Create("key", key)]) };
        if (forwarded is not null) request.Headers.Add("X-Forwarded-Proto", forwarded);
        using var login = await browser.SendAsync(request);

        Assert.All(login.Headers.GetValues("Set-Cookie"), cookie => Assert.Equal(isSecure, cookie.Contains("; secure", StringComparison.Ordinal)));
    }
}
