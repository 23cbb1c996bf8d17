using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>People at the interface: in, out, and what is done in their name.</summary>
public sealed class SigningIn(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Fact]
    public async Task A_person_signs_in_acts_under_their_name_and_signs_out()
    {
        using var person = await SignedIn.As(engine, "clerk@example.com", "clerk");
        var me = (await person.Get("/v1/me")).Must(200);
        Assert.Equal(("person", "clerk"), (me.Text("kind"), me.Text("name")));
        Assert.Contains("runBilling", me.Body, StringComparison.Ordinal);

        (await person.Send(HttpMethod.Put, "/v1/clients/BYP-1", RunningEngine.Client(), idempotencyKey: "once")).Must(201);
        (await person.Send(HttpMethod.Put, "/v1/clients/BYP-1", RunningEngine.Client(), idempotencyKey: "once")).Must(201);
        Assert.Equal(
            $"Person {me["id"].GetInt32()} clerk",
            await engine.Database.Scalar<string>("SELECT j.actor_kind || ' ' || j.actor_id || ' ' || j.by FROM journal j JOIN client_references r USING (account_id) WHERE r.reference = 'BYP-1'"));

        (await person.Post("/v1/sign-out")).Must(204);
        (await person.Get("/v1/me")).MustBeProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        using var person = await SignedIn.As(engine, "cookie@example.com");
        var cookie = (await person.SignIn("cookie@example.com", SignedIn.Password)).Must(200).Header("Set-Cookie")!;

        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_site_s_page_sends_in_a_person_s_name_changes_nothing()
    {
        using var person = await SignedIn.As(engine, "victim@example.com", "owner");
        using var forged = new SignedIn(engine.Host.Address) { Cookie = person.Cookie, IsOwn = false };

        (await forged.Send(HttpMethod.Put, "/v1/clients/FORGED", RunningEngine.Client())).MustBeProblem(403, "other-site");
        (await forged.Post("/v1/sign-out")).MustBeProblem(403, "other-site");
        (await forged.SignIn("victim@example.com", SignedIn.Password)).MustBeProblem(403, "other-site");
        (await person.Get("/v1/clients/FORGED")).Must(404);
        (await forged.Get("/v1/me")).Must(200);
    }

    [Fact]
    public async Task Whoever_cannot_come_in_is_answered_alike()
    {
        using var person = await SignedIn.As(engine, "alike@example.com");
        using var stranger = new SignedIn(engine.Host.Address);
        var wrong = (await stranger.SignIn("alike@example.com", "wrong horse battery")).MustBeProblem(401, "sign-in-refused");
        var nobody = (await stranger.SignIn("nobody@example.com", SignedIn.Password)).MustBeProblem(401, "sign-in-refused");
        for (var i = 0; i < 5; i++) await stranger.SignIn("alike@example.com", "wrong horse battery");
        var locked = (await stranger.SignIn("alike@example.com", SignedIn.Password)).MustBeProblem(401, "sign-in-refused");

        Assert.Equal(wrong.Body, nobody.Body);
        Assert.Equal(wrong.Body, locked.Body);
    }

    [Fact]
    public async Task A_session_that_is_revoked_or_whose_person_is_disabled_ends_with_its_next_request()
    {
        using var owner = await SignedIn.As(engine, "chief@example.com", "owner");
        using var person = await SignedIn.As(engine, "leaver@example.com", "clerk");
        var id = (await person.Get("/v1/me")).Must(200)["id"].GetInt32();
        var session = (await person.Get("/v1/me/sessions")).Must(200)["items[0].id"].GetInt64();
        (await person.Send(HttpMethod.Delete, $"/v1/me/sessions/{(await owner.Get("/v1/me/sessions"))["items[0].id"].GetInt64()}")).MustBeProblem(404);

        (await owner.Send(HttpMethod.Delete, $"/v1/sessions/{session}")).Must(204);
        (await person.Get("/v1/me")).Must(401);
        (await person.SignIn("leaver@example.com", SignedIn.Password)).Must(200);
        (await owner.Send(HttpMethod.Put, $"/v1/people/{id}/roles", new { roles = new[] { "helpdesk" } })).Must(204);
        (await person.Get("/v1/billing-runs")).MustBeProblem(403);
        (await owner.Post($"/v1/people/{id}/disable")).Must(204);
        (await person.Get("/v1/me")).Must(401);
    }

    [Fact]
    public async Task An_invitation_is_followed_once_and_its_secret_is_in_no_path()
    {
        using var owner = await SignedIn.As(engine, "inviter@example.com", "owner");
        var invited = (await owner.Post("/v1/people", new { login = "new@example.com", name = "New", roles = new[] { "clerk" } })).Must(201);
        var link = invited.Text("link")!;
        Assert.StartsWith("/welcome#isl_", link, StringComparison.Ordinal);
        using var person = new SignedIn(engine.Host.Address);
        var token = link.Split('#')[1];
        Assert.Equal("new@example.com", (await person.Post("/v1/welcome/look", new { link = token })).Must(200).Text("login"));

        (await person.Post("/v1/welcome", new { link = token, password = "short" })).MustBeProblem(400);
        (await person.Post("/v1/welcome", new { link = token, password = SignedIn.Password })).Must(204);
        (await person.Post("/v1/welcome", new { link = token, password = SignedIn.Password })).MustBeProblem(404);
        (await person.SignIn("new@example.com", SignedIn.Password)).Must(200);
        Assert.Contains("form", (await person.Get("/welcome")).Must(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gives_what_they_lack_by_a_key_or_by_a_role()
    {
        using var machineOperator = await engine.CallerWith("operator", "managePeople");
        (await machineOperator.Post("/v1/api-keys", new { name = "too much", scopes = new[] { "clients:read" } })).MustBeProblem(403, "beyond-own-rights");
        (await machineOperator.Post("/v1/api-keys", new { name = "as much", scopes = new[] { "operator" } })).Must(201);
        (await machineOperator.Post("/v1/people", new { login = "puppet@example.com", name = "Puppet", roles = new[] { "owner" } })).MustBeProblem(403, "beyond-own-rights");
        (await machineOperator.Put("/v1/roles/mine", new { name = "Mine", rights = new[] { "readMoney" } })).MustBeProblem(403, "beyond-own-rights");
        (await machineOperator.Post("/v1/api-keys", new { name = "no word", scopes = new[] { "everything" } })).MustBeProblem(400);
    }

    [Fact]
    public async Task A_role_of_the_provider_s_own_gives_its_rights_with_the_next_request()
    {
        (await engine.Operator.Put("/v1/roles/figures", new { name = "Figures", rights = new[] { "readReports" } })).Must(200);
        using var person = await SignedIn.As(engine, "figures@example.com", "figures");
        (await person.Get("/v1/reports/receivables")).Must(200);
        (await person.Get("/v1/clients")).MustBeProblem(403);

        (await engine.Operator.Put("/v1/roles/figures", new { name = "Figures", rights = new[] { "readMoney" } })).Must(200);
        (await person.Get("/v1/reports/receivables")).MustBeProblem(403);
        (await person.Get("/v1/clients")).Must(200);
        (await engine.Operator.Delete("/v1/roles/figures")).MustBeProblem(409, "role-in-use");
    }

    [Fact]
    public async Task A_request_with_a_secret_is_not_kept_for_repetition()
    {
        using var person = await SignedIn.As(engine, "secret@example.com");
        (await person.Send(HttpMethod.Post, "/v1/me/password", new { current = SignedIn.Password, chosen = "staple battery horse" }, idempotencyKey: "k")).MustBeProblem(400);
        (await engine.Operator.Post("/v1/api-keys", new { name = "repeated", scopes = new[] { "operator" } }, "k")).MustBeProblem(400);
    }

    [Fact]
    public async Task The_sign_in_pages_load_nothing_from_elsewhere()
    {
        using var stranger = engine.Stranger();
        foreach (var path in (string[])["/welcome", "/sign-in"])
            Assert.StartsWith("default-src 'none'; script-src 'self';", (await stranger.Get(path)).Must(200).Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("text/javascript", (await stranger.Get("/sign-in/form.js")).Must(200).MediaType);
    }

    [Fact]
    public async Task A_signed_in_person_opens_the_pages_without_a_key()
    {
        using var person = await SignedIn.As(engine, "reader@example.com", "operator");
        (await person.Get("/docs/index.html")).Must(200);
        (await person.Get("/openapi/v1.json")).Must(200);
        (await person.Get("/dashboard/")).Must(200);
        using var clerk = await SignedIn.As(engine, "nodash@example.com", "clerk");
        (await clerk.Get("/dashboard/")).Must(403);
    }
}
