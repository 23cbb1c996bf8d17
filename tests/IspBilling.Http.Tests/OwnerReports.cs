using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

public sealed class OwnerReports(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _owner = engine.Operator;

    [Fact]
    public async Task What_is_billed_shows_in_revenue_recurring_revenue_and_clients()
    {
        (await _owner.Put("/v1/clients/O-1", RunningEngine.Client("Owned"))).Must(201);
        (await _owner.Put("/v1/clients/O-1/services/S1", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        var started = (await _owner.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-01", clients = new[] { "O-1" } })).Must(202);
        while ((await _owner.Get($"/v1/billing-runs/{started.Text("id")}")).Text("status") == "running") await Task.Delay(20);

        var revenue = (await _owner.Get("/v1/reports/revenue")).Must(200);
        Assert.Equal(("2026-01-01", "2026-03-01"), (revenue.Text("from"), revenue.Text("to")));
        Assert.Equal("2026-03-01", revenue.Text("months[0].month"));
        Assert.Equal(("412.40", "86.60", "499.00"), (revenue.Amount("months[0].net"), revenue.Amount("months[0].vat"), revenue.Amount("months[0].gross")));
        Assert.Equal(21, revenue["months[0].rates[0].vatRate"].GetDecimal());
        Assert.Equal(1, revenue["months[0].invoices"].GetInt64());
        Assert.Equal(("412.40", "86.60"), (revenue.Amount("months[0].supplied[0].net"), revenue.Amount("months[0].supplied[0].vat")));

        var recurring = (await _owner.Get("/v1/reports/recurring")).Must(200);
        Assert.Equal(("HOME", 1L, "412.40"), (recurring.Text("tariffs[0].tariff"), recurring["tariffs[0].services"].GetInt64(), recurring.Amount("tariffs[0].monthly")));
        Assert.Equal("412.40", recurring.Amount("totals[0].monthly"));
        Assert.Empty((await _owner.Get("/v1/reports/recurring?on=2026-02-28")).Must(200)["tariffs"].EnumerateArray());

        var clients = (await _owner.Get("/v1/reports/clients")).Must(200);
        Assert.Equal((1L, 0L, 1L), (clients["months[0].joined"].GetInt64(), clients["months[0].departed"].GetInt64(), clients["months[0].active"].GetInt64()));
        Assert.Empty((await _owner.Get("/v1/reports/payments")).Must(200)["days"].EnumerateArray());
    }

    [Theory]
    [InlineData("revenue?from=2026-04-01&to=2026-03-01")]
    [InlineData("revenue?from=2016-02-01&to=2026-03-01")]
    [InlineData("payments?from=2024-01-01&to=2026-03-01")]
    [InlineData("clients?from=1800-01-01")]
    [InlineData("recurring?on=1800-01-01")]
    public async Task A_span_that_makes_no_sense_or_is_too_long_is_refused(string report) =>
        (await _owner.Get($"/v1/reports/{report}")).MustBeProblem(400);

    [Fact]
    public async Task Only_a_key_for_reports_reads_them()
    {
        var clerk = await engine.CallerWith("clients:read");
        foreach (var report in new[] { "revenue", "payments", "clients", "recurring" }) (await clerk.Get($"/v1/reports/{report}")).MustBeProblem(403);
    }
}
