namespace IspBilling.Domain.Tests.Properties;

/// <summary>What was agreed for a service, told from its events alone, and on which days it was to be paid after each of them.</summary>
/// <remarks>Every event is looked at again for every day; it shares nothing with what accounts remember.</remarks>
internal sealed class NaiveAgreements
{
    private sealed record Price(int Agreed, DateOnly From, DateOnly? To, long? Minor, int? Discount);

    /// <summary>All that is agreed after an event.</summary>
    private sealed record Agreement(
        int Version, DateOnly Start, DateOnly? End, Dictionary<string, Pause> Pauses, Dictionary<string, Price> Prices, List<(int Agreed, DateOnly From)> Terms);

    private readonly List<Agreement> _agreements = [];

    public static NaiveAgreements Of(IEnumerable<AccountEvent> events, int service)
    {
        var naive = new NaiveAgreements();
        var version = 0;
        foreach (var happened in events)
        {
            version++;
            var last = naive._agreements.LastOrDefault();
            var next = happened switch
            {
                ServiceStarted e when e.Number == service => new Agreement(version, e.Start, e.End, [], [], [(version, e.Start)]),
                ServiceEndSet e when e.Service == service => last! with { End = e.End },
                ServicePaused e when e.Service == service => last! with { Pauses = new(last.Pauses) { [e.Pause.Id] = e.Pause } },
                PauseRemoved e when e.Service == service => last! with { Pauses = Without(last.Pauses, e.Pause) },
                SpecialPriceAgreed e when e.Service == service => last! with
                {
                    Prices = new(last.Prices) { [e.Id] = new Price(version, e.From, e.To, e.MonthlyPrice?.Minor, e.DiscountBasisPoints) },
                },
                SpecialPriceRemoved e when e.Service == service => last! with { Prices = Without(last.Prices, e.Id) },
                ServiceTermsChanged e when e.Service == service => last! with { Terms = [.. last.Terms.Where(terms => terms.From < e.From), (version, e.From)] },
                _ => null,
            };
            if (next is not null) naive._agreements.Add(next with { Version = version });
        }

        return naive;
    }

    /// <summary>The event since which the day is to be paid for without a break, if it came after a version and is not the service's start; 0 otherwise.</summary>
    public int MadeDueBy(DateOnly day, int after)
    {
        for (var i = _agreements.Count - 1; i > 0 && _agreements[i].Version > after; i--)
        {
            if (IsPaid(_agreements[i], day) && !IsPaid(_agreements[i - 1], day)) return _agreements[i].Version;
        }

        return 0;
    }

    /// <summary>
    /// The event since which the day lies after the end, or rests, without a break; of both the first. What once took the day and was taken back does
    /// not count, also where the other held by then. 0 when the service runs.
    /// </summary>
    public int GoneBy(DateOnly day) => new[] { Since(agreement => !Lasts(agreement.Start, agreement.End, day)), Since(agreement => Rests(agreement, day)) }
        .Where(version => version > 0).DefaultIfEmpty().Min();

    private int Since(Func<Agreement, bool> holds)
    {
        var since = 0;
        for (var i = _agreements.Count - 1; i >= 0 && holds(_agreements[i]); i--) since = _agreements[i].Version;
        return since;
    }

    /// <summary>The last of the events that agreed the terms, the price and the discount of a day.</summary>
    public int InForceOn(DateOnly day)
    {
        var now = _agreements[^1];
        var (price, discount) = (PriceOn(now, day, special => special.Minor is not null), PriceOn(now, day, special => special.Discount is not null));
        return new[] { now.Terms.LastOrDefault(terms => terms.From <= day, now.Terms[0]).Agreed, price?.Agreed ?? 0, discount?.Agreed ?? 0 }.Max();
    }

    private static bool Rests(Agreement agreement, DateOnly day) => agreement.Pauses.Values.Any(pause => !pause.Bills && Lasts(pause.From, pause.To, day));

    private static bool IsPaid(Agreement agreement, DateOnly day) =>
        Lasts(agreement.Start, agreement.End, day)
        && !Rests(agreement, day)
        && PriceOn(agreement, day, special => special.Minor is not null)?.Minor != 0
        && PriceOn(agreement, day, special => special.Discount is not null)?.Discount != 10_000;

    private static Price? PriceOn(Agreement agreement, DateOnly day, Func<Price, bool> isOfKind) =>
        agreement.Prices.Values.Where(special => isOfKind(special) && Lasts(special.From, special.To, day)).MaxBy(special => special.Agreed);

    private static bool Lasts(DateOnly from, DateOnly? to, DateOnly day) => from <= day && (to is not { } end || day < end);

    private static Dictionary<string, T> Without<T>(Dictionary<string, T> all, string id) => all.Where(pair => pair.Key != id).ToDictionary();
}
