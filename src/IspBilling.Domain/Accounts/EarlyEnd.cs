using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What a service would still be charged in the rest of a minimum term, in one price mode and category.</summary>
/// <param name="Period">From the early end, or from the service's own start, to the end of the term or of the service.</param>
public readonly record struct RemainingCharge(string Service, Period Period, PriceMode PriceMode, VatCategory VatCategory, Money Amount);

/// <summary>What ending a contract on a day may cost by its terms. Nothing charges it: a person who wants it charged adds a one-off item.</summary>
/// <param name="On">First day without the contract.</param>
/// <param name="TermEnd">First day after the minimum term; null when there is none.</param>
/// <param name="Remaining">What the contract's services would still be charged until then.</param>
/// <param name="Taxed">The same by rate, at the rates of today.</param>
/// <param name="RemainingGross">The sum with tax.</param>
/// <param name="IsShareDue">Whether the share is due that early or late in the term.</param>
/// <param name="Share">Of <paramref name="RemainingGross"/>.</param>
/// <param name="MonthsLeft">Months of the term that have not wholly passed.</param>
/// <param name="Equipment">What is left of the discount on equipment.</param>
/// <param name="Total">Share and equipment, with tax.</param>
public sealed record EarlyEndProposal(
    DateOnly On,
    DateOnly? TermEnd,
    ImmutableArray<RemainingCharge> Remaining,
    ImmutableArray<VatOfRate> Taxed,
    Money RemainingGross,
    bool IsShareDue,
    Money Share,
    int MonthsLeft,
    Money Equipment,
    Money Total);

/// <summary>
/// Works out what an early end may cost, from the contract, its services and the charges that they would have until the end of the term:
/// <code>
///   minimum term   |────────────────────────────────────|
///   services       |───── 499 ─────|─── 399 (planned) ──────────…
///   ends early               ↓
///   remaining                |─ 499|─────── 399 ────────|   a share of this, and
///   discount       2400 ╲                                   what is left of this, month by month
///                         ╲──────────────────────────── 0
/// </code>
/// </summary>
public static class EarlyEnd
{
    /// <param name="on">First day without the contract; before its start it counts as the start.</param>
    /// <exception cref="BrokenReferenceException">A tariff, its price, the issuer or a tax rate is missing.</exception>
    public static EarlyEndProposal Propose(AccountState state, Contract contract, DateOnly on, DecisionContext context)
    {
        var issuer = context.IssuerOf(state.RequiredProfile);
        var zero = Money.Zero(issuer.Currency);
        if (on < contract.Start) on = contract.Start;
        if (contract.TermEnd is not { } termEnd || on >= termEnd)
            return new EarlyEndProposal(on, contract.TermEnd, [], [], zero, IsShareDue: false, zero, MonthsLeft: 0, zero, zero);

        var remaining = Remaining(state, contract, new Period(on, termEnd), context.Catalogue);
        if (remaining.Any(charge => charge.Amount.Currency != issuer.Currency))
            throw new BrokenReferenceException($"a tariff of contract {contract.Number} is not priced in {issuer.Currency}, in which issuer {issuer.Id} invoices");
        var taxed = Taxed(remaining, issuer, context);
        var gross = taxed.Sum(issuer.Currency, rate => rate.Gross);
        var isShareDue = contract.EarlyEnd is { } terms && !(terms.ShareMonths is { } months && on >= contract.Start.AddMonths(months));
        var share = isShareDue ? gross.Times(contract.EarlyEnd!.ShareBasisPoints, VatRate.Whole) : zero;
        var left = contract.MinimumMonths - MonthsPassed(contract, on);
        var equipment = contract.EarlyEnd?.EquipmentDiscount is { } discount ? discount.Times(left, contract.MinimumMonths) : zero;
        return new EarlyEndProposal(on, termEnd, remaining, taxed, gross, isShareDue, share, left, equipment, share + equipment);
    }

    /// <summary>The first day on which an early end can be looked at: charges before are settled history of a service; null when none are.</summary>
    public static DateOnly? KnownFrom(AccountState state, Contract contract)
    {
        DateOnly? from = null;
        foreach (var service in ServicesOf(state, contract))
        {
            if (from is null || service.SettledUpTo > from) from = service.SettledUpTo ?? from;
        }

        return from;
    }

