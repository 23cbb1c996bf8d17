using System.Globalization;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>Where other dunning steps would put those who owe.</summary>
public sealed class PolicyChanges(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task Where_a_draft_would_put_debtors_is_where_the_reviews_after_it_put_them()
    {
        (await _clerk.Put("/v1/dunning-policy", Policy("one", 60, "a beginning"))).Must(200);
        foreach (var client in (string[])["D-1", "D-2"])
        {
            (await _clerk.Put($"/v1/clients/{client}", RunningEngine.Client())).Must(201);
            (await _clerk.Put($"/v1/clients/{client}/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
            await engine.Issue(client, "2026-03-01");
        }

        engine.Clock.Now = new DateTimeOffset(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);
        (await _clerk.Put("/v1/dunning-policy", Policy("two", 10, null))).MustBeProblem(400, "invalid-request");
        var effect = (await _clerk.Post("/v1/dunning-policy/effect", Policy("two", 10, null))).Must(200);
        Assert.Equal((2, 2, "two"), (effect["accounts"].GetInt32(), effect["changed"].GetInt32(), effect.Text("steps[0].code")));
        Assert.Equal((0, 2), (effect["steps[0].takenBefore"].GetInt32(), effect["steps[0].takenAfter"].GetInt32()));

        // A draft that does nothing today tells the day on which it will.
        var due = DateOnly.ParseExact((await _clerk.Get("/v1/clients/D-1/documents?limit=1")).Must(200).Text("items[0].dueOn")!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var inThreeDays = new DateOnly(2026, 4, 4).DayNumber - due.DayNumber;
        var later = (await _clerk.Post("/v1/dunning-policy/effect", Policy("two", inThreeDays, null))).Must(200);
        Assert.Equal((0, 1), (later["changed"].GetInt32(), later["ahead"].GetArrayLength()));
        var day = later["ahead"][0];
        Assert.Equal(("2026-04-04", 2), (day.GetProperty("on").GetString(), day.GetProperty("changed").GetInt32()));
        var step = day.GetProperty("steps")[0];
        Assert.Equal(("two", 0, 2), (step.GetProperty("code").GetString(), step.GetProperty("before").GetInt32(), step.GetProperty("after").GetInt32()));
        Assert.Equal(0, (await _clerk.Post("/v1/dunning-policy/effect", Policy("one", 60, null))).Must(200)["ahead"].GetArrayLength());

        (await _clerk.Put("/v1/dunning-policy", Policy("two", 10, "debts grow"))).Must(200);
        var accounts = engine.Host.Services.GetRequiredService<IAccounts>();
        foreach (var client in (string[])["D-1", "D-2"])
        {
            var account = (await engine.Host.Services.GetRequiredService<ClientDirectory>().Find(client, default))!.Value;
            await accounts.Ask(account, new Envelope(new Domain.CommandId(Guid.NewGuid()), new Domain.Review(), Domain.Actor.System("test")), default);
        }

        var revision = (await _clerk.Get("/v1/settings/dunning-policy/default/revisions")).Must(200)["items[0].revision"].GetInt64();
        Assert.Equal(2, await engine.Database.Scalar<long>(
            $"SELECT count(*) FROM journal WHERE name = 'dunning-step-taken.v1' AND convert_from(payload, 'UTF8')::json ->> 'code' = 'two' AND convert_from(payload, 'UTF8')::json ->> 'policyRevision' = '{revision}'"));
        Assert.Equal(revision, (await _clerk.Get("/v1/clients/D-1/messages")).Must(200)["items"].EnumerateArray()
            .First(message => message.TryGetProperty("step", out var told) && told.GetString() == "two").GetProperty("policyRevision").GetInt64());
        Assert.Equal(revision, (await _clerk.Get("/v1/clients/D-1")).Must(200)["dunning.policyRevision"].GetInt64());
        Assert.Equal(0, (await _clerk.Post("/v1/dunning-policy/effect", Policy("two", 10, null))).Must(200)["changed"].GetInt32());
    }

    private static object Policy(string code, int days, string? reason) => new
    {
        name = code, reason,
        steps = new[] { new { code, daysOverdue = days, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "email" } } },
    };
}
