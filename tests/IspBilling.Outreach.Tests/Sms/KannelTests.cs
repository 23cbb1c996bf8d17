using IspBilling.Domain;
using IspBilling.Outreach.Sending;
using IspBilling.Outreach.Sms;
using IspBilling.Outreach.Tests.Parts;

namespace IspBilling.Outreach.Tests.Sms;

/// <summary>The preset against the program itself.</summary>
public sealed class KannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [FactWithParts(RunningKannel.Bearer)]
    public async Task A_message_is_accepted_and_its_receipt_comes_to_its_own_address()
    {
        await using var kannel = await RunningKannel.Start();
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var here = new FakeGateway(request =>
        {
            heard.TrySetResult(request);
            return FakeGateway.Answer(204, "");
        });
        var preset = SmsPresets.Kannel;
        var target = preset with { Sender = "ISP", Request = preset.Request with { Url = preset.Request.Url.Replace(":13013/", $":{kannel.Port}/", StringComparison.Ordinal) } };
        using var gateway = Gateway(target, "correct horse");

        var quote = SmsQuote.Of("Dluh 499 Kč & 50 haléřů, Č. ú. 19-2000145399/0800 [prosíme]", target);
        var message = new SmsMessage(new DeliveryId(new AccountId(7), 3, 1), "+420777123456", quote.Text, quote.Encoding, target.Sender, $"{here.Address}/v1/receipts/sealed");
        Assert.IsType<SendResult.Accepted>(await gateway.Send(message, _ => ValueTask.FromResult(true), CancellationToken.None));

        var line = (await heard.Task.WaitAsync(Patience)).Split("\r\n")[0].Split(' ')[1];
        Assert.StartsWith("/v1/receipts/sealed?", line, StringComparison.Ordinal);
        var receipt = Assert.Single(SmsReceipts.Read(target.Callback!, line[line.IndexOf('?', StringComparison.Ordinal)..], ""));
        Assert.Equal((null, true, "1"), (receipt.Id, receipt.IsDelivered, receipt.Status));
    }

    [FactWithParts(RunningKannel.Bearer)]
    public async Task A_wrong_password_is_a_refusal_that_somebody_can_mend()
    {
        await using var kannel = await RunningKannel.Start();
        var preset = SmsPresets.Kannel;
        using var gateway = Gateway(preset with { Sender = "ISP", Request = preset.Request with { Url = preset.Request.Url.Replace(":13013/", $":{kannel.Port}/", StringComparison.Ordinal) } }, "wrong");
        var message = new SmsMessage(new DeliveryId(new AccountId(7), 3, 1), "+420777123456", "Dluh", SmsEncoding.Gsm7, "ISP", null);
        var refused = Assert.IsType<SendResult.Refused>(await gateway.Send(message, _ => ValueTask.FromResult(true), CancellationToken.None));
        Assert.False(refused.IsPermanent);
        Assert.Contains("403", refused.Reason, StringComparison.Ordinal);
    }

    private static SmsGateway Gateway(SmsTarget target, string password) => new(
        target, ConnectPolicy.LoopbackOnly, (name, _) => ValueTask.FromResult<string?>(name == "sms/kannel-user" ? "billing" : password), TimeProvider.System);
}
