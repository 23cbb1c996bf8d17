using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Dunning;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Security;
using IspBilling.Postgres.Figures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Reports;

/// <summary>
/// What was stored before it came to be refused. It is kept, holds up nobody, and waits here for a person. Symbols in double use have a list of
/// their own, <c>/v1/checks/symbols-in-double-use</c>.
/// </summary>
/// <param name="Policy">What of the dunning policy has no effect.</param>
/// <param name="Tariffs">Tariffs that are on services of issuers who invoice in another currency.</param>
public sealed record LeftoverView(IReadOnlyList<PolicyProblemView> Policy, IReadOnlyList<ForeignTariffView> Tariffs);

/// <param name="Services">How many run on it today; their accounts are parked when they are billed.</param>
public sealed record ForeignTariffView(int Issuer, string Tariff, string Currency, long Services);

internal static class LeftoverEndpoints
{
    public static void MapLeftovers(this RouteGroupBuilder v1) => v1.MapGet("/checks/leftovers", Leftovers).WithTags("Reports").RequireScope(Scopes.Reports)
        .Named("listLeftovers", "What an earlier release accepted and would be refused today").Answers<LeftoverView>(200).MayFail();

    private static async Task<IResult> Leftovers(
        FigureReading figures, LiveContext contexts, CancellationToken cancellation)
    {
        var context = contexts.Now().Context;
        var issuers = context.Issuers;
        var recurring = await figures.RecurringOn(context.Today, cancellation);
        return TypedResults.Ok(new LeftoverView(
            [
                .. PolicyProblems.Of(context.DunningPolicy, [.. issuers.Values.Select(issuer => issuer.Currency).Distinct()])
                    .Select(problem => new PolicyProblemView(problem.Field, problem.Reason)),
            ],
            [
                .. from row in recurring
                   let tariff = context.Catalogue.Tariffs.GetValueOrDefault(new TariffId(row.Tariff))
                   where tariff is not null && tariff.Currency != issuers[new IssuerId(row.Issuer)].Currency
                   select new ForeignTariffView(row.Issuer, tariff.Code, tariff.Currency.Code, row.Services),
            ]));
    }
}
