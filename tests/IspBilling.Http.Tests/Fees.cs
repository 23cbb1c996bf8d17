using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>What a reminder costs, and who said so.</summary>
public sealed class Fees(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task A_fee_is_explained_by_the_step_that_charged_it_and_the_policy_that_says_so()
    {
        var policy = (await _clerk.Put("/v1/dunning-policy", new
        {
            name = "with a fee", reason = "reminders cost",
            steps = new object[] { new { code = "fee", daysOverdue = 5, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "email", "fee" }, fee = new[] { RunningEngine.Czk("50.00") } } },
        })).Must(200);
        engine.Clock.Now = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
        (await _clerk.Put("/v1/clients/F-1", RunningEngine.Client("Late"))).Must(201);
        (await _clerk.Put("/v1/clients/F-1/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        await engine.Issue("F-1", "2026-03-01");
        engine.Clock.Now = new DateTimeOffset(2026, 3, 25, 9, 0, 0, TimeSpan.Zero);
        var account = (await engine.Host.Services.GetRequiredService<ClientDirectory>().Find("F-1", default))!.Value;
        await engine.Host.Services.GetRequiredService<IAccounts>().Ask(account, new Envelope(new CommandId(Guid.NewGuid()), new Review(), Actor.System("test")), default);
        await engine.Issue("F-1", "2026-03-25");

        var number = (await _clerk.Get("/v1/clients/F-1/documents")).Must(200).Text("items[0].number");
        var fee = (await _clerk.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);
        Assert.Equal(("dunning-step-taken.v1", "step fee was taken"), (fee.Text("cause.what"), fee.Text("cause.text")));
        Assert.Equal("reminders cost", fee.Text("policy.reason"));
        Assert.Equal(policy.Header("ETag")?.Trim('"'), fee["policy"].GetProperty("revision").GetRawText());
    }
}
