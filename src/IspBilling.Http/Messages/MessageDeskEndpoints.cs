using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Messages;

/// <summary>Where a message stands that somebody may have to look at.</summary>
public enum DeskStatus
{
    /// <summary>To be sent from a time on.</summary>
    Waiting,

    /// <summary>Its target refused it for good.</summary>
    Failed,

    /// <summary>It was tried as often as it may be.</summary>
    Dead,

    /// <summary>It was sent, and nobody knows whether it arrived.</summary>
    Unknown,
}

/// <summary>Why a message is sent again.</summary>
/// <example>{"reason":"the client says that nothing came"}</example>
public sealed record ResendRequest(string Reason);

/// <param name="Id">The same as before: a receiver may know it by it.</param>
/// <param name="MayArriveTwice">Nobody knows whether it arrived before.</param>
/// <param name="Warning">What to tell the client, where it may arrive twice.</param>
public sealed record ResendAnswer(string Id, bool MayArriveTwice, string? Warning);

/// <summary>Messages that a person should look at, whoever's they are.</summary>
internal static class MessageDeskEndpoints
{
    public static void MapMessageDesk(this RouteGroupBuilder v1)
    {
        var messages = v1.MapGroup("/messages").WithTags("Messages");
        messages.MapGet("", List).RequireRight(Right.ReadMoney)
            .Named("listMessages", "Messages of all clients that wait, failed, or of which nobody knows whether they arrived").Answers<Page<MessageView>>(200).MayFail(400);
        messages.MapPost("/{id}/resend", Resend).RequireRight(Right.HandleDebts)
            .Named("resendMessage", "Sends a message again that failed or may not have arrived").Answers<ResendAnswer>(200).MayFail(400, 404, 409);
    }

    /// <param name="status">Where they stand.</param>
    /// <param name="channel">Left out: of every channel.</param>
    private static async Task<IResult> List(
        DeskStatus status, MessageChannel? channel, string? cursor, int? limit, IOutbox outbox, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<DeliveryId>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var standing = status switch
        {
            DeskStatus.Waiting => DeliveryStatus.Waiting,
            DeskStatus.Failed => DeliveryStatus.Failed,
            DeskStatus.Dead => DeliveryStatus.Dead,
            _ => DeliveryStatus.Unknown,
        };
        var deliveries = await outbox.Standing(standing, channel, paging.After, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(deliveries, delivery => delivery.Id, delivery => MessageEndpoints.View(delivery, NoNumbers)));
    }

    /// <param name="id">Of the message.</param>
    private static async Task<IResult> Resend(string id, ResendRequest request, HttpContext http, IOutbox outbox, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var reason = faults.Text("reason", request.Reason, OutboxLimits.MaxText);
        if (faults.Any) return faults.Problem();
        if (!DeliveryId.TryParse(id, null, out var delivery) || await outbox.Find(delivery, cancellation) is not { } found) return Problem.Unknown($"There is no message {id}.");
        if (!await outbox.SendAgain(delivery, Caller.Of(http.User).By, clock.GetUtcNow(), reason, cancellation))
        {
            return Problem.Of(
                StatusCodes.Status409Conflict, "message-not-ended", "The message cannot be sent again.",
                $"It is {System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(found.Status.ToString())}; only one that failed, is dead or unknown can be.");
        }

        var twice = found.MayArriveTwice || found.Status == DeliveryStatus.Unknown;
        return TypedResults.Ok(new ResendAnswer(delivery.ToString(), twice, twice ? "It may have arrived before, so it may arrive twice." : null));
    }

    private static readonly Dictionary<int, string> NoNumbers = [];
}
