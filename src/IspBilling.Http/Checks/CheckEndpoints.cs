using IspBilling.Access.Rights;
using IspBilling.Desk.Checks;
using IspBilling.Documents.Rendering;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Checks;

/// <summary>What would go wrong, before it does.</summary>
internal static class CheckEndpoints
{
    public static void MapChecks(this RouteGroupBuilder v1) =>
        v1.MapGet("/checks/before-billing", BeforeBilling).WithTags("Billing runs").RequireRight(Right.ReadBilling)
            .Named("checkBeforeBilling", "What would go wrong in a run: no price, odd cycle, no address, no delivery").Answers<BillingChecks>(200).MayFail(400);

    /// <remarks>Reads accounts as of their last commits and asks none of them. One request looks at up to 5,000 clients; the cursor goes on.</remarks>
    /// <param name="through">The run's; today when left out.</param>
    /// <param name="issuer">Only clients of this issuer.</param>
    /// <param name="check">Only findings of this kind.</param>
    /// <param name="limit">Clients with findings at most, 1 to 500; 100 when left out.</param>
    private static async Task<IResult> BeforeBilling(
        DateOnly? through, int? issuer, BillingCheck? check, string? cursor, int? limit, ChecksBeforeBilling checks, LiveContext contexts,
        IInvoiceRenderer renderer, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Date("through", through);
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging || faults.Any) return faults.Problem();
        var day = through ?? contexts.Today;
        var only = issuer is { } id ? new IssuerId(id) : (IssuerId?)null;
        var looked = await checks.Look(new AccountId(paging.After ?? 0), day, only, check, paging.Limit, cancellation);
        var missing = await renderer.MissingAsync(cancellation);
        return TypedResults.Ok(new BillingChecks(
            day, [.. checks.OfProvider(only), .. missing is null ? Array.Empty<string>() : [$"Documents cannot be printed: {missing}"]], looked.Clients, looked.Findings, looked.Last is { } last ? Paging<long>.Write(last.Value) : null));
    }
}
