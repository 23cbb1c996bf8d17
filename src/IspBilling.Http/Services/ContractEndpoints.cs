using IspBilling.Access.Rights;
using IspBilling.Desk.Contracts;
using IspBilling.Domain;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Services;

/// <summary>What was signed with a client.</summary>
internal static class ContractEndpoints
{
    public static void MapContracts(this RouteGroupBuilder v1)
    {
        var contracts = v1.MapGroup("/clients/{reference}/contracts/{contractReference}").WithTags("Contracts");
        contracts.MapPut("", Put).RequireRight(Right.WriteClients)
            .Named("putContract", "Brings a contract to what the CRM says it is: number, dates, minimum term, notice; it changes no price. A push older than one before answers with stale set and changes nothing")
            .Answers<PushAnswer>(200).MayFail(400, 404, 409);
        contracts.MapDelete("", Remove).RequireRight(Right.WriteClients)
            .Named("deleteContract", "Takes back a contract that was entered by mistake; refused while a service belongs to it").Answers(204).MayFail(404, 409);
        contracts.MapGet("", View).RequireRight(Right.ReadMoney)
            .Named("getContract", "A contract with the end of its term and the services that belong to it").Answers<ContractRow>(200).MayFail(404);
        contracts.MapGet("/early-end", EarlyEnd).RequireRight(Right.ReadMoney)
            .Named("getEarlyEnd", "What ending the contract on a day may cost by its terms, with the arithmetic; nothing charges it").Answers<EarlyEndView>(200).MayFail(400, 404);
    }

    private static Task<IResult> Put(
        string reference, string contractReference, ContractRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Push(http, reference, faults => request.Read(contractReference, faults), cancellation);

    private static Task<IResult> Remove(string reference, string contractReference, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, new RemoveContract(contractReference), cancellation);

    private static async Task<IResult> View(string reference, string contractReference, ContractViews views, CancellationToken cancellation) =>
        await views.Find(reference, contractReference, cancellation) is { } row ? TypedResults.Ok(row) : Unknown(reference, contractReference);

    /// <param name="on">
    /// First day without the contract; when left out, the day on which it ends, or else the one to which a notice of today leads.
    /// </param>
    private static async Task<IResult> EarlyEnd(
        string reference, string contractReference, DateOnly? on, ContractViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Date("on", on);
        if (faults.Any) return faults.Problem();
        return await views.EarlyEnd(reference, contractReference, on, cancellation) is { } view ? TypedResults.Ok(view) : Unknown(reference, contractReference);
    }

    private static IResult Unknown(string client, string contract) => Problem.Unknown($"No client '{client}' has a contract '{contract}'.");
}
