using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Figures;

namespace IspBilling.Desk.Checks;

/// <summary>
/// What was stored before it came to be refused. It is kept, holds up nobody, and waits here for a person. Symbols in double use have a list of
/// their own, <c>/v1/checks/symbols-in-double-use</c>.
/// </summary>
/// <param name="Policy">What of the dunning policy has no effect.</param>
/// <param name="Tariffs">Tariffs that are on services of issuers who invoice in another currency.</param>
public sealed record LeftoverView(IReadOnlyList<PolicyProblemView> Policy, IReadOnlyList<ForeignTariffView> Tariffs);

/// <param name="Field">Of the policy: <c>steps[2].minimumDebt</c>.</param>
public sealed record PolicyProblemView(string Field, string Reason);

/// <param name="Services">How many run on it today; their accounts are parked when they are billed.</param>
public sealed record ForeignTariffView(int Issuer, string Tariff, string Currency, long Services);

public sealed class Leftovers(FigureReading figures, LiveContext contexts)
{
    public async Task<LeftoverView> View(CancellationToken cancellation)
    {
        var context = contexts.Now().Context;
        var recurring = await figures.RecurringOn(context.Today, cancellation);
        return new LeftoverView(
            OfPolicy(context.DunningPolicy, [.. context.Issuers.Values.Select(issuer => issuer.Currency).Distinct()]),
            [
                .. from row in recurring
                   let tariff = context.Catalogue.Tariffs.GetValueOrDefault(new TariffId(row.Tariff))
                   where tariff is not null && tariff.Currency != context.Issuers[new IssuerId(row.Issuer)].Currency
                   select new ForeignTariffView(row.Issuer, tariff.Code, tariff.Currency.Code, row.Services),
            ]);
    }

    /// <param name="billed">The currencies that issuers invoice in.</param>
    public static IReadOnlyList<PolicyProblemView> OfPolicy(DunningPolicy policy, IReadOnlyCollection<Currency> billed) =>
        [.. PolicyProblems.Of(policy, billed).Select(problem => new PolicyProblemView(problem.Field, problem.Reason))];
}
