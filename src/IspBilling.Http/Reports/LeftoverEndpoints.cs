using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Clients;
using IspBilling.Http.Dunning;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Security;
using IspBilling.Postgres.Figures;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Reports;

/// <summary>What was stored before it came to be refused. It is kept, holds up nobody, and waits here for a person.</summary>
/// <param name="Policy">What of the dunning policy has no effect.</param>
/// <param name="Tariffs">Tariffs that are on services of issuers who invoice in another currency.</param>
/// <param name="Symbols">Variable symbols that several clients of an issuer have as their own.</param>
/// <param name="MoreSymbols">There are more of them than are listed.</param>
public sealed record LeftoverView(
    IReadOnlyList<PolicyProblemView> Policy, IReadOnlyList<ForeignTariffView> Tariffs, IReadOnlyList<SharedSymbolRow> Symbols, bool MoreSymbols);

/// <param name="Services">How many run on it today; their accounts are parked when they are billed.</param>
public sealed record ForeignTariffView(int Issuer, string Tariff, string Currency, long Services);

internal static class LeftoverEndpoints
{
    private const int SymbolsMax = 200;

    public static void MapLeftovers(this RouteGroupBuilder v1) => v1.MapGet("/checks/leftovers", Leftovers).WithTags("Reports").RequireScope(Scopes.Reports)
        .Named("listLeftovers", "What an earlier release accepted and would be refused today").Answers<LeftoverView>(200).MayFail();

    private static async Task<IResult> Leftovers(
        FigureReading figures, SymbolUse symbols, LiveContext contexts, CancellationToken cancellation)
    {
        var context = contexts.Now().Context;
        var issuers = context.Issuers;
        var recurring = await figures.RecurringOn(context.Today, cancellation);
        var shared = await symbols.InDoubleUse(0, SymbolsMax + 1, cancellation);
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
            ],
            [.. shared.Take(SymbolsMax).Select(symbol => SharedSymbolRow.Of(symbol))],
            shared.Count > SymbolsMax));
    }
}
