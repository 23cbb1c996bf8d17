using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>A client is new when their account is, whatever was tried before under their reference.</summary>
public sealed class NewClients(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_client_whose_first_push_was_refused_is_made_by_the_next()
    {
        (await _crm.Put("/v1/clients/N-1", OfIssuer(99))).MustBeProblem(400, "invalid-value");
        (await _crm.Put("/v1/clients/N-1/services/S", new { tariff = "HOME", start = "2026-03-01" })).MustBeProblem(404);

        var created = (await _crm.Put("/v1/clients/N-1", OfIssuer(1), "n-1")).Must(201);
        Assert.Equal("/v1/clients/N-1", created.Headers.Location?.OriginalString);
        (await _crm.Put("/v1/clients/N-1", OfIssuer(1), "n-1")).Must(201);
        (await _crm.Put("/v1/clients/N-1", OfIssuer(1))).Must(200);
    }

    [Fact]
    public async Task In_a_batch_as_well()
    {
        Assert.Equal(("refused", 0), await Pushed(new { reference = "N-2", client = OfIssuer(99) }));
        Assert.Equal(("refused", 0), await Pushed(new { reference = "N-2" }));
        Assert.Equal(("refused", 0), await Pushed(new { reference = "N-2", services = new[] { new { reference = "S", service = new { tariff = "HOME", start = "2026-03-01" } } } }));
        Assert.Equal(("created", 1), await Pushed(new { reference = "N-2", client = OfIssuer(1) }));
        Assert.Equal(("done", 0), await Pushed(new { reference = "N-2", client = OfIssuer(1) }));
        Assert.Equal(("done", 0), await Pushed(new { reference = "N-2" }));
    }

    [Fact]
    public async Task Of_many_who_push_a_client_at_once_one_makes_them()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _crm.Put("/v1/clients/N-3", OfIssuer(1))));

        Assert.Equal([200, 200, 200, 200, 200, 200, 200, 201], answers.Select(answer => answer.Status).Order());
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("50%2F1")]
    [InlineData("50%2f1")]
    public async Task What_no_path_can_name_is_no_new_reference(string reference)
    {
        var batch = (await _crm.Post("/v1/clients:batch", new
        {
            clients = new object[]
            {
                new { reference, client = OfIssuer(1) },
                new { reference = "N-4", client = OfIssuer(1), services = new[] { new { reference, service = new { tariff = "HOME", start = "2026-03-01" } } } },
            },
        })).Must(200);

        Assert.Equal("refused", batch.Text("clients[0].outcome"));
        Assert.True(batch["clients[0].problem.errors"].TryGetProperty("reference", out _), batch.Body);
        Assert.Equal("refused", batch.Text("clients[1].services[0].outcome"));
        Assert.True(batch["clients[1].services[0].problem.errors"].TryGetProperty("reference", out _), batch.Body);
    }

    [Theory]
    [InlineData("...")]
    [InlineData(".a")]
    [InlineData("a/../b")]
    [InlineData("50%")]
    public async Task What_a_path_can_name_is_found_by_it(string reference)
    {
        (await _crm.Put($"/v1/clients/{Uri.EscapeDataString(reference)}", OfIssuer(1))).Must(201);

        Assert.Equal(reference, (await _crm.Get($"/v1/clients/{Uri.EscapeDataString(reference)}")).Must(200).Text("reference"));
    }

    [Fact]
    public async Task A_client_stored_under_such_a_reference_is_listed_and_pushed_on()
    {
        const string stored = "before%2F1";
        var account = await engine.Host.Services.GetRequiredService<ClientDirectory>().GetOrCreate(stored, default);
        var profile = new AccountProfile(
            IssuerId.Default, "Stored before", new PostalAddress("Dlouhá 1", "Praha", "110 00", "CZ"), null, null, null, null, "cs",
            DeliveryPreference.Portal, SymbolPolicy.PerDocument, null, AllocationPolicy.NamedThenOldest, 14);
        await engine.Host.Services.GetRequiredService<IAccounts>()
            .Ask(account, new Envelope(CommandIds.Derive("test", stored), new SetProfile(profile), Actor.System("an earlier release")), default);

        Assert.Equal(("done", 0), await Pushed(new { reference = stored, client = OfIssuer(1, "Renamed") }));
        var listed = (await _crm.Get($"/v1/clients?search={Uri.EscapeDataString(stored)}")).Must(200);
        Assert.Equal("Renamed", Assert.Single(listed["items"].EnumerateArray()).GetProperty("name").GetString());
    }

    private async Task<(string? Outcome, int Created)> Pushed(object client)
    {
        var report = (await _crm.Post("/v1/clients:batch", new { clients = new[] { client } })).Must(200);
        return (report.Text("clients[0].outcome"), report["created"].GetInt32());
    }

    private static object OfIssuer(int issuer, string name = "Jan Novák") => new
    {
        name, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, email = "jan@example.com", issuer,
    };
}
