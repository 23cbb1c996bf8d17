using System.Collections.Immutable;

namespace IspBilling.Outreach.Sms;

/// <summary>What a gateway says became of a message.</summary>
/// <param name="Id">What the gateway calls the message; null when who was called says which it is.</param>
/// <param name="IsDelivered">It is on the handset; otherwise it never will be.</param>
/// <param name="Status">In the gateway's word.</param>
public sealed record SmsReceipt(string? Id, bool IsDelivered, string Status, string? Reason);

/// <summary>Reads receipts as a target describes them.</summary>
public static class SmsReceipts
{
    /// <summary>Receipts in one callback.</summary>
    public const int Max = 1_000;

    /// <summary>What a callback tells, without what is not decided yet.</summary>
    /// <param name="query">Behind the address's question mark.</param>
    public static ImmutableArray<SmsReceipt> Read(SmsReceiptForm form, string query, string body)
    {
        if (form.Form == SmsAnswerForm.Parameters) return Single(Of(form, GatewayText.Read(SmsAnswerForm.Parameters, $"{query.TrimStart('?')}&{body}")));
        if (form is not { Form: SmsAnswerForm.Json, ListAt: { } list }) return Single(Of(form, GatewayText.Read(form.Form, body)));
        return [.. GatewayText.InJson.Parse(body).Each(list).Take(Max).Select(item => Of(form, item)).OfType<SmsReceipt>()];
    }

    internal static SmsReceipt? Of(SmsReceiptForm form, GatewayText said)
    {
        if (said.At(form.StatusAt) is not { } status) return null;
        var isDelivered = GatewayText.IsWhole(status, form.Delivered);
        if (!isDelivered && !GatewayText.IsWhole(status, form.Undelivered)) return null;
        return new SmsReceipt(form.IdAt is { } place ? said.At(place) : null, isDelivered, status, form.ReasonAt is { } reason ? said.At(reason) : null);
    }

    private static ImmutableArray<SmsReceipt> Single(SmsReceipt? receipt) => receipt is null ? [] : [receipt];
}
