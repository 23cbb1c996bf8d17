using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>The CRM pushes everybody at once.</summary>
public sealed class Batches(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_thousand_clients_and_their_services_come_in_at_once()
    {
        var clients = Enumerable.Range(1, 1_000).Select(i => Pushed($"T-{i:0000}", ($"S", "HOME"))).ToArray();

        var report = (await _crm.Post("/v1/clients:batch", new { clients })).Must(200);

        Assert.Equal((1_000, 0, 0), (report["created"].GetInt32(), report["done"].GetInt32(), report["refused"].GetInt32()));
        Assert.Equal(clients.Length, report["clients"].EnumerateArray().Count(client => client.GetProperty("services")[0].GetProperty("outcome").GetString() == "done"));
        Assert.Equal("499.00", (await _crm.Get("/v1/clients/T-1000")).Must(200).Amount("services[0].monthlyPrice"));

        var again = (await _crm.Post("/v1/clients:batch", new { clients })).Must(200);
        Assert.Equal((0, 1_000, 0), (again["created"].GetInt32(), again["done"].GetInt32(), again["refused"].GetInt32()));
    }

    [Fact]
    public async Task Each_is_told_how_it_ended_and_one_that_is_refused_keeps_no_other_back()
    {
        var report = (await _crm.Post("/v1/clients:batch", new
        {
            clients = new object[]
            {
                Pushed("B-1", ("S1", "HOME"), ("S2", "NONE")),
                new { reference = "B-2", client = new { name = " ", address = Address }, services = new[] { Service("S1", "HOME") } },
                new { reference = "B-3", services = new[] { Service("S1", "HOME") } },
                new { reference = "B-4", client = new { name = "No such issuer", address = Address, issuer = 99 } },
                Pushed("B-5"),
            },
        })).Must(200);

        Assert.Equal((1, 0, 4), (report["created"].GetInt32(), report["done"].GetInt32(), report["refused"].GetInt32()));
        Assert.Equal(["B-1", "B-2", "B-3", "B-4", "B-5"], Each("reference"));
        Assert.Equal(["created", "refused", "refused", "refused", "created"], Each("outcome"));
        Assert.Equal(("done", "refused"), (report.Text("clients[0].services[0].outcome"), report.Text("clients[0].services[1].outcome")));
        Assert.Equal("no tariff has the code 'NONE'", report["clients[0].services[1].problem.errors"].GetProperty("tariff")[0].GetString());
        Assert.Equal(("notTried", 400), (report.Text("clients[1].services[0].outcome"), report["clients[1].problem.status"].GetInt32()));
        Assert.Equal((404, "urn:ispbilling:problem:unknown"), (report["clients[2].problem.status"].GetInt32(), report.Text("clients[2].problem.type")));
        Assert.Equal("urn:ispbilling:problem:invalid-value", report.Text("clients[3].problem.type"));

        (await _crm.Get("/v1/clients/B-1")).Must(200);
        (await _crm.Get("/v1/clients/B-2")).MustBeProblem(404);
        (await _crm.Get("/v1/clients/B-5")).Must(200);

        IEnumerable<string?> Each(string member) => [.. report["clients"].EnumerateArray().Select(client => client.GetProperty(member).GetString())];
    }

    [Fact]
    public async Task A_reference_with_a_slash_is_the_same_in_a_body_and_in_a_path()
    {
        (await _crm.Post("/v1/clients:batch", new { clients = new[] { Pushed("2026/77", ("S/1", "HOME")) } })).Must(200);

        var card = (await _crm.Get("/v1/clients/2026%2F77")).Must(200);
        Assert.Equal(("2026/77", "S/1"), (card.Text("reference"), card.Text("services[0].reference")));
        (await _crm.Put("/v1/clients/2026%2f77", new { name = "Known already", address = Address })).Must(200);
        (await _crm.Put("/v1/clients/2026%2F77/services/S%2F1", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        Assert.Equal(1, (await _crm.Get("/v1/clients/2026%2F77")).Must(200)["services"].GetArrayLength());
    }

    [Fact]
    public async Task Repeated_under_its_key_a_batch_changes_nothing_and_undoes_nothing_younger()
    {
        object batch = new { clients = new[] { Pushed("R-1", ("S1", "HOME")) } };
        (await _crm.Send(HttpMethod.Post, "/v1/clients:batch", System.Net.Http.Json.JsonContent.Create(batch), "batch-1")).Must(200);
        (await _crm.Put("/v1/clients/R-1", RunningEngine.Client("Younger"))).Must(200);

        var again = (await _crm.Send(HttpMethod.Post, "/v1/clients:batch", System.Net.Http.Json.JsonContent.Create(batch), "batch-1")).Must(200);

        Assert.Equal("true", again.Header("Idempotency-Hit"));
        Assert.Equal("Younger", (await _crm.Get("/v1/clients/R-1")).Must(200).Text("client.name"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public async Task Too_few_and_too_many_are_refused(int count) =>
        (await _crm.Post("/v1/clients:batch", new { clients = Enumerable.Range(0, count).Select(i => Pushed($"N-{i}")) })).MustBeProblem(400, "invalid-request");

    [Fact]
    public async Task Of_a_reference_that_comes_twice_the_first_counts_and_the_others_are_refused()
    {
        var report = (await _crm.Post("/v1/clients:batch", new
        {
            clients = new[] { Pushed("Dvo\u0159\u00e1k", ("S", "HOME"), ("S", "NONE"), ("T", "HOME")), Pushed("D-2"), Pushed("Dvor\u030ca\u0301k", ("S", "HOME")), Pushed("D-3") },
        })).Must(200);

        Assert.Equal((2, 0, 2), (report["created"].GetInt32(), report["done"].GetInt32(), report["refused"].GetInt32()));
        Assert.Equal(["created", "created", "refused", "created"], report["clients"].EnumerateArray().Select(client => client.GetProperty("outcome").GetString()));
        Assert.Equal(400, report["clients[2].problem.status"].GetInt32());
        Assert.Equal("clients[0] has this reference; each once", report["clients[2].problem.errors"].GetProperty("reference")[0].GetString());
        Assert.Equal("notTried", report.Text("clients[2].services[0].outcome"));

        // Within a client the same.
        Assert.Equal(["done", "refused", "done"], report["clients[0].services"].EnumerateArray().Select(service => service.GetProperty("outcome").GetString()));
        Assert.Equal("services[0] has this reference; each once", report["clients[0].services[1].problem.errors"].GetProperty("reference")[0].GetString());
        (await _crm.Get("/v1/clients/D-3")).Must(200);
    }

    private static object Address => new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" };

    private static object Pushed(string reference, params (string Reference, string Tariff)[] services) => new
    {
        reference, client = RunningEngine.Client($"Client {reference}"), services = services.Select(service => Service(service.Reference, service.Tariff)),
    };

    private static object Service(string reference, string tariff) => new { reference, service = new { tariff, start = "2026-03-01" } };
}
