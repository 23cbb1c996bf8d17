using System.Collections.Immutable;

namespace IspBilling.Outreach.Sms;

/// <summary>
/// Gateways as their public documentation describes them. Each is a value like one that somebody enters by hand; its secrets are named
/// <c>sms/…</c> and entered over <c>/v1/secrets</c>.
/// </summary>
public static class SmsPresets
{
    public static ImmutableArray<SmsTarget> All => [GoSms, SmsBrana, SmsManager, BulkGate, Twilio, Kannel];

    public static SmsTarget? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    /// <summary>The sender is the number of a channel of theirs. Where their webhook goes is set in their administration.</summary>
    public static SmsTarget GoSms { get; } = new()
    {
        Name = "gosms",
        Token = new SmsToken
        {
            Request = new SmsRequest
            {
                Url = "https://app.gosms.cz/oauth/v2/token",
                BodyForm = SmsBodyForm.Form,
                Body = "client_id={secret:sms/gosms-client}&client_secret={secret:sms/gosms-secret}&grant_type=client_credentials",
            },
        },
        Request = new SmsRequest
        {
            Url = "https://app.gosms.cz/api/v1/messages/",
            Headers = Headers(("Authorization", "Bearer {token}")),
            BodyForm = SmsBodyForm.Json,
            Body = """{"message":"{text}","recipients":"{to}","channel":"{sender:number}"}""",
        },
        // The message is named by the last step of its address. A number that is refused stands in a list of an answer that is otherwise fine.
        Answer = new SmsAnswer
        {
            IdAt = "/link",
            IdPattern = @"(\d+)/?$",
            AcceptedAt = "/link",
            ErrorAt = "/recipients/invalid/0",
            ErrorTextAt = "/detail",
            PermanentErrors = ".+",
            PermanentStatuses = [400],
        },
    };

    /// <summary>
    /// Our id goes with a message: sent twice, the second is known there as the first (-1). Their receipts lie in an inbox of the whole account,
    /// which no preset reads.
    /// </summary>
    public static SmsTarget SmsBrana { get; } = new()
    {
        Name = "smsbrana",
        Gsm7Word = "7bit",
        Ucs2Word = "ucs2",
        Request = new SmsRequest
        {
            Url = "https://api.smsbrana.cz/smsconnect/http.php",
            BodyForm = SmsBodyForm.Form,
            Body = "action=send_sms&login={secret:sms/smsbrana-login}&password={secret:sms/smsbrana-password}&number={digits}&message={text}&data_code={encoding}&user_id={id}&sender_id={sender}&delivery_report=1",
        },
        Answer = new SmsAnswer
        {
            Form = SmsAnswerForm.Xml,
            IdAt = "/result/sms_id",
            AcceptedAt = "/result/err",
            Accepted = "0|-1",
            ErrorAt = "/result/err",
            // A wrong number, an empty text, a text that is too long. Logins, credit and addresses of ours can be mended.
            PermanentErrors = "10|11|12",
        },
    };

    public static SmsTarget SmsManager { get; } = new()
    {
        Name = "smsmanager",
        Request = new SmsRequest
        {
            Url = "https://api.smsmngr.com/v2/message",
            Headers = Headers(("x-api-key", "{secret:sms/smsmanager-key}")),
            BodyForm = SmsBodyForm.Json,
            Body = """{"body":"{text}","to":[{"phone_number":"{digits}"}],"tag":"transactional","callback":"{callback}"}""",
        },
        Answer = new SmsAnswer
        {
            IdAt = "/accepted/0/message_id",
            AcceptedAt = "/accepted/0/message_id",
            ErrorAt = "/rejected/0/phone_number",
            PermanentErrors = ".+",
            PermanentStatuses = [400, 415],
        },
        Callback = new SmsReceiptForm { ListAt = "", IdAt = "/message_id", StatusAt = "/result", Delivered = "delivered", Undelivered = "undelivered|rejected|failed|expired", ReasonAt = "/result_info" },
    };