    /// <summary>
    /// The day on which the contract ends: as was said of it, or with the last of its services when all of them end. Null while one runs on.
    /// </summary>
    public static DateOnly? EndOf(AccountState state, Contract contract)
    {
        if (contract.End is not null) return contract.End;
        DateOnly? last = null;
        foreach (var service in ServicesOf(state, contract))
        {
            if (service.End is not { } end) return null;
            if (last is null || end > last) last = end;
        }

        return last;
    }

    public static IEnumerable<Service> ServicesOf(AccountState state, Contract contract) =>
        state.Services.Where(service => service.Contract == contract.Reference);

    /// <summary>Whether another service of the contract begins on the day on which this one ends.</summary>
    private static bool IsReplaced(AccountState state, Contract contract, Service service) =>
        ServicesOf(state, contract).Any(other => other.Number != service.Number && !other.IsAnnulled && other.Start == service.End);

    private static ImmutableArray<RemainingCharge> Remaining(AccountState state, Contract contract, Period rest, TariffCatalogue catalogue)
    {
        var remaining = ImmutableArray.CreateBuilder<RemainingCharge>();
        var end = EndOf(state, contract);
        foreach (var service in ServicesOf(state, contract))
        {
            if (service.IsAnnulled) continue;

            // A service that ends with the contract would go on without the early end; one that ends earlier, or makes room for another, would not.
            var own = service.End is { } ended && (!(ended >= end) || IsReplaced(state, contract, service)) ? ended : rest.To;
            if (own > service.Start && rest.Intersect(new Period(service.Start, own)) is { } period) AddCharges(remaining, service, period, catalogue);
        }

        return remaining.ToImmutable();
    }

    /// <summary>What the service would be charged to the end of the period, minus what it is charged to its beginning: the days between, to the last haler.</summary>
    private static void AddCharges(ImmutableArray<RemainingCharge>.Builder remaining, Service service, Period period, TariffCatalogue catalogue)
    {
        var sums = new List<(PriceMode Mode, VatCategory Category, Money Amount)>(1);
        foreach (var charge in OwedTo(period.To)) Add(charge, charge.Amount);
        foreach (var charge in OwedTo(period.From)) Add(charge, -charge.Amount);
        foreach (var (mode, category, amount) in sums)
        {
            if (!amount.IsZero) remaining.Add(new RemainingCharge(service.Reference, period, mode, category, amount));
        }

        List<Charge> OwedTo(DateOnly end) => end > service.Start ? OwedCharges.Of(service with { End = end }, catalogue, through: end) : [];

        void Add(Charge charge, Money amount)
        {
            var at = sums.FindIndex(sum => sum.Mode == charge.PriceMode && sum.Category == charge.VatCategory && sum.Amount.Currency == amount.Currency);
            if (at < 0) sums.Add((charge.PriceMode, charge.VatCategory, amount));
            else sums[at] = sums[at] with { Amount = sums[at].Amount + amount };
        }
    }

    private static ImmutableArray<VatOfRate> Taxed(ImmutableArray<RemainingCharge> remaining, Issuer issuer, DecisionContext context) =>
    [
        .. remaining.GroupBy(charge => VatGroup.Of(issuer, context.VatRates, charge.VatCategory, charge.PriceMode, context.Today))
            .Select(group => Vat.Total(group.Key.Category, group.Key.Rate, group.Key.PriceMode, group.Sum(issuer.Currency, charge => charge.Amount)))
            .GroupBy(total => (total.Category, total.Rate))
            .Select(rate => new VatOfRate(
                rate.Key.Category, rate.Key.Rate, rate.Sum(issuer.Currency, total => total.Base), rate.Sum(issuer.Currency, total => total.Tax))),
    ];

    /// <summary>Whole months from the start; the last days of long months end with the last of a shorter one, as terms do.</summary>
    private static int MonthsPassed(Contract contract, DateOnly on)
    {
        var months = ((on.Year - contract.Start.Year) * 12) + on.Month - contract.Start.Month;
        return contract.Start.AddMonths(months) > on ? months - 1 : months;
    }
}
