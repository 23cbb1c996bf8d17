using System.Text.Json;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>A run beyond the first day of next month issues nothing until somebody names what it would issue.</summary>
public sealed class RunsAhead(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_run_through_2062_names_count_and_sum_and_issues_when_they_are_confirmed()
    {
        await Subscribe("A-1");
        var refused = (await Issue("2062-12-31", "A-1")).MustBeProblem(422, "run-far-ahead");

        Assert.Contains("it would issue 1 document over 220558.00 CZK.", refused.Text("detail"), StringComparison.Ordinal);
        // 442 months at 499.00, on one invoice.
        Assert.Equal((1, "220558.00", "CZK"), (refused["count"].GetInt32(), refused.Amount("sum[0]"), refused.Text("sum[0].currency")));
        Assert.Empty((await _crm.Get("/v1/clients/A-1/documents")).Must(200)["items"].EnumerateArray());

        var started = (await Issue("2062-12-31", "A-1", Confirmed(refused))).Must(202);
        var run = await Ended(started);
        Assert.Equal(("220558.00", 1L), (run.Amount("total"), run["documents"].GetInt64()));
    }

    [Fact]
    public async Task What_has_changed_since_it_was_named_is_not_issued()
    {
        await Subscribe("B-1");
        var refused = (await Issue("2026-04-30", "B-1")).MustBeProblem(422, "run-far-ahead");
        (await _crm.Put("/v1/clients/B-1/one-off-items/I1", new { date = "2026-03-01", text = "router", unitPrice = RunningEngine.Czk("990.00") })).Must(204);

        var changed = (await Issue("2026-04-30", "B-1", Confirmed(refused))).MustBeProblem(409, "run-changed");

        Assert.Equal("1988.00", changed.Amount("sum[0]"));
        Assert.Empty((await _crm.Get("/v1/clients/B-1/documents")).Must(200)["items"].EnumerateArray());
        (await Issue("2026-04-30", "B-1", Confirmed(changed))).Must(202);
    }

    [Fact]
    public async Task The_first_day_of_next_month_is_as_far_as_anybody_bills_unasked()
    {
        await Subscribe("C-1");

        (await Issue("2026-04-02", "C-1")).MustBeProblem(422, "run-far-ahead");
        (await _crm.Post("/v1/billing-runs", new { mode = "preview", through = "2062-12-31", clients = new[] { "C-1" } })).Must(202);
        var run = await Ended((await Issue("2026-04-01", "C-1")).Must(202));

        Assert.Equal("998.00", run.Amount("total"));
    }

    [Fact]
    public async Task A_run_ahead_that_issues_nothing_needs_no_confirmation()
    {
        (await _crm.Put("/v1/clients/D-1", RunningEngine.Client())).Must(201);

        (await Issue("2062-12-31", "D-1")).Must(202);
    }

    [Fact]
    public async Task The_same_request_again_finds_the_same_run()
    {
        await Subscribe("E-1");
        var confirm = Confirmed((await Issue("2026-05-31", "E-1")).MustBeProblem(422));
        var request = new { mode = "issue", through = "2026-05-31", clients = new[] { "E-1" }, confirm };

        var first = (await _crm.Post("/v1/billing-runs", request, "ahead-1")).Must(202);
        await Ended(first);
        var again = (await _crm.Post("/v1/billing-runs", request, "ahead-1")).Must(202);

        Assert.Equal(first.Text("id"), again.Text("id"));
    }

    [Theory]
    [InlineData("""{"mode":"issue","through":"2026-05-31","confirm":{"count":1,"sum":[{"amount":"x","currency":"CZK"}]}}""", "confirm.sum[0]")]
    [InlineData("""{"mode":"preview","through":"2026-05-31","confirm":{"count":1,"sum":[]}}""", "confirm")]
    public async Task A_confirmation_that_makes_no_sense_is_named(string body, string field)
    {
        var answer = (await _crm.Text(HttpMethod.Post, "/v1/billing-runs", body)).MustBeProblem(400, "invalid-request");

        Assert.True(answer["errors"].TryGetProperty(field, out _), answer.Body);
    }

    private async Task Subscribe(string client)
    {
        (await _crm.Put($"/v1/clients/{client}", RunningEngine.Client())).Must(201);
        (await _crm.Put($"/v1/clients/{client}/services/S1", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
    }

    private Task<Answer> Issue(string through, string client, object? confirm = null) =>
        _crm.Post("/v1/billing-runs", new { mode = "issue", through, clients = new[] { client }, confirm });

    private static object Confirmed(Answer problem) => new
    {
        count = problem["count"].GetInt64(), sum = JsonSerializer.Deserialize<JsonElement[]>(problem["sum"].GetRawText()),
    };

    private async Task<Answer> Ended(Answer started)
    {
        while (true)
        {
            var run = (await _crm.Get($"/v1/billing-runs/{started.Text("id")}")).Must(200);
            if (run.Text("status") != "running") return run;
            await Task.Delay(20);
        }
    }
}