    /// <summary>Receipts go to an address that is set in their portal for all messages, as lists of JSON; a message that is stored for later (2) is not decided.</summary>
    public static SmsTarget BulkGate { get; } = new()
    {
        Name = "bulkgate",
        Gsm7Word = "no",
        Ucs2Word = "yes",
        Request = new SmsRequest
        {
            Url = "https://portal.bulkgate.com/api/1.0/simple/transactional",
            BodyForm = SmsBodyForm.Form,
            Body = "application_id={secret:sms/bulkgate-id}&application_token={secret:sms/bulkgate-token}&number={digits}&text={text}&unicode={encoding}&sender_id=gText&sender_id_value={sender}&tag={id}",
        },
        Answer = new SmsAnswer
        {
            IdAt = "/data/sms_id",
            AcceptedAt = "/data/status",
            Accepted = "sent|accepted|scheduled",
            ErrorAt = "/type",
            ErrorTextAt = "/error",
            PermanentErrors = "invalid_phone_number|empty_message|blacklisted_number|no_recipients",
        },
        Callback = new SmsReceiptForm { ListAt = "", IdAt = "/smsID", StatusAt = "/status", Delivered = "1|13", Undelivered = "3" },
    };

    public static SmsTarget Twilio { get; } = new()
    {
        Name = "twilio",
        Request = new SmsRequest
        {
            Url = "https://api.twilio.com/2010-04-01/Accounts/{secret:sms/twilio-account}/Messages.json",
            Headers = Headers(("Authorization", "Basic {secret:sms/twilio-account}:{secret:sms/twilio-token}")),
            BodyForm = SmsBodyForm.Form,
            Body = "To={to}&From={sender}&Body={text}&StatusCallback={callback}",
        },
        Answer = new SmsAnswer
        {
            IdAt = "/sid",
            AcceptedAt = "/sid",
            ErrorAt = "/code",
            ErrorTextAt = "/message",
            // Not a number, not reachable from this sender, not permitted, unsubscribed, no mobile phone, too long.
            PermanentErrors = "21211|21612|21408|21610|21614|21617",
        },
        Callback = new SmsReceiptForm { Form = SmsAnswerForm.Parameters, IdAt = "MessageSid", StatusAt = "MessageStatus", Delivered = "delivered|read", Undelivered = "undelivered|failed|canceled", ReasonAt = "ErrorCode" },
        Poll = new SmsPoll
        {
            Request = new SmsRequest
            {
                Method = "GET",
                Url = "https://api.twilio.com/2010-04-01/Accounts/{secret:sms/twilio-account}/Messages/{receipt}.json",
                Headers = Headers(("Authorization", "Basic {secret:sms/twilio-account}:{secret:sms/twilio-token}")),
            },
            Receipt = new SmsReceiptForm { StatusAt = "/status", Delivered = "delivered|read", Undelivered = "undelivered|failed|canceled", ReasonAt = "/error_code" },
        },
    };

    /// <summary>A gateway of one's own. It names no message: the address that it calls does.</summary>
    public static SmsTarget Kannel { get; } = new()
    {
        Name = "kannel",
        Gsm7Word = "0",
        Ucs2Word = "2",
        Request = new SmsRequest
        {
            Method = "GET",
            Url = "http://127.0.0.1:13013/cgi-bin/sendsms?username={secret:sms/kannel-user}&password={secret:sms/kannel-password}&from={sender}&to={to}&text={text}&coding={encoding}&charset=UTF-8&dlr-mask=3&dlr-url={callback}%3Fstatus%3D%25d%26answer%3D%25A",
        },
        Answer = new SmsAnswer { Form = SmsAnswerForm.Text, AcceptedAt = "^([03]): ", Accepted = "0|3", ErrorAt = "^(?![03]: )(.+)$", PermanentStatuses = [400] },
        Callback = new SmsReceiptForm { Form = SmsAnswerForm.Parameters, StatusAt = "status", Delivered = "1", Undelivered = "2|16", ReasonAt = "answer" },
        AllowedNetworks = ["127.0.0.0/8"],
    };

    private static ImmutableSortedDictionary<string, string> Headers(params ReadOnlySpan<(string Name, string Template)> headers)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (var (name, template) in headers) all.Add(name, template);
        return all.ToImmutable();
    }
}
