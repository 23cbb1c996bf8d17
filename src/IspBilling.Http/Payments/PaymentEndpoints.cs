using IspBilling.Domain;
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

namespace IspBilling.Http.Payments;

/// <param name="Number">Of the payment within the client's account, from 1.</param>
/// <param name="Entry">Identity of the statement entry, or of the part of it.</param>
/// <param name="Rule">How the payment found its client.</param>
/// <param name="Amount">Positive for money that came in; negative for money that went back to the client.</param>
/// <param name="PaidBack">How much of it has gone back to the client; null for nothing.</param>
/// <param name="Credit">What no document has used yet and has not gone back.</param>
public sealed record PaymentView(
    int Number, string Entry, DateOnly BookedOn, MoneyAmount Amount, string? VariableSymbol, string? CounterAccount, MatchRule Rule,
    PaymentStatus Status, IReadOnlyList<AllocationView> Allocations, MoneyAmount Credit, MoneyAmount? PaidBack = null);

public sealed record AllocationView(string Document, MoneyAmount Amount);

/// <summary>Money received from a client.</summary>
internal static class PaymentEndpoints
{
    public static void MapPayments(this RouteGroupBuilder v1) =>
        v1.MapGet("/clients/{reference}/payments", List).WithTags("Payments").RequireScope(Scopes.ClientsRead)
            .Named("listClientPayments", "A client's payments, the newest first, with what each settles")
            .Answers<Page<PaymentView>>(200).MayFail(400, 404);

    private static async Task<IResult> List(
        string reference, string? cursor, int? limit, ClientDirectory directory, PaymentReading reading, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        var payments = await reading.Before(account, paging.After ?? long.MaxValue, paging.Asked, cancellation);
        var allocations = await reading.Allocations(account, payments.Select(payment => payment.Ordinal), cancellation);
        var paidBack = await reading.PaidBack(account, payments.Select(payment => payment.Ordinal), cancellation);
        return TypedResults.Ok(paging.Of(
            payments, payment => payment.Ordinal, payment => View(payment, [.. allocations[payment.Ordinal]], paidBack.GetValueOrDefault(payment.Ordinal))));
    }

    private static PaymentView View(ReceivedPayment payment, PaymentAllocation[] allocations, long paidBack)
    {
        var status = (PaymentStatus)payment.Status;
        var credit = status == PaymentStatus.Booked && payment.Amount > 0
            ? payment.Amount - paidBack - allocations.Sum(allocation => allocation.Amount)
            : 0;
        return new PaymentView(
            payment.Ordinal, payment.Entry, payment.BookedOn, MoneyAmount.Of(payment.Amount, payment.Currency), payment.Symbol?.ToString(),
            payment.CounterAccount, (MatchRule)payment.Rule, status,
            [.. allocations.Select(allocation => new AllocationView(allocation.Document, MoneyAmount.Of(allocation.Amount, payment.Currency)))],
            MoneyAmount.Of(credit, payment.Currency), paidBack == 0 ? null : MoneyAmount.Of(paidBack, payment.Currency));
    }
}
