using System.Text.Json;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>What would go wrong is told before the run.</summary>
public sealed class BeforeBilling(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task Each_thing_that_would_go_wrong_is_named_with_its_client_and_service()
    {
        (await _clerk.Put("/v1/tariffs/LATER", new { name = "Later", versions = new[] { new { validFrom = "2026-06-01", monthlyPrice = RunningEngine.Czk("100.00") } } })).Must(200, 201);
        await Client("G-1", new { name = "Good", address = Address("Dlouhá 1"), email = "good@example.com" }, ("S", new { tariff = "HOME", start = "2026-03-01" }));
        await Client("G-2", new { name = "No price", address = Address("Dlouhá 1"), email = "a@example.com" }, ("S1", new { tariff = "LATER", start = "2026-03-01" }));
        await Client(
            "G-3", new { name = "Odd cycle", address = Address("Dlouhá 1"), email = "a@example.com" },
            ("S1", new { tariff = "HOME", start = "2026-03-01" }), ("S2", new { tariff = "HOME", start = "2026-03-01" }),
            ("S3", new { tariff = "HOME", start = "2026-03-01", cycleMonths = 12, anchorDay = 15 }));
        await Client("G-4", new { name = "No address", address = Address("-"), delivery = "post" });
        await Client("G-5", new { name = "No delivery", address = Address("Dlouhá 1") });

        var checks = (await _clerk.Get("/v1/checks/before-billing?through=2026-03-31")).Must(200);

        Assert.Equal(
            [
                ("G-2", "noPrice", "S1"),
                ("G-3", "oddCycle", "S3"),
                ("G-4", "noAddress", null),
                ("G-4", "noDelivery", null),
                ("G-5", "noDelivery", null),
            ],
            checks["items"].EnumerateArray().Where(IsOurs).Select(item => (
                item.GetProperty("client").GetString(), item.GetProperty("check").GetString(), item.GetProperty("service").GetString())));
        Assert.Equal(
            "billed every 12 months from day 15 in advance, other services of the client every month in advance",
            checks["items"].EnumerateArray().Single(item => item.GetProperty("check").GetString() == "oddCycle").GetProperty("detail").GetString());
        Assert.InRange(checks["looked"].GetInt32(), 5, 10);
        Assert.Null(checks.Text("next"));
        Assert.Empty(checks["provider"].EnumerateArray());

        // A preview, which bills the same days, says the same of the price.
        var preview = (await _clerk.Post("/v1/billing-runs", new { mode = "preview", through = "2026-03-31" })).Must(202);
        Assert.Equal(1, (await engine.Ended(preview.Text("id")!))["parked"].GetInt32());

        static bool IsOurs(JsonElement item) => item.GetProperty("client").GetString()!.StartsWith("G-", StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_kind_of_finding_is_looked_for_page_by_page()
    {
        for (var i = 1; i <= 5; i++) await Client($"P-{i}", new { name = "Paged", address = Address("Dlouhá 1") });
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _clerk.Get($"/v1/checks/before-billing?check=noDelivery&limit=2&cursor={cursor}")).Must(200);
            seen.AddRange(page["items"].EnumerateArray().Select(item => item.GetProperty("client").GetString()!).Where(client => client.StartsWith("P-", StringComparison.Ordinal)));
            cursor = page.Text("next");
        }
        while (cursor is not null);

        Assert.Equal(["P-1", "P-2", "P-3", "P-4", "P-5"], seen);
    }

    private async Task Client(string reference, object client, params (string Reference, object Service)[] services)
    {
        (await _clerk.Put($"/v1/clients/{reference}", client)).Must(201);
        foreach (var service in services) (await _clerk.Put($"/v1/clients/{reference}/services/{service.Reference}", service.Service)).Must(200);
    }

    private static object Address(string street) => new { street, city = "Praha", postalCode = "110 00" };
}
