using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Services;

/// <summary>What a client subscribes to, and what is agreed about it.</summary>
internal static class ServiceEndpoints
{
    public static void MapServices(this RouteGroupBuilder v1)
    {
        var services = v1.MapGroup("/clients/{reference}/services/{serviceReference}").WithTags("Services").RequireRight(Right.WriteClients);
        services.MapPut("", Put)
            .Named("putService", "Brings a service to what the CRM says it is: start, end, tariff, quantity, cycle; a push older than one before answers with stale set and changes nothing").Answers<PushAnswer>(200).MayFail(400, 404, 409);
        services.MapPut("/pauses/{id}", PutPause).Named("putPause", "Pauses a service, or changes a pause").Answers(204).MayFail(400, 404, 409);
        services.MapDelete("/pauses/{id}", RemovePause).Named("deletePause", "Takes a pause back").Answers(204).MayFail(404, 409);
        services.MapPut("/special-prices/{id}", PutSpecialPrice)
            .Named("putSpecialPrice", "Agrees a price or a discount, or changes it").Answers(204).MayFail(400, 404, 409);
        services.MapDelete("/special-prices/{id}", RemoveSpecialPrice).Named("deleteSpecialPrice", "Takes a special price back").Answers(204).MayFail(404, 409);

        var items = v1.MapGroup("/clients/{reference}/one-off-items").WithTags("Services").RequireRight(Right.AddOneOffs);
        items.MapPut("/{id}", PutOneOff).Named("putOneOffItem", "Charges something once, with the next document").Answers(204).MayFail(400, 404, 409);
        items.MapDelete("/{id}", CancelOneOff)
            .Named("deleteOneOffItem", "Takes an item back; if a document charges it, the next credit note returns it").Answers(204).MayFail(404, 409);
    }

    private static Task<IResult> Put(
        string reference, string serviceReference, ServiceRequest request, HttpContext http, AccountDesk desk, LiveContext contexts,
        CancellationToken cancellation) =>
        desk.Push(http, reference, faults => request.Read(serviceReference, contexts.Settings.Catalogue, faults), cancellation);

    private static Task<IResult> PutPause(
        string reference, string serviceReference, string id, PauseRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, faults => request.Read(serviceReference, id, faults), cancellation);

    private static Task<IResult> RemovePause(
        string reference, string serviceReference, string id, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, new RemovePause(serviceReference, id), cancellation);

    private static Task<IResult> PutSpecialPrice(
        string reference, string serviceReference, string id, SpecialPriceRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, faults => request.Read(serviceReference, id, faults), cancellation);

    private static Task<IResult> RemoveSpecialPrice(
        string reference, string serviceReference, string id, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, new RemoveSpecialPrice(serviceReference, id), cancellation);

    private static Task<IResult> PutOneOff(
        string reference, string id, OneOffRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, faults => request.Read(id, faults), cancellation);

    private static Task<IResult> CancelOneOff(string reference, string id, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, new CancelOneOff(id), cancellation);
}
