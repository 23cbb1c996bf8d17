using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Dunning;

/// <summary>What a client promised about their debt.</summary>
/// <example>{"until":"2026-12-31"}</example>
/// <param name="Until">Last day of the promise, today or later; null withdraws it.</param>
public sealed record PromiseRequest(DateOnly? Until);

/// <summary>An invoice that a client contests, or no longer does.</summary>
/// <example>{"document":"2600000001","disputed":true,"reason":"outage in November"}</example>
/// <param name="Document">Number of an open invoice of the client.</param>
public sealed record DisputeRequest(string Document, bool Disputed, string Reason);

/// <summary>Whether dunning leaves a client alone.</summary>
/// <example>{"exempt":true,"reason":"hospital"}</example>
public sealed record ExemptionRequest(bool Exempt, string Reason);

/// <summary>Why a service is given back by hand.</summary>
/// <example>{"reason":"paid in cash at the office"}</example>
public sealed record RestoreRequest(string Reason);

/// <summary>What people agree with a client about debt.</summary>
internal static class DunningEndpoints
{
    public static void MapDunning(this RouteGroupBuilder v1)
    {
        var dunning = v1.MapGroup("/clients/{reference}").WithTags("Dunning").RequireRight(Right.HandleDebts);
        dunning.MapPost("/promise-to-pay", Promise)
            .Named("promiseToPay", "Lets dunning wait until a day, as long as one of today's invoices is open; null withdraws the promise").Answers(204).MayFail(400, 404, 409);
        dunning.MapPost("/disputes", Dispute)
            .Named("setDispute", "Takes a contested invoice out of the debt that dunning looks at, or puts it back").Answers(204).MayFail(400, 404, 409);
        dunning.MapPost("/restore", Restore)
            .Named("restoreByHand", "Gives back a service that dunning took away; open debt is reminded again before anything more is taken").Answers(204).MayFail(400, 404, 409);
        dunning.MapPost("/dunning-exemption", Exempt)
            .Named("setDunningExemption", "Never escalates this client, or does again").Answers(204).MayFail(400, 404, 409);
    }

    private static Task<IResult> Restore(
        string reference, RestoreRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, faults => new RestoreByHand(faults.Reason("reason", request.Reason)), cancellation);

    private static Task<IResult> Promise(
        string reference, PromiseRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, faults => new PromiseToPay(faults.Date("until", request.Until)), cancellation);

    private static async Task<IResult> Dispute(
        string reference, DisputeRequest request, HttpContext http, AccountDesk desk, DocumentReading documents, CancellationToken cancellation)
    {
        var faults = new Faults();
        var reason = faults.Reason("reason", request.Reason);
        var read = DocumentNumber.Read(request.Document);
        if (read is null) faults.Add("document", $"expected: {DocumentNumber.Shape}");
        if (faults.Any || read is not { } number) return faults.Problem();
        if (await documents.OrdinalOf(reference, number, cancellation) is not { } ordinal)
            return Problem.Unknown($"Client '{reference}' has no document {request.Document}.");
        return await desk.Tell(http, reference, new SetDispute(ordinal, request.Disputed, reason), cancellation);
    }

    private static Task<IResult> Exempt(
        string reference, ExemptionRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, faults => new SetDunningExemption(request.Exempt, faults.Reason("reason", request.Reason)), cancellation);
}
