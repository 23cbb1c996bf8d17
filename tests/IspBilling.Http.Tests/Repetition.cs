using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

public sealed class Repetition(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task The_same_request_under_the_same_key_is_the_same_run()
    {
        var request = new { mode = "preview", through = "2026-03-31" };
        var first = (await _crm.Post("/v1/billing-runs", request, "run-1")).Must(202);
        var second = (await _crm.Post("/v1/billing-runs", request, "run-1")).Must(202);
        Assert.Equal(first.Text("id"), second.Text("id"));
        (await _crm.Post("/v1/billing-runs", new { mode = "preview", through = "2026-04-30" }, "run-1")).MustBeProblem(409, "idempotency-key-reused");
        Assert.NotEqual(first.Text("id"), (await _crm.Post("/v1/billing-runs", request, "run-2")).Must(202).Text("id"));
    }

    [Fact]
    public async Task Another_caller_may_use_the_same_key()
    {
        using var other = await engine.CallerWith("billing");
        var request = new { mode = "preview", through = "2026-03-31" };
        var mine = (await _crm.Post("/v1/billing-runs", request, "shared")).Must(202);
        var theirs = (await other.Post("/v1/billing-runs", request, "shared")).Must(202);
        Assert.NotEqual(mine.Text("id"), theirs.Text("id"));
    }

    [Fact]
    public async Task An_old_request_repeated_late_does_not_undo_a_newer_one()
    {
        (await _crm.Put("/v1/clients/I-1", RunningEngine.Client("Old"), "name-1")).Must(201);
        (await _crm.Put("/v1/clients/I-1", RunningEngine.Client("New"), "name-2")).Must(200);
        (await _crm.Put("/v1/clients/I-1", RunningEngine.Client("Old"), "name-1")).Must(201);
        Assert.Equal("New", (await _crm.Get("/v1/clients/I-1")).Must(200).Text("client.name"));
    }

    [Fact]
    public async Task A_repeated_request_is_answered_with_the_status_of_the_first_and_says_so()
    {
        var first = (await _crm.Put("/v1/clients/I-2", RunningEngine.Client(), "new-1")).Must(201);
        var again = (await _crm.Put("/v1/clients/I-2", RunningEngine.Client(), "new-1")).Must(201);

        Assert.Equal((null, "true"), (first.Header("Idempotency-Hit"), again.Header("Idempotency-Hit")));
        Assert.Equal((first.Body, "/v1/clients/I-2"), (again.Body, again.Headers.Location?.OriginalString));
        Assert.Null((await _crm.Put("/v1/clients/I-2", RunningEngine.Client(), "new-2")).Must(200).Header("Idempotency-Hit"));

        (await _crm.Put("/v1/clients/I-2/services/S", new { tariff = "HOME", start = "2026-03-01" }, "service-1")).Must(200);
        Assert.Equal("true", (await _crm.Put("/v1/clients/I-2/services/S", new { tariff = "HOME", start = "2026-03-01" }, "service-1")).Must(200).Header("Idempotency-Hit"));
    }

    [Fact]
    public async Task What_was_refused_may_succeed_when_it_is_asked_for_again()
    {
        var service = new { tariff = "HOME", start = "2026-03-01" };
        (await _crm.Put("/v1/clients/I-3/services/S", service, "early")).MustBeProblem(404);
        (await _crm.Put("/v1/clients/I-3", RunningEngine.Client())).Must(201);

        Assert.Null((await _crm.Put("/v1/clients/I-3/services/S", service, "early")).Must(200).Header("Idempotency-Hit"));
    }

    [Fact]
    public async Task A_key_on_the_form_for_pages_is_of_no_use_and_does_no_harm()
    {
        using var stranger = engine.Stranger();
        (await stranger.Send(HttpMethod.Post, "/docs/login", new FormUrlEncodedContent([KeyValuePair.Create("key", "isp_wrong")]), "key-1")).Must(401);
    }

    [Fact]
    public async Task A_file_repeated_under_its_key_is_the_same_import()
    {
        byte[] file = [.. "neither GPC nor anything else"u8];
        (await _crm.Send(HttpMethod.Post, "/v1/statements", new ByteArrayContent(file), "file-1")).MustBeProblem(422);
        (await _crm.Send(HttpMethod.Post, "/v1/statements", new ByteArrayContent(file), "file-1")).MustBeProblem(422);
        (await _crm.Send(HttpMethod.Post, "/v1/statements", new ByteArrayContent([.. file, 33]), "file-1")).MustBeProblem(409, "idempotency-key-reused");
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    public async Task A_key_that_is_none_is_refused(string key) =>
        (await _crm.Post("/v1/clients/I-1/close", null, key)).MustBeProblem(400, "invalid-request");

    [Fact]
    public async Task A_key_too_long_is_refused() =>
        (await _crm.Post("/v1/clients/I-1/close", null, new string('k', 129))).MustBeProblem(400, "invalid-request");
}
