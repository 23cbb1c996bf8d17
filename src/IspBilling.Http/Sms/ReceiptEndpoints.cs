using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Outreach.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Sms;

/// <summary>Where gateways tell what became of messages. Whoever knows an address may call it, as often as they like: a receipt is kept once.</summary>
internal static class ReceiptEndpoints
{
    /// <summary>Bytes of a callback.</summary>
    private const int MaxBody = 256 * 1024;

    private const int MaxToken = 1_000;

    public static void MapReceipts(this RouteGroupBuilder v1)
    {
        var receipts = v1.MapGroup("/receipts").WithTags("Messages").OpenToAll().WithMetadata(new AnyQuery(), new BodyLimit(MaxBody));
        receipts.MapPost("/{token}", Take).Named("takeReceipt", "A gateway tells what became of messages, in its own form, at an address that only it was given").Answers(204).MayFail(404);
        receipts.MapGet("/{token}", Take).Named("takeReceiptByGet", "As takeReceipt, of gateways that tell everything in the address").Answers(204).MayFail(404);
    }

    /// <remarks>What is not known is passed over in silence: a gateway that is told of a fault tells the same again for days.</remarks>
    private static async Task<IResult> Take(
        string token, HttpContext http, ReceiptAddresses addresses, ISmsSettings settings, IDeliveryReceipts receipts, TimeProvider clock, CancellationToken cancellation)
    {
        if (token.Length > MaxToken || !addresses.TryRead(token, out var name, out var delivery)) return Problem.Unknown("Nothing is told at this address.");
        if (await settings.Target(cancellation) is not { Callback: { } form } target || target.Name != name) return Problem.Unknown("Nothing is told at this address.");
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var told = SmsReceipts.Read(form, http.Request.QueryString.Value ?? "", await reader.ReadToEndAsync(cancellation));
        foreach (var receipt in told)
        {
            // An address for one message tells of that one, whatever is said there.
            var about = delivery ?? (receipt.Id is { } id ? await receipts.Find(MessageChannel.Sms, id, cancellation) : null);
            if (about is not { } known) continue;
            await receipts.Record(
                new DeliveryReceipt(known, receipt.IsDelivered ? ReceiptKind.Delivered : ReceiptKind.Undelivered, name, receipt.Status, receipt.Reason, clock.GetUtcNow()), cancellation);
        }

        return TypedResults.NoContent();
    }
}
