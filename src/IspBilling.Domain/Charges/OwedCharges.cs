namespace IspBilling.Domain;

/// <summary>
/// All charges a service should have up to a date, computed from its terms alone, as if nothing had been invoiced yet.
/// <code>
///   terms            |──── tariff 1 ────────────|──── tariff 2 ────────
///   special price            |─── 10 % off ───|
///   pause (free)                                        |───|
///   billing grid     |─────────|─────────|─────────|─────────|─────────
///   charges          |───────|─|─────────|──|───|────|───|   |─────────
/// </code>
/// </summary>
public static class OwedCharges
{
    /// <summary>More segments than any service needs; one beyond it is a bug in its dates.</summary>
    public const int MaxPerService = 20_000;

    /// <param name="through">Periods due on or before this day are owed: in advance on their first day, in arrears on their last.</param>
    /// <exception cref="BrokenReferenceException">A tariff or its price is missing.</exception>
    public static List<Charge> Of(Service service, TariffCatalogue catalogue, DateOnly through)
    {
        // As many as are charged, and usually one more.
        var charges = new List<Charge>(service.Charged.Length + 1);
        var cursor = service.OpenFrom;
        var end = service.End ?? DateOnly.MaxValue;
        var chargedUpTo = service.ChargedUpTo ?? DateOnly.MinValue;

        while (cursor < end)
        {
            Invariant.Require(charges.Count < MaxPerService);
            var terms = service.TermsOn(cursor);
            var origin = OriginOf(service, terms);
            var grid = new BillingGrid(terms.Cycle, origin);
            var whole = grid.PeriodAt(cursor);
            var last = NextTermsOf(service, terms);
            if (end < last) last = end;
            var to = whole.To < last ? whole.To : last;

            // What is charged already stays owed: a run with an early through-date must not credit it back.
            if (DueOn(terms, origin, whole, to) > through && cursor >= chargedUpTo) break;

            AddStretches(charges, service, terms, catalogue, grid, new Period(cursor, to));
            cursor = to;
        }

        return charges;
    }

    /// <summary>
    /// The first day on which a period that is not charged yet falls due, or the earliest day there is when something changed
    /// after the last document; null when the service is charged to its end.
    /// </summary>
    public static DateOnly? NextDueOn(Service service)
    {
        // Whether the change leads to a correction takes the catalogue to say; to look in vain is harmless.
        if (service.ChangedSinceBilled && !service.Charged.IsEmpty) return DateOnly.MinValue;
        var cursor = service.ChargedUpTo is { } upTo && upTo > service.OpenFrom ? upTo : service.OpenFrom;
        var end = service.End ?? DateOnly.MaxValue;
        if (cursor >= end) return null;
        var terms = service.TermsOn(cursor);
        var origin = OriginOf(service, terms);
        var whole = new BillingGrid(terms.Cycle, origin).PeriodAt(cursor);
        var last = NextTermsOf(service, terms);
        if (end < last) last = end;
        return DueOn(terms, origin, whole, whole.To < last ? whole.To : last);
    }

    /// <summary>What one month of the service costs on a day, for people who ask; pauses and the billing grid left aside.</summary>
    /// <exception cref="BrokenReferenceException">A tariff or its price is missing.</exception>
    public static ChargeBasis PriceOn(Service service, TariffCatalogue catalogue, DateOnly day)
    {
        var terms = service.TermsOn(day);
        var tariff = catalogue[terms.Tariff];
        var billedUnder = new InvoicedDays(service, tariff, catalogue.Revision).BilledUnder(day, out _);
        return PriceOn(service, terms, tariff, day, billedUnder).Over(MonthShare.OneMonth);
    }

    /// <summary>
    /// By which price a day costs nothing on a tariff although the service runs; null when it does not run then, or on another tariff. That the
    /// day is not owed is for the caller to know.
    /// </summary>
    internal static FreePrice? FreeOn(Service service, TariffCatalogue catalogue, TariffId tariff, DateOnly day)
    {
        var terms = service.TermsOn(day);
        if (terms.Tariff != tariff || day < service.Start || service.End <= day || service.RestsOn(day)) return null;
        var priced = catalogue[tariff];
        var price = PriceOn(service, terms, priced, day, new InvoicedDays(service, priced, catalogue.Revision).BilledUnder(day, out _));
        return new FreePrice(price.Over(MonthShare.OneMonth), price.Revision);
    }

    /// <summary>The first day of the part of a billing period, under the same terms, that holds a day: no line reaches across it.</summary>
    internal static DateOnly PartStart(Service service, DateOnly day)
    {
        if (day <= service.Start) return service.Start;
        var terms = service.TermsOn(day);
        var at = service.Terms.IndexOf(terms);
        while (at > 0 && service.Terms[at - 1].AgreesWith(terms)) at--;
        var whole = new BillingGrid(terms.Cycle, OriginOf(service, terms)).PeriodAt(day);
        var from = service.Terms[at].From > whole.From ? service.Terms[at].From : whole.From;
        return from > service.Start ? from : service.Start;
    }

    /// <summary>In advance on the period's first day, but not before the cycle begins; in arrears on the last day charged.</summary>
    private static DateOnly DueOn(ServiceTerms terms, DateOnly origin, Period whole, DateOnly to)
    {
        if (terms.Timing == BillingTiming.InArrears) return to.AddDays(-1);
        return whole.From > origin ? whole.From : origin;
    }

    /// <summary>An anchored cycle goes on through changes of tariff; it begins anew only when the cycle itself changes.</summary>
    private static DateOnly OriginOf(Service service, ServiceTerms terms)
    {
        var origin = terms;
        for (var i = service.Terms.IndexOf(terms) - 1; i >= 0 && service.Terms[i].Cycle == terms.Cycle; i--) origin = service.Terms[i];
        return origin.From > service.Start ? origin.From : service.Start;
    }

