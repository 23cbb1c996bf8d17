using IspBilling.Domain;
using IspBilling.Outreach.Sending;
using IspBilling.Outreach.Sms;
using Microsoft.Extensions.Time.Testing;

namespace IspBilling.Outreach.Tests.Sms;

public sealed class SmsGatewayTests
{
    private static readonly SmsMessage Message = new(new DeliveryId(new AccountId(7), 3, 1), "+420777123456", "Dluh 500 & více \"dnes\"", SmsEncoding.Gsm7, "5", "https://isp.example/r/abc");

    public static TheoryData<string, int, string, string> Answers => new()
    {
        { "gosms", 201, """{"recipients":{"invalid":[]},"link":"api/v1/messages/4711"}""", "accepted 4711" },
        { "gosms", 201, """{"recipients":{"invalid":["+420777123456"]},"link":"api/v1/messages/4711"}""", "refused for good" },
        { "gosms", 400, """{"type":"about:blank","title":"Invalid","status":400,"detail":"channel"}""", "refused for good" },
        { "gosms", 401, """{"error":"access_denied"}""", "refused" },
        { "smsbrana", 200, "<?xml version='1.0' encoding='utf-8'?><result><err>0</err><price>1.10</price><sms_count>1</sms_count><credit>523.20</credit><sms_id>377351</sms_id></result>", "accepted 377351" },
        { "smsbrana", 200, "<result><err>-1</err></result>", "accepted" },
        { "smsbrana", 200, "<result><err>10</err></result>", "refused for good" },
        { "smsbrana", 200, "<result><err>9</err></result>", "refused" },
        { "smsbrana", 200, "<html>maintenance</html>", "unknown" },
        { "smsmanager", 200, """{"request_id":"r","accepted":[{"message_id":"m-1"}],"rejected":[]}""", "accepted m-1" },
        { "smsmanager", 200, """{"request_id":"r","accepted":[],"rejected":[{"phone_number":"420777123456"}]}""", "refused for good" },
        { "bulkgate", 200, """{"data":{"status":"accepted","sms_id":"tra-1","price":0.05}}""", "accepted tra-1" },
        { "bulkgate", 400, """{"type":"invalid_phone_number","code":400,"error":"Invalid phone number","detail":null}""", "refused for good" },
        { "bulkgate", 400, """{"type":"low_credit","code":400,"error":"Insufficient funds","detail":null}""", "refused" },
        { "twilio", 201, """{"sid":"SM1","status":"queued","error_code":null}""", "accepted SM1" },
        { "twilio", 400, """{"code":21211,"message":"not a phone number","status":400}""", "refused for good" },
        { "twilio", 401, """{"code":20003,"message":"Authenticate","status":401}""", "refused" },
        { "kannel", 202, "0: Accepted for delivery", "accepted" },
        { "kannel", 202, "3: Queued for later delivery", "accepted" },
        { "kannel", 403, "Authorization failed for sendsms", "refused" },
        { "kannel", 500, "", "unknown" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_of_each_preset_means_what_its_documentation_says(string preset, int status, string body, string means)
    {
        await using var server = new FakeGateway(request => request.Contains("/oauth/", StringComparison.Ordinal)
            ? FakeGateway.Answer(200, """{"access_token":"T1","expires_in":3600}""")
            : FakeGateway.Answer(status, body));
        var (result, begun) = await Send(At(SmsPresets.Find(preset)!, server));
        Assert.Equal((means, 1), (Told(result), begun));
    }

    [Fact]
    public void Every_preset_is_without_fault() => Assert.All(SmsPresets.All, preset => Assert.Empty(SmsTargetFaults.Of(preset)));

    [Fact]
    public async Task A_text_stays_a_value_wherever_it_stands()
    {
        await using var server = new FakeGateway(_ => FakeGateway.Answer(202, "0: Accepted for delivery"));
        await Send(At(SmsPresets.Kannel, server));
        await Send(At(SmsPresets.SmsManager, server));
        await Send(At(SmsPresets.Twilio, server));

        var requests = server.Requests.ToArray();
        Assert.Contains("&to=%2B420777123456&text=Dluh%20500%20%26%20v%C3%ADce%20%22dnes%22&coding=0&", requests[0], StringComparison.Ordinal);
        Assert.Contains("&dlr-url=https%3A%2F%2Fisp.example%2Fr%2Fabc%3Fstatus%3D%25d%26answer%3D%25A ", requests[0], StringComparison.Ordinal);
        Assert.Contains("x-api-key: value of sms/smsmanager-key", requests[1], StringComparison.Ordinal);
        Assert.Equal("Dluh 500 & více \"dnes\"", System.Text.Json.JsonDocument.Parse(requests[1].Split("\r\n\r\n")[1]).RootElement.GetProperty("body").GetString());
        Assert.Contains($"Authorization: Basic {Convert.ToBase64String("value of sms/twilio-account:value of sms/twilio-token"u8)}", requests[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_asked_for_once_and_again_when_it_is_refused_or_over()
    {
        var (clock, isRefused) = (new FakeTimeProvider(), false);
        await using var server = new FakeGateway(request => request.Contains("/oauth/", StringComparison.Ordinal) ? FakeGateway.Answer(200, """{"access_token":"T1","expires_in":3600}""")
            : isRefused ? FakeGateway.Answer(401, "{}")
            : FakeGateway.Answer(201, """{"link":"messages/1"}"""));
        using var gateway = Gateway(At(SmsPresets.GoSms, server), clock);

        async Task<int> Keys()
        {
            await gateway.Send(Message, _ => ValueTask.FromResult(true), CancellationToken.None);
            return server.Requests.Count(request => request.Contains("/oauth/", StringComparison.Ordinal));
        }

        Assert.Equal((1, 1), (await Keys(), await Keys()));
        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(2, await Keys());
        isRefused = true;
        Assert.Equal(2, await Keys());
        isRefused = false;
        Assert.Equal(3, await Keys());
        Assert.Contains("Authorization: Bearer T1", server.Requests.Last(), StringComparison.Ordinal);
        Assert.EndsWith(",\"channel\":5}", server.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_asks_to_wait_is_heard()
    {
        await using var server = new FakeGateway(_ => FakeGateway.Answer(429, "", "Retry-After: 120"));
        Assert.Equal(TimeSpan.FromSeconds(120), Assert.IsType<SendResult.Refused>((await Send(At(SmsPresets.Twilio, server))).Result).After);

        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero));
        await using var other = new FakeGateway(_ => FakeGateway.Answer(503, "", "Retry-After: Fri, 27 Nov 2026 10:05:00 GMT"));
        using var gateway = Gateway(At(SmsPresets.Twilio, other), clock);
        var refused = Assert.IsType<SendResult.Refused>(await gateway.Send(Message, _ => ValueTask.FromResult(true), CancellationToken.None));
        Assert.Equal((false, TimeSpan.FromMinutes(5)), (refused.IsPermanent, refused.After));
    }

    [Theory]
    [InlineData("twilio")]
    [InlineData("kannel")] // without a body: HttpClient by itself would send it four times
    public async Task A_lost_answer_leaves_the_outcome_unknown_and_the_message_is_not_sent_again_by_itself(string preset)
    {
        var count = 0;
        await using var server = new FakeGateway(_ => ++count == 1 ? FakeGateway.Answer(202, """{"sid":"1"}""") : null);
        using var gateway = Gateway(At(SmsPresets.Find(preset)!, server), TimeProvider.System);
        await gateway.Send(Message, _ => ValueTask.FromResult(true), CancellationToken.None);

        Assert.Equal("unknown", Told(await gateway.Send(Message, _ => ValueTask.FromResult(true), CancellationToken.None)));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_answer_cut_in_its_middle_is_unknown_where_the_middle_says_it()
    {
        await using var server = new FakeGateway(_ => "HTTP/1.1 201 Created\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"si");
        var sending = Send(At(SmsPresets.Twilio, server) with { TimeoutSeconds = 1 });
        Assert.Equal("unknown", Told((await sending).Result));
    }

    [Fact]
    public async Task Nobody_there_and_an_address_that_may_not_be_reached_are_certain_refusals()
    {
        var gone = new FakeGateway(_ => null);
        await gone.DisposeAsync();
        Assert.Equal("refused", Told((await Send(At(SmsPresets.Twilio, gone))).Result));

        await using var server = new FakeGateway(_ => FakeGateway.Answer(201, """{"sid":"1"}"""));
        using var live = new SmsGateway(At(SmsPresets.Twilio, server), ConnectPolicy.Live, Secret, TimeProvider.System);
        var refused = Assert.IsType<SendResult.Refused>(await live.Send(Message, _ => ValueTask.FromResult(true), CancellationToken.None));
        Assert.Contains("127.0.0.1 is not a public address", refused.Reason, StringComparison.Ordinal);
        Assert.False(refused.IsPermanent);
        Assert.Empty(server.Requests);
        using var allowed = new SmsGateway(At(SmsPresets.Twilio, server) with { AllowedNetworks = ["127.0.0.0/8"] }, ConnectPolicy.Live, Secret, TimeProvider.System);
        Assert.Equal("accepted 1", Told(await allowed.Send(Message, _ => ValueTask.FromResult(true), CancellationToken.None)));
    }

    [Fact]
    public async Task Nothing_leaves_when_the_lease_is_lost_or_a_secret_is_missing()
    {
        await using var server = new FakeGateway(_ => FakeGateway.Answer(201, """{"sid":"1"}"""));
        using var gateway = Gateway(At(SmsPresets.Twilio, server), TimeProvider.System);
        Assert.Equal("refused", Told(await gateway.Send(Message, _ => ValueTask.FromResult(false), CancellationToken.None)));

        using var poor = new SmsGateway(At(SmsPresets.Twilio, server), ConnectPolicy.LoopbackOnly, (_, _) => ValueTask.FromResult<string?>(null), TimeProvider.System);
        var refused = Assert.IsType<SendResult.Refused>(await poor.Send(Message, _ => throw new InvalidOperationException("nothing may begin"), CancellationToken.None));
        Assert.Contains("there is no secret sms/twilio-account", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Receipts_are_read_as_each_gateway_tells_them()
    {
        Assert.Equal<SmsReceipt>([new SmsReceipt(null, true, "1", "id:1")], SmsReceipts.Read(SmsPresets.Kannel.Callback!, "?status=1&answer=id%3A1", ""));
        Assert.Equal<SmsReceipt>([new SmsReceipt(null, false, "2", null)], SmsReceipts.Read(SmsPresets.Kannel.Callback!, "?status=2", ""));
        Assert.Empty(SmsReceipts.Read(SmsPresets.Kannel.Callback!, "?status=8", ""));
        Assert.Equal<SmsReceipt>([new SmsReceipt("SM1", false, "undelivered", "30003")], SmsReceipts.Read(SmsPresets.Twilio.Callback!, "", "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003"));
        Assert.Equal<SmsReceipt>(
            [new SmsReceipt("a", true, "1", null), new SmsReceipt("c", false, "3", null)],
            SmsReceipts.Read(SmsPresets.BulkGate.Callback!, "", """[{"status":"1","smsID":"a"},{"status":"2","smsID":"b"},{"status":"3","smsID":"c"},{"status":"10","from":"420"}]"""));
        Assert.Equal<SmsReceipt>([new SmsReceipt("m-1", true, "delivered", "[0] Delivered")], SmsReceipts.Read(SmsPresets.SmsManager.Callback!, "", """[{"message_id":"m-1","result":"delivered","result_info":"[0] Delivered"}]"""));
        Assert.Empty(SmsReceipts.Read(SmsPresets.SmsManager.Callback!, "", "no json"));
    }

    [Fact]
    public async Task A_gateway_that_is_asked_tells_when_it_is_decided()
    {
        var status = "sent";
        await using var server = new FakeGateway(_ => FakeGateway.Answer(200, $$"""{"sid":"SM1","status":"{{status}}","error_code":null}"""));
        using var gateway = Gateway(At(SmsPresets.Twilio, server), TimeProvider.System);
        Assert.Null(await gateway.Ask("SM1", CancellationToken.None));
        status = "delivered";
        Assert.Equal(new SmsReceipt(null, true, "delivered", null), await gateway.Ask("SM1", CancellationToken.None));
        Assert.Contains("/Messages/SM1.json ", server.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_tells_each_of_its_faults()
    {
        var target = new SmsTarget
        {
            Name = "Bad Name",
            Request = new SmsRequest { Url = "https://{text}.example/", Body = "x={nothing}&t={token}", BodyForm = SmsBodyForm.Form },
            Answer = new SmsAnswer { Form = SmsAnswerForm.Text, IdAt = "(", PermanentStatuses = [429] },
            Callback = new SmsReceiptForm(),
            MaxParts = 0,
            TimeoutSeconds = 1_000,
            AllowedNetworks = ["everything"],
        };
        var fields = SmsTargetFaults.Of(target).Select(fault => fault.Field).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(
            ["allowedNetworks", "answer.idAt", "answer.permanentStatuses", "callback.delivered", "callback.statusAt", "maxParts", "name", "request", "request.url", "timeoutSeconds"],
            fields);
    }

    private static string Told(SendResult result) => result switch
    {
        SendResult.Accepted accepted => $"accepted {accepted.Receipt}".Trim(),
        SendResult.Refused { IsPermanent: true } => "refused for good",
        SendResult.Refused => "refused",
        _ => "unknown",
    };

    /// <summary>The preset, with this machine in the place of its hosts.</summary>
    private static SmsTarget At(SmsTarget preset, FakeGateway server) => preset with
    {
        AllowedNetworks = [],
        Sender = "5",
        Request = preset.Request with { Url = Here(preset.Request.Url, server) },
        Token = preset.Token is { } token ? token with { Request = token.Request with { Url = Here(token.Request.Url, server) } } : null,
        Poll = preset.Poll is { } poll ? poll with { Request = poll.Request with { Url = Here(poll.Request.Url, server) } } : null,
    };

    private static string Here(string url, FakeGateway server) => server.Address + url[url.IndexOf('/', 8)..];

    private static async Task<(SendResult Result, int Begun)> Send(SmsTarget target)
    {
        var begun = 0;
        using var gateway = Gateway(target, TimeProvider.System);
        return (await gateway.Send(Message, _ => ValueTask.FromResult(++begun == 1), CancellationToken.None), begun);
    }

    private static SmsGateway Gateway(SmsTarget target, TimeProvider clock) => new(target, ConnectPolicy.LoopbackOnly, Secret, clock);

    private static ValueTask<string?> Secret(string name, CancellationToken cancellation) => ValueTask.FromResult<string?>($"value of {name}");
}
