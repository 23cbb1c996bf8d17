using IspBilling.Access.Rights;
using IspBilling.Desk.Payments;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Payments;

/// <summary>Money received from a client.</summary>
internal static class PaymentEndpoints
{
    public static void MapPayments(this RouteGroupBuilder v1) =>
        v1.MapGet("/clients/{reference}/payments", List).WithTags("Payments").RequireRight(Right.ReadMoney)
            .Named("listClientPayments", "A client's payments, the newest first, with what each settles")
            .Answers<Page<PaymentView>>(200).MayFail(400, 404);

    private static async Task<IResult> List(
        string reference, string? cursor, int? limit, ClientDirectory directory, PaymentViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        var payments = await views.Before(account, paging.After ?? long.MaxValue, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(payments, payment => payment.Number, payment => payment));
    }
}
