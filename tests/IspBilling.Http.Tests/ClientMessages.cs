using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>The history of what a client was told.</summary>
public sealed class ClientMessages(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task What_a_client_was_told_is_listed_the_newest_first_and_nothing_of_it_was_sent()
    {
        (await _crm.Put("/v1/clients/M-1", RunningEngine.Client("Told"))).Must(201);
        for (var i = 1; i <= 3; i++)
        {
            (await _crm.Put($"/v1/clients/M-1/one-off-items/I-{i}", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("100.00") })).Must(204);
            var started = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-01", clients = new[] { "M-1" } })).Must(202);
            while ((await _crm.Get($"/v1/billing-runs/{started.Text("id")}")).Text("status") == "running") await Task.Delay(20);
        }

        var documents = (await _crm.Get("/v1/clients/M-1/documents")).Must(200)["items"].EnumerateArray().Select(item => item.GetProperty("number").GetString()).ToList();
        var first = (await _crm.Get("/v1/clients/M-1/messages?limit=2")).Must(200);
        var rest = (await _crm.Get($"/v1/clients/M-1/messages?limit=2&cursor={first.Text("next")}")).Must(200);

        var told = first["items"].EnumerateArray().Concat(rest["items"].EnumerateArray()).ToList();
        Assert.Equal(3, documents.Count);
        Assert.Equal(documents, told.Select(message => message.GetProperty("document").GetString()));
        Assert.All(told, message => Assert.Equal(
            ("document", "email", "beforeDelivery", 0),
            (message.GetProperty("about").GetString(), message.GetProperty("channel").GetString(), message.GetProperty("status").GetString(), message.GetProperty("attempts").GetInt32())));
        Assert.Equal(3, told.Select(message => message.GetProperty("id").GetString()).Distinct().Count());
        Assert.Null(rest.Text("next"));

        (await _crm.Put("/v1/clients/M-2", RunningEngine.Client("Told nothing"))).Must(201);
        Assert.Empty((await _crm.Get("/v1/clients/M-2/messages")).Must(200)["items"].EnumerateArray());
        (await _crm.Get($"/v1/clients/M-2/messages?cursor={first.Text("next")}")).MustBeProblem(400);
        (await _crm.Get("/v1/clients/nobody/messages")).MustBeProblem(404);
    }
}
