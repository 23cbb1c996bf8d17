using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Checks;

/// <summary>What would go wrong, before it does.</summary>
internal static class CheckEndpoints
{
    /// <summary>Clients that one request looks at, however few of them have something wrong.</summary>
    private const int LookedMax = 5_000;

    /// <summary>Read from the database at a time.</summary>
    private const int ReadMax = 500;

    public static void MapChecks(this RouteGroupBuilder v1) =>
        v1.MapGet("/checks/before-billing", BeforeBilling).WithTags("Billing runs").RequireScope(Scopes.Billing)
            .Named("checkBeforeBilling", "What would go wrong in a run: no price, odd cycle, no address, no delivery").Answers<BillingChecks>(200).MayFail(400);

    /// <remarks>Reads accounts as of their last commits and asks none of them. One request looks at up to 5,000 clients; the cursor goes on.</remarks>
    /// <param name="through">The run's; today when left out.</param>
    /// <param name="issuer">Only clients of this issuer.</param>
    /// <param name="check">Only findings of this kind.</param>
    /// <param name="limit">Clients with findings at most, 1 to 500; 100 when left out.</param>
    private static async Task<IResult> BeforeBilling(
        DateOnly? through, int? issuer, BillingCheck? check, string? cursor, int? limit, AccountReading reading, ClientDirectory directory,
        LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Date("through", through);
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging || faults.Any) return faults.Problem();
        var context = contexts.Now().Context;
        var asked = new Asked(through ?? context.Today, issuer is { } id ? new IssuerId(id) : null, check, paging.Limit);
        var looked = await Look(new AccountId(paging.After ?? 0), asked, reading, context, cancellation);
        var names = await directory.ReferencesOf([.. looked.Found.Select(client => client.State.Id)], cancellation);
        return TypedResults.Ok(new BillingChecks(
            asked.Through,
            [.. context.Issuers.Values.Where(one => asked.Issuer is null || one.Id == asked.Issuer).OrderBy(one => one.Id.Value).SelectMany(one => AccountChecks.Of(one, context.VatRates))],
            looked.Count,
            [.. looked.Found.SelectMany(client => client.Findings.Select(found => new BillingCheckFinding(
                names[client.State.Id], client.State.RequiredProfile.Name, found.Check, found.Service, found.Detail)))],
            looked.Last is { } last ? Paging<long>.Write(last.Value) : null));
    }

    private readonly record struct Asked(DateOnly Through, IssuerId? Issuer, BillingCheck? Check, int Limit);

    /// <param name="Last">Where to go on; null when all were looked at.</param>
    private sealed record Looked(List<(AccountState State, AccountChecks.Found[] Findings)> Found, int Count, AccountId? Last);

    private static async Task<Looked> Look(
        AccountId after, Asked asked, AccountReading reading, DecisionContext context, CancellationToken cancellation)
    {
        var found = new List<(AccountState, AccountChecks.Found[])>();
        for (var count = 0; ;)
        {
            var page = await reading.After(after, asked.Issuer, ReadMax, cancellation);
            foreach (var snapshot in page)
            {
                count++;
                after = snapshot.State.Id;
                var findings = AccountChecks.Of(snapshot, asked.Through, context).Where(one => asked.Check is null || one.Check == asked.Check).ToArray();
                if (findings.Length > 0) found.Add((snapshot.State, findings));
                if (found.Count == asked.Limit) return new Looked(found, count, after);
            }

            if (page.Count < ReadMax) return new Looked(found, count, null);
            if (count >= LookedMax) return new Looked(found, count, after);
        }
    }
}
