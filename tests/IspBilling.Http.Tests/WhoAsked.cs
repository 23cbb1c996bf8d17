using System.Text.Json;
using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>Whoever looks at what happened is told who asked for it: kind, id and name.</summary>
public sealed class WhoAsked(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly CzechAccount Own = new(19, 2_000_145_399, 800);

    [Fact]
    public async Task A_charge_names_the_key_that_agreed_it_the_run_that_issued_it_and_the_run_names_who_started_it()
    {
        var (crm, key) = await Crm("CRM of Plzeň");
        (await crm.Put("/v1/clients/W-1", RunningEngine.Client())).Must(201);
        (await crm.Put("/v1/clients/W-1/services/S-1", new { tariff = "HOME", start = "2026-02-01" })).Must(200);
        (await crm.Put("/v1/clients/W-1/services/S-1/special-prices/P-1", new
        {
            from = "2026-02-01", monthlyPrice = RunningEngine.Czk("399.00"), reason = "long with us",
        })).Must(204);
        var run = await engine.Issue("W-1", "2026-03-01");

        var number = (await crm.Get("/v1/clients/W-1/documents")).Must(200).Text("items[0].number")!;
        var explanation = (await crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);

        Assert.Equal(("apiKey", key, "CRM of Plzeň"), Actor(explanation["cause"].GetProperty("by")));
        Assert.Equal(("apiKey", key, "CRM of Plzeň"), Actor(explanation["specialPrice"].GetProperty("agreedBy")));
        Assert.Equal("long with us", explanation["specialPrice"].GetProperty("reason").GetString());
        Assert.Equal(("run", run.Text("id")!, "billing run"), Actor(explanation["issued"].GetProperty("by")));
        Assert.Equal("apiKey", Actor(run["requestedBy"]).Kind);
        Assert.Equal(run["requestedBy"].ToString(), (await crm.Get($"/v1/billing-runs/{run.Text("id")}")).Must(200)["requestedBy"].ToString());
    }

    [Fact]
    public async Task A_statement_names_who_uploaded_it_and_an_entry_who_decided_about_it()
    {
        var (crm, key) = await Crm("Bank robot");
        (await crm.Put("/v1/clients/W-2", RunningEngine.Client())).Must(201);
        var statement = (await crm.Send(HttpMethod.Post, "/v1/statements?fileName=w.gpc", new ByteArrayContent(await Statement("7077")))).Must(201);
        Assert.Equal(("apiKey", key, "Bank robot"), Actor(statement["requestedBy"]));
        var id = (await crm.Get($"/v1/statements/{statement.Text("id")}/entries")).Must(200)["items"][0].GetProperty("id").GetInt64();

        (await crm.Post($"/v1/entries/{id}/assign", new { client = "W-2" })).Must(200);

        var entry = (await crm.Get($"/v1/entries/{id}")).Must(200);
        Assert.Equal(("apiKey", key, "Bank robot"), Actor(entry["entry"].GetProperty("assignedBy")));
        Assert.Equal(("apiKey", key, "Bank robot"), Actor(Assert.Single(entry["decisions"].EnumerateArray()).GetProperty("by")));
        Assert.Equal(
            $"ApiKey {key} Bank robot",
            await engine.Database.Scalar<string>(
                "SELECT concat_ws(' ', actor_kind, actor_id, by) FROM journal JOIN client_references USING (account_id) WHERE reference = 'W-2' AND name = 'payment-booked.v1'"));
    }

    private async Task<(KeyHolder Crm, string Key)> Crm(string name)
    {
        var scopes = new[] { "clients:read", "clients:write", "billing", "payments" };
        var created = (await engine.Operator.Post("/v1/api-keys", new { name, scopes })).Must(201);
        return (new KeyHolder(engine.Host.Address, created.Text("key")), created["id"].ToString());
    }

    private static (string Kind, string Id, string Name) Actor(JsonElement actor) =>
        (actor.GetProperty("kind").GetString()!, actor.GetProperty("id").GetString()!, actor.GetProperty("name").GetString()!);

    private static async Task<byte[]> Statement(string symbol)
    {
        var day = new DateOnly(2026, 3, 1);
        var entry = new StatementEntry(
            Own.ToString(), null, Money.Czk(300), EntryDirection.Credit, IsReversal: false, day, day, "1000000005/0300", "Payer",
            VariableSymbol.Read(symbol), null, null, null, null, "record 1");
        using var file = new MemoryStream();
        await GpcStatementWriter.Write(file, GpcHeading.Of(Own, "Provider", statementNumber: 1, day.AddDays(-1), day, Money.Czk(0), [entry]), [entry], CancellationToken.None);
        return file.ToArray();
    }
}
