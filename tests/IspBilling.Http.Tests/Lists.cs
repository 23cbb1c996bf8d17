using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

public sealed class Lists(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var expected = new List<string>();
        for (var i = 1; i <= 7; i++)
        {
            expected.Add($"P-{i}");
            (await _crm.Put($"/v1/clients/P-{i}", RunningEngine.Client($"Paging {i}"))).Must(201);
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _crm.Get($"/v1/clients?search=paging&limit=3&cursor={cursor}")).Must(200);
            seen.AddRange(page["items"].EnumerateArray().Select(item => item.GetProperty("reference").GetString()!));
            cursor = page.Text("next");
        }
        while (cursor is not null);
        Assert.Equal(expected, seen);
    }

    [Theory]
    [InlineData("alžběta")]
    [InlineData("Dvořák")]
    [InlineData("dvoř, alž")]
    [InlineData("L-1")]
    [InlineData("0077001")]
    [InlineData("12345678")]
    [InlineData("LISTED@example.com")]
    public async Task A_client_is_found_by_what_people_know(string search)
    {
        (await _crm.Put("/v1/clients/L-1", new
        {
            name = "Alžběta Dvořáková", address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" },
            email = "listed@example.com", companyNumber = "12345678", symbolPolicy = "perAccount", accountSymbol = "77001",
        })).Must(200, 201);
        var found = (await _crm.Get($"/v1/clients?search={Uri.EscapeDataString(search)}")).Must(200);
        Assert.Equal("L-1", Assert.Single(found["items"].EnumerateArray()).GetProperty("reference").GetString());
    }

    /// <summary>Ř and í as one character each, and as two.</summary>
    [Theory]
    [InlineData("\u0158\u00edha")]
    [InlineData("R\u030ci\u0301ha")]
    public async Task A_reference_has_one_form_however_it_is_typed(string reference)
    {
        (await _crm.Put($"/v1/clients/{Uri.EscapeDataString(reference)}", RunningEngine.Client("Form"))).Must(200, 201);
        (await _crm.Put($"/v1/clients/{Uri.EscapeDataString(reference)}/services/{Uri.EscapeDataString(reference)}", new { tariff = "HOME", start = "2026-03-01" })).Must(200);

        var card = (await _crm.Get("/v1/clients/R\u030ci\u0301ha")).Must(200);
        Assert.Equal("\u0158\u00edha", Assert.Single(card["services"].EnumerateArray()).GetProperty("reference").GetString());
        Assert.Equal(1, await engine.Database.Scalar<long>("SELECT count(*) FROM client_references WHERE reference LIKE '%ha'"));
    }

    [Fact]
    public async Task An_accent_that_belongs_to_no_letter_is_refused() =>
        (await _crm.Put($"/v1/clients/{Uri.EscapeDataString("q\u030c")}", RunningEngine.Client("Form"))).MustBeProblem(400);

    [Fact]
    public async Task What_a_pattern_would_mean_is_looked_for_as_it_stands() =>
        Assert.Empty((await _crm.Get("/v1/clients?search=%25")).Must(200)["items"].EnumerateArray());

    [Fact]
    public async Task Receivables_sum_over_ages()
    {
        (await _crm.Put("/v1/clients/A-1", RunningEngine.Client("Aged"))).Must(201);
        (await _crm.Put("/v1/clients/A-1/one-off-items/I", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("100.00") })).Must(204);
        var started = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-01", clients = new[] { "A-1" } })).Must(202);
        while ((await _crm.Get($"/v1/billing-runs/{started.Text("id")}")).Text("status") == "running") await Task.Delay(20);
        var today = engine.Clock.Now;
        try
        {
            engine.Clock.Now = today.AddDays(14 + 45);
            var report = (await _crm.Get("/v1/reports/receivables")).Must(200);
            Assert.Equal("2026-04-29", report.Text("asOf"));
            Assert.Equal("100.00", report.Amount("totals[0].amounts.days31To60"));
            Assert.Equal("100.00", report.Amount("totals[0].amounts.total"));
            Assert.Equal("A-1", report.Text("clients.items[0].client"));
            Assert.Equal("2026-03-15", report.Text("clients.items[0].oldestDue"));
        }
        finally
        {
            engine.Clock.Now = today;
        }
    }
}
