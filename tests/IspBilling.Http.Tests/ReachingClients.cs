using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>Whom dunning reaches and when, what is about to happen, and what waits for a person.</summary>
public sealed class ReachingClients(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task Rules_of_outreach_are_kept_and_told_and_those_that_leave_no_time_are_refused()
    {
        Assert.False((await _clerk.Get("/v1/outreach-rules")).Must(200)["freeWeekends"].GetBoolean());

        var refused = (await _clerk.Put("/v1/outreach-rules", new { freeWeekends = true, daysBeforeFree = 5 })).MustBeProblem(400, "invalid-request");
        Assert.Contains("daysBeforeFree", refused.ToString(), StringComparison.Ordinal);
        (await _clerk.Put("/v1/outreach-rules", new { email = new { from = "20:00:00", to = "08:00:00" } })).MustBeProblem(400, "invalid-request");
        (await _clerk.Put("/v1/outreach-rules", new { holidaysOf = "DE" })).MustBeProblem(400, "invalid-request");

        var rules = new { sms = new { from = "08:00:00", to = "20:00:00" }, freeWeekends = true, holidaysOf = "CZ", daysBeforeFree = 1, brake = new { atLeast = 5, basisPoints = 100 }, bankDataDays = 3, reason = "nobody before a weekend" };
        var put = (await _clerk.Put("/v1/outreach-rules", rules)).Must(200);
        Assert.Equal(("CZ", 3, "08:00:00"), (put.Text("holidaysOf"), put["bankDataDays"].GetInt32(), put.Text("sms.from")));
        var context = engine.Host.Services.GetRequiredService<LiveContext>().Settings.On(new DateOnly(2026, 9, 25));
        Assert.True(context.RestrictionDays.Free.Contains(new DateOnly(2026, 9, 28)));
        Assert.Single((await _clerk.Get("/v1/settings/outreach-rules/default/revisions")).Must(200)["items"].EnumerateArray());
        Assert.Empty((await LedgerAudit.Run(engine.Database.Source, null, default)).Findings);
        (await _clerk.Put("/v1/outreach-rules", new { })).Must(200);
    }

    [Fact]
    public async Task A_group_has_a_policy_of_its_own_until_it_is_taken_away()
    {
        (await _clerk.Get("/v1/dunning-policies/businesses")).MustBeProblem(404, "unknown");
        (await _clerk.Put("/v1/dunning-policies/default", Policy("own", 20))).MustBeProblem(400, "invalid-request");
        (await _clerk.Put("/v1/dunning-policies/businesses", Policy("own", 20))).Must(200);

        Assert.Equal("own", (await _clerk.Get("/v1/dunning-policies")).Must(200).Text("groups[0].policy.steps[0].code"));
        Assert.Equal(10, (await _clerk.Get("/v1/dunning-policies/businesses")).Must(200)["noticeDays"].GetInt32());
        (await _clerk.Post("/v1/dunning-policies/businesses/effect", Policy("own", 30))).Must(200);
        Assert.Empty((await LedgerAudit.Run(engine.Database.Source, null, default)).Findings);

        (await _clerk.Delete("/v1/dunning-policies/businesses?reason=one+policy+for+all")).Must(204);
        Assert.Empty((await _clerk.Get("/v1/dunning-policies")).Must(200)["groups"].EnumerateArray());
        Assert.Empty((await LedgerAudit.Run(engine.Database.Source, null, default)).Findings);
    }

    [Fact]
    public async Task What_is_about_to_happen_is_told_and_who_was_not_reached_is_on_the_clerks_list()
    {
        (await _clerk.Put("/v1/dunning-policy", new
        {
            name = "all",
            reason = "a beginning",
            noticeDays = 3,
            steps = new object[]
            {
                new { code = "mail", daysOverdue = 5, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "email" } },
                new { code = "block", daysOverdue = 9, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "block" } },
            },
        })).Must(200);
        var services = engine.Host.Services;
        await services.GetRequiredService<SettingsDesk>().Change(
            async _ => await services.GetRequiredService<IOutbox>().Switch(MessageChannel.Email, isOn: true, Actor.System("test"), engine.Clock.Now, default), default);
        (await _clerk.Put("/v1/clients/R-1", RunningEngine.Client())).Must(201);
        (await _clerk.Put("/v1/clients/R-1/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        await engine.Issue("R-1", "2026-03-01");
        engine.Clock.Now = new DateTimeOffset(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);

        var ahead = (await _clerk.Post("/v1/dunning/simulation", new { days = 14 })).Must(200);
        Assert.Equal((1, "2026-04-01", "mail"), (ahead["clients"].GetInt32(), ahead.Text("days[0].on"), ahead.Text("days[0].steps[0].code")));
        Assert.Equal(("2026-04-04", 1), (ahead.Text("days[1].on"), ahead["days[1].restricted"].GetInt32()));
        var page = (await _clerk.Post("/v1/dunning/simulation/clients", new { })).Must(200);
        Assert.Equal(("R-1", "mail", "block"), (page.Text("items[0].client"), page.Text("items[0].actions[0].step"), page.Text("items[0].actions[1].step")));
        var draft = new { policy = new { name = "draft", steps = new[] { new { code = "later", daysOverdue = 25, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "sms" } } } } };
        Assert.NotEqual("mail", (await _clerk.Post("/v1/dunning/simulation", draft)).Must(200).ToString());
        (await _clerk.Post("/v1/dunning/simulation", new { days = 32 })).MustBeProblem(400, "invalid-request");
        (await _clerk.Post("/v1/dunning/simulation", new { group = "x" })).MustBeProblem(400, "invalid-request");

        var account = (await services.GetRequiredService<ClientDirectory>().Find("R-1", default))!.Value;
        await Ask(account, new Review());
        var reminder = new SendReminder("mail", DunningActions.Email, Money.Czk(499), new DateOnly(2026, 4, 1));
        await Ask(account, new RecordDelivery(new DeliveryId(account, 99, 1), MessageChannel.Email, reminder, DeliveryOutcome.Failed, new DateOnly(2026, 4, 1)));

        var waiting = (await _clerk.Get("/v1/dunning/waiting")).Must(200);
        Assert.Equal(("R-1", "unreachable", "block", "failed"), (waiting.Text("items[0].client"), waiting.Text("items[0].wait"), waiting.Text("items[0].step"), waiting.Text("items[0].messages[0].status")));
        Assert.Empty((await _clerk.Get("/v1/dunning/waiting?wait=brake")).Must(200)["items"].EnumerateArray());
        Assert.Empty((await LedgerAudit.Run(engine.Database.Source, null, default)).Findings);

        Assert.False((await _clerk.Get("/v1/dunning/brake")).Must(200)["released"].GetBoolean());
        (await _clerk.Post("/v1/dunning/brake/release", new { reason = "" })).MustBeProblem(400, "invalid-request");
        Assert.True((await _clerk.Post("/v1/dunning/brake/release", new { reason = "looked at them" })).Must(200)["released"].GetBoolean());
    }

    private async Task Ask(AccountId account, AccountCommand command) => Assert.IsNotType<Refused>(
        await engine.Host.Services.GetRequiredService<IAccounts>().Ask(account, new Envelope(new CommandId(Guid.NewGuid()), command, Actor.System("test")), default));

    private static object Policy(string code, int days) => new
    {
        name = code,
        noticeDays = 10,
        reason = "businesses pay later",
        steps = new[] { new { code, daysOverdue = days, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "email" }, deadlineDays = 7 } },
    };
}