    /// <summary>Where other terms begin; agreeing the same again does not cut a period in two.</summary>
    private static DateOnly NextTermsOf(Service service, ServiceTerms terms)
    {
        var next = service.Terms.IndexOf(terms) + 1;
        while (next < service.Terms.Length && service.Terms[next].AgreesWith(terms)) next++;
        return next < service.Terms.Length ? service.Terms[next].From : DateOnly.MaxValue;
    }

    /// <summary>
    /// Cuts a billing period where its price changes or a free pause lies, and joins neighbours with the same terms. Joined neighbours keep
    /// the older catalogue: a version that one of them does not know prices neither, or they would not be alike.
    /// </summary>
    private static void AddStretches(
        List<Charge> charges, Service service, ServiceTerms terms, TariffCatalogue catalogue, BillingGrid grid, Period period)
    {
        var tariff = catalogue[terms.Tariff];
        var invoiced = new InvoicedDays(service, tariff, catalogue.Revision);
        var from = period.From;
        while (from < period.To)
        {
            var billedUnder = invoiced.BilledUnder(from, out var until);
            var to = NextCut(service, tariff, from, Earlier(until, period.To));
            if (service.RestsOn(from))
            {
                from = to;
                continue;
            }

            var price = PriceOn(service, terms, tariff, from, billedUnder);
            while (to < period.To && !service.RestsOn(to))
            {
                var billedNextUnder = invoiced.BilledUnder(to, out until);
                if (!price.IsThatOf(PriceOn(service, terms, tariff, to, billedNextUnder))) break;
                billedUnder = Math.Min(billedUnder, billedNextUnder);
                to = NextCut(service, tariff, to, Earlier(until, period.To));
            }

            var stretch = new Period(from, to);
            Add(charges, service, stretch, tariff, price, grid.ShareOf(stretch), billedUnder);
            from = to;
        }
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    private static void Add(
        List<Charge> charges, Service service, Period stretch, Tariff tariff, in Price price, MonthShare share, long billedUnder)
    {
        if (charges.Count > 0 && price.Made(charges[^1].Basis, share))
        {
            // Month after month the same: a past year is owed anew at every look, and need not be made anew.
            charges.Add(charges[^1] with { Period = stretch, PriceMode = tariff.PriceMode, VatCategory = tariff.VatCategory, BilledUnder = billedUnder, TariffRevision = price.Revision });
            return;
        }

        var charged = service.Charged.IsEmpty ? null : service.Charged[^1].Basis;
        var basis = charged is not null && price.Made(charged, share) ? charged : price.Over(share);
        var amount = basis.Amount();
        // What costs nothing needs no line; should it come to cost something later, it is charged then.
        if (!amount.IsZero) charges.Add(new Charge(stretch, tariff.PriceMode, tariff.VatCategory, amount, basis, billedUnder, price.Revision));
    }

    private static Price PriceOn(Service service, ServiceTerms terms, Tariff tariff, DateOnly day, long billedUnder)
    {
        var version = tariff.VersionOn(day, billedUnder);
        var (price, discount) = service.AgreedOn(day);
        return new Price(
            tariff.Id,
            version.ValidFrom,
            version.Entered,
            version.Revision,
            price?.MonthlyPrice ?? version.MonthlyPrice,
            terms.Quantity,
            price?.Id,
            discount?.Id,
            discount?.DiscountBasisPoints ?? 0,
            Math.Max(terms.Cause, Math.Max(price?.Cause ?? 0, discount?.Cause ?? 0)));
    }

    /// <summary>A <see cref="ChargeBasis"/> that lacks only the length of what it is for.</summary>
    /// <param name="Entered">Tells a corrected version from the one it corrects, also while a special price hides both.</param>
    private readonly record struct Price(
        TariffId Tariff,
        DateOnly TariffVersion,
        long Entered,
        long? Revision,
        Money MonthlyPrice,
        Quantity Quantity,
        string? SpecialPrice,
        string? Discount,
        int DiscountBasisPoints,
        long Cause)
    {
        public ChargeBasis Over(MonthShare share) =>
            new(Tariff, TariffVersion, MonthlyPrice, Quantity, SpecialPrice, Discount, DiscountBasisPoints, share, Cause);

        /// <summary>Whether two stretches may stand on one line: the same price, whatever led to it.</summary>
        public bool IsThatOf(in Price other) => this == other with { Cause = Cause };

        /// <summary>Whether the basis is what <see cref="Over"/> would make anew.</summary>
        public bool Made(ChargeBasis basis, MonthShare share) => basis.Share == share && Of(basis) == this;

        private Price Of(ChargeBasis basis)
        {
            var (tariff, version, monthlyPrice, quantity, specialPrice, discount, basisPoints, _, cause) = basis;
            return new Price(tariff, version, Entered, Revision, monthlyPrice, quantity, specialPrice, discount, basisPoints, cause);
        }
    }

    /// <summary>The first day after <paramref name="after"/> on which price or pause may change, at most <paramref name="limit"/>.</summary>
    private static DateOnly NextCut(Service service, Tariff tariff, DateOnly after, DateOnly limit)
    {
        var cut = limit;
        foreach (var version in tariff.Versions) Consider(version.ValidFrom);
        foreach (var special in service.SpecialPrices)
        {
            Consider(special.From);
            if (special.To is { } to) Consider(to);
        }

        foreach (var pause in service.Pauses)
        {
            Consider(pause.From);
            if (pause.To is { } to) Consider(to);
        }

        return cut;

        void Consider(DateOnly day)
        {
            if (day > after && day < cut) cut = day;
        }
    }
}
