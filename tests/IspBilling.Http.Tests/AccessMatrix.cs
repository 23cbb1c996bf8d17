using IspBilling.Access.Rights;
using IspBilling.Http.Security;
using IspBilling.Http.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IspBilling.Http.Tests;

/// <summary>Every endpoint that the engine serves × every right × every kind of caller.</summary>
public sealed class AccessMatrix(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private IReadOnlyList<ServedEndpoint> Endpoints => ServedEndpoint.All(engine.Host.Services);

    [Fact]
    public void Every_endpoint_declares_whom_it_is_for() => Assert.DoesNotContain(Endpoints, served => !IsDeclared(served.Endpoint));

    [Fact]
    public void The_rule_itself_sees_an_endpoint_that_forgot_or_says_it_twice()
    {
        Assert.False(IsDeclared(Endpoint()));
        Assert.False(IsDeclared(Endpoint(new EndpointNeed(Need.Right, Right.ReadClients), new EndpointNeed(Need.Right, Right.ReadMoney))));
        Assert.True(IsDeclared(Endpoint(new EndpointNeed(Need.Right, Right.ReadClients))));

        static RouteEndpoint Endpoint(params object[] metadata) => new(_ => Task.CompletedTask, RoutePatternFactory.Parse("/v1/new"), 0, new EndpointMetadataCollection(metadata), null);
    }

    [Fact]
    public async Task Strangers_are_answered_here_and_nowhere_else()
    {
        using var stranger = engine.Stranger();
        var open = new List<string>();
        foreach (var served in Endpoints)
        {
            if ((await stranger.Send(new HttpMethod(served.Method), served.Path, content: null)).Status != 401) open.Add(served.ToString());
        }

        Assert.Equal(
            [
                "GET /", "GET /health/live", "GET /health/ready", "GET /sign-in", "GET /sign-in/form.css", "GET /sign-in/form.js", "GET /v1/receipts/x", "GET /welcome",
                "POST /v1/receipts/mail/x", "POST /v1/receipts/mail/x/message", "POST /v1/receipts/x", "POST /v1/sign-in", "POST /v1/welcome", "POST /v1/welcome/look",
            ],
            open.Order(StringComparer.Ordinal));
        foreach (var path in (string[])["/docs", "/docs/index.html", "/openapi/v1.json", "/nothing"]) (await stranger.Get(path)).Must(401);
    }

    [Fact]
    public async Task A_key_is_refused_wherever_it_lacks_the_right_and_nowhere_else()
    {
        var wrong = new List<string>();
        foreach (var right in RightSet.All)
        {
            RightSet only = [right];
            foreach (var rights in (RightSet[])[only, RightSet.All.Without(only)])
            {
                using var caller = await engine.CallerWith(RightNames.Write(rights));
                wrong.AddRange(await Wrong($"key with {rights}", rights, served => caller.Send(new HttpMethod(served.Method), served.Path, content: null)));
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_person_is_refused_wherever_their_roles_lack_the_right_and_nowhere_else()
    {
        var wrong = new List<string>();
        foreach (var role in BuiltInRoles.All)
        {
            using var person = await SignedIn.As(engine, $"{role.Code}@matrix.example", role.Code);
            wrong.AddRange(await Wrong(role.Code, role.Rights, served => person.Send(new HttpMethod(served.Method), served.Path)));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task What_is_a_person_s_own_is_for_persons_and_no_key()
    {
        var own = Endpoints.Where(served => NeedOf(served.Endpoint).Need == Need.Person).ToList();
        Assert.Contains(own, served => served.Path == "/v1/sign-out");
        foreach (var served in own)
        {
            Assert.Equal(403, (await engine.Operator.Send(new HttpMethod(served.Method), served.Path, content: null)).Status);
            using var person = await SignedIn.As(engine, $"{Guid.NewGuid():n}@matrix.example");
            Assert.NotInRange((await person.Send(new HttpMethod(served.Method), served.Path)).Status, 401, 403);
        }
    }

    [Fact]
    public async Task A_technician_sees_no_money()
    {
        (await engine.Operator.Put("/v1/clients/TECH-1", RunningEngine.Client())).Must(201);
        (await engine.Operator.Put("/v1/clients/TECH-1/services/S1", new { tariff = "HOME", start = "2026-02-01" })).Must(200);
        await engine.Issue("TECH-1", "2026-03-31");
        using var technician = await SignedIn.As(engine, "technician@example.com", "technician");

        var seen = (await technician.Get("/v1/clients/TECH-1/particulars")).Must(200);
        Assert.Equal(("Jan Novák", "HOME"), (seen.Text("client.name"), seen.Text("services[0].tariff")));
        foreach (var body in (string[])[seen.Body, (await technician.Get("/v1/client-names?search=TECH-1")).Must(200).Body, (await technician.Get("/v1/checks/symbols-in-double-use")).Must(200).Body])
            foreach (var word in (string[])["amount", "balance", "price", "currency", "499"]) Assert.DoesNotContain(word, body, StringComparison.OrdinalIgnoreCase);
        foreach (var path in (string[])["/v1/clients/TECH-1", "/v1/clients", "/v1/clients/TECH-1/documents", "/v1/clients/TECH-1/payments", "/v1/reports/receivables"])
            (await technician.Get(path)).MustBeProblem(403, "forbidden");
        (await technician.Send(HttpMethod.Put, "/v1/clients/TECH-1/one-off-items/router", new { text = "Router", date = "2026-03-01", unitPrice = RunningEngine.Czk("900.00") })).Must(204);
    }

    private async Task<IReadOnlyList<string>> Wrong(string caller, RightSet rights, Func<ServedEndpoint, Task<Answer>> ask)
    {
        var wrong = new List<string>();
        foreach (var served in Endpoints.Where(served => NeedOf(served.Endpoint).Need == Need.Right))
        {
            var needed = NeedOf(served.Endpoint).Right!.Value;
            // The dashboard of those who may see it has an answer that never ends, the log as it is written.
            if (rights.Has(needed) && !served.Path.StartsWith("/v1/", StringComparison.Ordinal)) continue;
            var status = (await ask(served)).Status;
            if (rights.Has(needed) ? status is 401 or 403 or 429 : status != 403) wrong.Add($"{caller}: {served} needs {needed} and answers {status}");
        }

        return wrong;
    }

    private static bool IsDeclared(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<EndpointNeed>().Count == 1;

    private static EndpointNeed NeedOf(RouteEndpoint endpoint) => Assert.Single(endpoint.Metadata.GetOrderedMetadata<EndpointNeed>());
}
