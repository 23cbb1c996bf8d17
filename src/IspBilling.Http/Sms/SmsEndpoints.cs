using IspBilling.Access.Rights;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Outreach.Sms;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Sms;

/// <summary>The gateway for short messages.</summary>
/// <example>
/// {"gateway":{"name":"own","request":{"method":"GET","url":"http://10.1.0.5:13013/cgi-bin/sendsms?to={to}&amp;text={text}"},"maxParts":3,"allowedNetworks":["10.1.0.0/16"]},"reason":"a gateway of our own"}
/// </example>
/// <param name="Gateway">How to talk to it; a preset is a beginning.</param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record SmsGatewayRequest(SmsTarget Gateway, string? Reason = null);

/// <summary>A text that somebody thinks of sending.</summary>
/// <example>{"text":"Dluh 499 Kč, prosíme o úhradu."}</example>
/// <param name="Text">1 to 10,000 characters.</param>
public sealed record SmsQuoteRequest(string Text);

/// <param name="Address">To be entered where the gateway asks for the address of delivery reports. Keep it secret.</param>
public sealed record ReceiptAddressView(string Address);

/// <summary>The gateway for short messages, and what a text would cost there.</summary>
internal static class SmsEndpoints
{
    private const int MaxText = 10_000;

    public static void MapSms(this RouteGroupBuilder v1)
    {
        var sms = v1.MapGroup("/sms-gateway").WithTags("Messages");
        sms.MapGet("", Get).RequireRight(Right.ReadSettings).Named("getSmsGateway", "The gateway for short messages").Answers<SmsTarget>(200).MayFail(404);
        sms.MapPut("", Put).RequireRight(Right.WriteSettings)
            .Named("putSmsGateway", "Sets the gateway for short messages; its secrets are entered over /v1/secrets").Answers<SmsTarget>(200).MayFail(400, 412);
        sms.MapGet("/presets", Presets).RequireRight(Right.ReadSettings).Named("listSmsGatewayPresets", "Gateways as their documentation describes them").Answers<IReadOnlyList<SmsTarget>>(200).MayFail();
        sms.MapPost("/quote", Quote).RequireRight(Right.ReadSettings)
            .Named("quoteSms", "How many parts a text has and what it costs, before it is sent; a text with too many is refused and never cut").Answers<SmsQuote>(200).MayFail(400, 404);
        sms.MapGet("/receipt-address", ReceiptAddress).RequireRight(Right.ManageKeys)
            .Named("smsReceiptAddress", "Where the gateway is to tell what became of messages, if it calls one address for all of them").Answers<ReceiptAddressView>(200).MayFail(404);
    }

    private static async Task<IResult> Get(ISmsSettings settings, CancellationToken cancellation) =>
        await settings.Target(cancellation) is { } target ? TypedResults.Ok(target) : NoGateway();

    private static async Task<IResult> Put(
        SmsGatewayRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, SettingsDesk desk, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        foreach (var (field, reason) in SmsTargetFaults.Of(request.Gateway)) faults.Add($"gateway.{field}", reason);
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, whyNeeded: null, faults);
        if (faults.Any) return faults.Problem();
        try
        {
            await desk.Change(store => store.PutSmsGateway(SmsTargetJson.Write(request.Gateway), author, cancellation), cancellation);
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }

        return TypedResults.Ok(request.Gateway);
    }

    private static Ok<IReadOnlyList<SmsTarget>> Presets() => TypedResults.Ok<IReadOnlyList<SmsTarget>>(SmsPresets.All);

    private static async Task<IResult> Quote(SmsQuoteRequest request, ISmsSettings settings, CancellationToken cancellation)
    {
        var faults = new Faults();
        var text = faults.Lines("text", request.Text, MaxText);
        if (faults.Any) return faults.Problem();
        return await settings.Target(cancellation) is { } target ? TypedResults.Ok(SmsQuote.Of(text, target)) : NoGateway();
    }

    private static async Task<IResult> ReceiptAddress(ISmsSettings settings, ReceiptAddresses addresses, CancellationToken cancellation)
    {
        if (await settings.Target(cancellation) is not { } target) return NoGateway();
        return addresses.OfAll(target.Name) is { } address ? TypedResults.Ok(new ReceiptAddressView(address)) : Problem.Unknown("The setting PublicAddress says under which address others reach this installation; it is not set.");
    }

    private static IResult NoGateway() => Problem.Unknown("No gateway for short messages is set: PUT /v1/sms-gateway.");
}
