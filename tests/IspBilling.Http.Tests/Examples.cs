using IspBilling.Access.Ring;
using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using IspBilling.Http.Mail;
using IspBilling.Http.Sms;
using IspBilling.Http.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>What the description gives as examples is sent as it stands, in the order in which a provider would; nothing of it is refused.</summary>
public sealed class Examples(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly CzechAccount Own = new(19, 2_000_145_399, 800);
    private readonly KeyHolder _crm = engine.Operator;
    private readonly HashSet<string> _sent = [];
    private Dictionary<string, (HttpMethod Method, string Path, string Example)> _examples = [];
    private int _statements;

    [Fact]
    public async Task Every_example_is_accepted_where_it_belongs()
    {
        _examples = await Described();
        await Send("putIssuer", 200, "1");
        await Send("putTariff", 201, "HOME-300");
        await Send("previewTariff", 200, "HOME-300");
        await Send("putDunningPolicy", 200);
        await Send("effectOfIssuer", 200, "1");
        await Send("effectOfTariff", 200, "HOME-300");
        await Send("effectOfDunningPolicy", 200);
        await Send("putGroupPolicy", 200, "firms");
        await Send("effectOfGroupPolicy", 200, "firms");
        await Send("putOutreachRules", 200);
        await Send("simulateDunning", 200);
        await Send("simulateDunningOfClients", 200);
        await Send("releaseBrake", 200);
        await Send("putTemplate", 200, "1", "document-invoice", "email", "en");
        await Send("previewTemplate", 200, "1", "document-invoice", "email", "en");
        await Send("putBrand", 200, "1");
        await Send("putSecret", 204, "smtp");
        await Send("putClient", 201, "K000123");
        Assert.Equal(0, (await Send("pushClients", 200))["refused"].GetInt32());
        await Send("putContract", 200, "K000123", "C1");
        await Send("putService", 200, "K000123", "S1");
        await Send("putPause", 204, "K000123", "S1", "P1");
        await Send("putSpecialPrice", 204, "K000123", "S1", "D1");
        await Send("putOneOffItem", 204, "K000123", "I1");
        await Send("startBillingRun", 202);
        await Send("createApiKey", 201);

        // The dispute is about the first invoice.
        (await _crm.Put("/v1/clients/K000123/one-off-items/I2", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("900.00") })).Must(204);
        await engine.Issue("K000123", "2026-03-01");
        await Send("setDispute", 204, "K000123");
        await Send("promiseToPay", 204, "K000123");
        await Send("restoreByHand", 204, "K000123");
        await Send("setDunningExemption", 204, "K000123");
        await Send("addNote", 201, "K000123");
        await Send("putSmsGateway", 200);
        await Send("quoteSms", 200);
        await Send("makePrintBatch", 409); // nothing is due on paper

        // Each entry from a payer of its own, so that no rule books what a person is to decide.
        (await _crm.Put("/v1/clients/K000124", RunningEngine.Client("Iva Malá"))).Must(201);
        var paid = await Waiting(499m, "9001", "1000000005/0300");
        await Send("assignEntry", 200, paid);
        await Send("returnPayments", 200, await Waiting(499m, "9002", "1000000013/0300", isTakenBack: true));
        var shared = await Waiting(500m, "9003", "1000000021/0300");
        await Send("splitEntry", 200, shared);
        await Send("unassignEntry", 200, shared);
        (await Sent("tellEntriesApart", shared)).MustBeProblem(404); // no example knows an entry that looks like it
        await Send("closeEntry", 200, shared);
        await Send("reopenEntry", 200, shared);

        await Send("putMailTarget", 200, "1");
        var returns = new ReturnAddresses(engine.Host.Services.GetRequiredService<SecretStore>(), new PublicOrigin(engine.Host.Address));
        Assert.Equal("foreign", (await Send("takeMailReturns", 200, new Uri((await returns.Of(IssuerId.Default, default))!).Segments[^1]))["endings"][0].GetString());
        await Send("clearEmailMark", 204, "K000123");
        await Send("turnChannel", 200, "print");
        await Send("stopChannel", 200, "print");
        (await Sent("resendMessage", "1-1-9")).MustBeProblem(404);

        await Send("putRole", 200, "night-shift");
        var invited = await Send("invitePerson", 201);
        await Send("setRolesOfPerson", 204, $"{invited["person"].GetInt32()}");

        // What carries a secret is understood; no example can have the right one.
        foreach (var operation in (string[])["signIn", "lookAtLink", "followLink", "changePassword", "confirmSecondFactor", "removeSecondFactor"])
            Assert.Contains((await Sent(operation)).Status, new[] { 401, 403, 404 });

        Assert.Empty(_examples.Keys.Except(_sent));
    }

    private async Task<Answer> Send(string operation, int status, params string[] places) => (await Sent(operation, places)).Must(status);

    private async Task<Answer> Sent(string operation, params string[] places)
    {
        var (method, path, example) = _examples[operation];
        _sent.Add(operation);
        var at = 0;
        var address = string.Join('/', path.Split('/').Select(step => step is ['{', ..] ? places[at++] : step));
        return await _crm.Text(method, address, example);
    }

    private async Task<Dictionary<string, (HttpMethod Method, string Path, string Example)>> Described() => (
        from path in (await _crm.Get("/openapi/v1.json")).Must(200)["paths"].EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Value.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _)
        select (
            Name: operation.Value.GetProperty("operationId").GetString()!, Method: HttpMethod.Parse(operation.Name), Path: path.Name,
            Example: operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText()))
        .ToDictionary(operation => operation.Name, operation => (operation.Method, operation.Path, operation.Example));

    private async Task<string> Waiting(decimal amount, string symbol, string payer, bool isTakenBack = false)
    {
        var entry = new StatementEntry(
            Own.ToString(), null, Money.Czk(amount), isTakenBack ? EntryDirection.Debit : EntryDirection.Credit, isTakenBack, new DateOnly(2026, 3, 1),
            new DateOnly(2026, 3, 1), payer, "Payer", VariableSymbol.Read(symbol), null, null, null, null, "record 1");
        using var file = new MemoryStream();
        // From a balance of its own: no two statements look like the same day.
        var heading = GpcHeading.Of(Own, "Provider", ++_statements, entry.BookedOn.AddDays(-1), entry.BookedOn, Money.Czk(10_000 * _statements), [entry]);
        await GpcStatementWriter.Write(file, heading, [entry], CancellationToken.None);
        (await _crm.Send(HttpMethod.Post, "/v1/statements?fileName=desk.gpc", new ByteArrayContent(file.ToArray()))).Must(201);
        return (await _crm.Get("/v1/suspense?limit=200")).Must(200)["items"].EnumerateArray()
            .Single(waiting => waiting.GetProperty("variableSymbol").GetString() == symbol).GetProperty("id").GetRawText();
    }
}
