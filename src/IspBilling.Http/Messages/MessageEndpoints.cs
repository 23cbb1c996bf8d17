using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Messages;

/// <summary>Something a client, the network or a program of the provider's was to be told, on one channel.</summary>
/// <param name="Id">Stays the same for ever; receivers know a repeated message by it.</param>
/// <param name="About">What it is about.</param>
/// <param name="Status">Where it stands; what was written while its channel was off is never sent.</param>
/// <param name="DecidedAt">When the account decided to send it.</param>
/// <param name="Document">Number of the document that is delivered.</param>
/// <param name="Step">Code of the dunning step that reminds.</param>
/// <param name="PolicyRevision">Of the settings journal: the policy by which it reminds. Null where none told of it.</param>
/// <param name="Debt">What is reminded of, as it was then.</param>
/// <param name="Level">What the network is to enforce.</param>
/// <param name="Attempts">How often it was taken in hand.</param>
/// <param name="NextAttemptAt">Null unless it waits.</param>
/// <param name="EndedAt">When it was accepted or given up.</param>
/// <param name="Reason">Why the last attempt failed, or why it was not sent.</param>
public sealed record MessageView(
    string Id,
    MessageKind About,
    MessageChannel Channel,
    DeliveryStatus Status,
    DateTimeOffset DecidedAt,
    string? Document,
    string? Step,
    long? PolicyRevision,
    MoneyAmount? Debt,
    ServiceLevel? Level,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? EndedAt,
    string? Reason);

/// <summary>What a client was told, by which channel, when, and what became of it.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this RouteGroupBuilder v1) =>
        v1.MapGet("/clients/{reference}/messages", List).WithTags("Clients").RequireRight(Right.ReadMoney)
            .Named("listClientMessages", "What a client was told, the newest first: by which channel, when, and what became of it")
            .Answers<Page<MessageView>>(200).MayFail(400, 404);

    private static async Task<IResult> List(
        string reference, string? cursor, int? limit, ClientDirectory directory, IOutbox outbox, DocumentReading documents, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<DeliveryId>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        if (paging.After is { } after && after.Account != account) return Problem.Invalid("cursor", "not a cursor of this list");
        var deliveries = await outbox.History(account, paging.After, paging.Asked, cancellation);
        var numbers = await documents.NumbersOf(
            account, [.. deliveries.Select(delivery => delivery.Message).OfType<DeliverDocument>().Select(message => message.Document).Distinct()], cancellation);
        return TypedResults.Ok(paging.Of(deliveries, delivery => delivery.Id, delivery => View(delivery, numbers)));
    }

    internal static MessageView View(Delivery delivery, IReadOnlyDictionary<int, string> numbers)
    {
        var debt = delivery.Message switch
        {
            SendReminder reminder => reminder.Debt,
            NotifyCollections collections => collections.Debt,
            _ => (Money?)null,
        };
        return new MessageView(
            delivery.Id.ToString(), delivery.Message.About(), delivery.Channel, delivery.Status, delivery.WrittenAt,
            delivery.Message is DeliverDocument document ? numbers.GetValueOrDefault(document.Document) : null,
            (delivery.Message as SendReminder)?.Step,
            (delivery.Message as SendReminder)?.PolicyRevision,
            debt is { } owed ? MoneyAmount.Of(owed) : null,
            (delivery.Message as EnforceServiceLevel)?.Level,
            delivery.Attempts,
            delivery.Status == DeliveryStatus.Waiting ? delivery.DueAt : null,
            delivery.EndedAt,
            delivery.Reason);
    }
}
