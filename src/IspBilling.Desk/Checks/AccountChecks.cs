using System.Globalization;
using IspBilling.Domain;
using IspBilling.Postgres.Reading;

namespace IspBilling.Desk.Checks;

/// <summary>Looks at one account as a run would, and at what a clerk would want to have seen before.</summary>
internal static class AccountChecks
{
    public readonly record struct Found(BillingCheck Check, string? Service, string Detail);

    /// <param name="through">The run's.</param>
    public static IEnumerable<Found> Of(AccountSnapshot snapshot, DateOnly through, DecisionContext context)
    {
        var state = snapshot.State;
        if (state.Profile is not { } profile) return [];
        var found = new List<Found>();
        if (snapshot.Parked is { } parked) found.Add(new Found(BillingCheck.Parked, null, parked));
        AddPrices(found, state, through, context);
        AddCycles(found, state, context.Today);
        AddParticulars(found, profile, state.EmailMark);
        if (profile.AccountSymbol is { } symbol && SeriesKey.MayNumber(symbol, context.Today))
        {
            found.Add(new Found(
                BillingCheck.SymbolIsDocumentNumber, null,
                $"symbol {symbol} lies among the numbers that invoices get; give the client another one, of up to eight digits, before an invoice gets it"));
        }

        return found;
    }

    /// <summary>What is wrong with an issuer that would bill.</summary>
    public static IEnumerable<string> Of(Issuer issuer, VatRates rates) =>
        IssuerProblems.Of(issuer, rates).Select(problem => $"Issuer {issuer.Id}: {problem.Reason}.");

    private static void AddPrices(List<Found> found, AccountState state, DateOnly through, DecisionContext context)
    {
        var before = found.Count;
        foreach (var service in state.Services)
        {
            var from = service.ChargedUpTo is { } charged && charged > service.Start ? charged : service.Start;
            if (from > through || service.End <= from) continue;
            foreach (var day in from == through ? [from] : new[] { from, through })
            {
                if (service.End <= day || Broken(service, day, context) is not { } missing) continue;
                found.Add(new Found(BillingCheck.NoPrice, service.Reference, missing));
                break;
            }
        }

        if (found.Count > before) return;
        try
        {
            if (AccountDecider.Decide(state, new Bill(through, Run: null, PreviewOnly: true), context).Reply is Refused refused)
                found.Add(new Found(BillingCheck.Refused, null, refused.Detail));
        }
        catch (BrokenReferenceException broken)
        {
            found.Add(new Found(BillingCheck.NoPrice, null, broken.Message));
        }
    }

    private static string? Broken(Service service, DateOnly day, DecisionContext context)
    {
        try
        {
            _ = OwedCharges.PriceOn(service, context.Catalogue, day);
            return null;
        }
        catch (BrokenReferenceException broken)
        {
            return broken.Message;
        }
    }

    private static void AddCycles(List<Found> found, AccountState state, DateOnly today)
    {
        var running = state.Services.Where(service => service.End is null || service.End > today).ToArray();
        if (running.Length < 2) return;
        var cycles = running.GroupBy(service => Cycle(service, today)).OrderByDescending(same => same.Count()).ToArray();
        foreach (var odd in cycles.Skip(1).SelectMany(same => same.Select(service => (service.Reference, Cycle: same.Key))))
        {
            found.Add(new Found(
                BillingCheck.OddCycle, odd.Reference, $"billed {InWords(odd.Cycle)}, other services of the client {InWords(cycles[0].Key)}"));
        }
    }

    private static (BillingCycle Cycle, BillingTiming Timing) Cycle(Service service, DateOnly today)
    {
        var terms = service.TermsOn(today < service.Start ? service.Start : today);
        return (terms.Cycle, terms.Timing);
    }

    private static string InWords((BillingCycle Cycle, BillingTiming Timing) cycle)
    {
        var months = cycle.Cycle.Months == 1 ? "every month" : $"every {cycle.Cycle.Months} months";
        var from = cycle.Cycle.AnchorDay is { } day ? $" from day {day}" : "";
        return $"{months}{from} in {(cycle.Timing == BillingTiming.InAdvance ? "advance" : "arrears")}";
    }

    private static void AddParticulars(List<Found> found, AccountProfile profile, EmailMark? mark)
    {
        var address = profile.Address;
        var isAddress = address.IsComplete();
        if (!isAddress) found.Add(new Found(BillingCheck.NoAddress, null, $"'{address.Street}, {address.PostalCode} {address.City}' is no address"));
        if (!CountryCode.IsKnown(address.Country)) found.Add(new Found(BillingCheck.UnknownCountry, null, $"'{address.Country}' is no country of ISO 3166-1"));
        if (profile is { Delivery: DeliveryPreference.Email, Email: null })
            found.Add(new Found(BillingCheck.NoDelivery, null, "documents go by e-mail, and there is no e-mail address"));
        if (profile is { Delivery: DeliveryPreference.Email, Email: { } email } && mark is { Fault: EmailFault.Undeliverable })
            found.Add(new Found(BillingCheck.NoDelivery, null, string.Create(CultureInfo.InvariantCulture, $"the client cannot be reached: documents go by e-mail, and mails to {email} come back since {mark.On:yyyy-MM-dd}: {mark.Reason ?? "no reason is known any more"}")));
        if (profile.Delivery == DeliveryPreference.Post && !isAddress)
            found.Add(new Found(BillingCheck.NoDelivery, null, "documents go by post, and there is no address"));
        if (profile.VatNumber is { } number && VatNumber.Fault(VatNumber.Compact(number), address.Country) is { } fault)
            found.Add(new Found(BillingCheck.MalformedVatNumber, null, $"{number}: {fault}"));
    }
}
