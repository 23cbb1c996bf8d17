using IspBilling.Domain;
using IspBilling.Postgres.Figures;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// The figures that the events of all accounts lead to, worked out by a second hand: documents and money from the events, what is
/// open and what recurs from where they end.
/// </summary>
internal sealed class ExpectedFigures
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FigureKey, (decimal Amount, long Count)> _sums = [];

    /// <summary>An account's history could not be trusted: then nobody knows what the figures should be.</summary>
    public bool AreUnknown { get; private set; }

    public IReadOnlyDictionary<FigureKey, (decimal Amount, long Count)> Sums => _sums;

    public void Unreadable()
    {
        lock (_gate) AreUnknown = true;
    }

    public void Add(IReadOnlyList<AccountEvent> events, AccountState state, ExpectedBooks books)
    {
        if (state.Profile is not { } profile) return;
        var issuer = profile.Issuer.Value;
        lock (_gate)
        {
            foreach (var happened in events) AddMilestone(issuer, happened);
            foreach (var document in books.DocumentsByOrdinal.Values) AddDocument(issuer, document.Document);
            foreach (var payment in books.PaymentsByOrdinal.Values.Where(payment => !payment.Payment.IsOutgoing))
                Sum(issuer, FigureMeasure.Received, payment.Payment.BookedOn, 0, payment.Payment.Amount.Minor, 1);
            AddReleases(issuer, events, books);
            AddOpen(issuer, books);
            foreach (var service in state.Services) AddRecurring(issuer, service);
        }
    }

    private void AddMilestone(int issuer, AccountEvent happened)
    {
        if (happened is ProfileChanged { Revision: 1 } joined) Sum(issuer, FigureMeasure.Joined, joined.On, 0, 0, 1);
        if (happened is AccountClosed closed) Sum(issuer, FigureMeasure.Left, closed.On, 0, 0, 1);
        if (happened is AccountReopened reopened) Sum(issuer, FigureMeasure.Left, reopened.On, 0, 0, -1);
    }

    private void AddDocument(int issuer, Document document)
    {
        foreach (var group in document.Vat)
        {
            Sum(issuer, FigureMeasure.Net, document.IssuedOn, group.Rate.BasisPoints, group.Base.Minor, 0);
            Sum(issuer, FigureMeasure.Tax, document.IssuedOn, group.Rate.BasisPoints, group.Tax.Minor, 0);
            Sum(issuer, FigureMeasure.SuppliedNet, document.SuppliedOn, group.Rate.BasisPoints, group.Base.Minor, 0);
            Sum(issuer, FigureMeasure.SuppliedTax, document.SuppliedOn, group.Rate.BasisPoints, group.Tax.Minor, 0);
        }

        Sum(issuer, FigureMeasure.Rounding, document.IssuedOn, 0, document.Rounding.Minor, 0);
        Sum(issuer, FigureMeasure.Documents, document.IssuedOn, (int)document.Kind, document.Total.Minor, 1);
    }

    private void AddReleases(int issuer, IReadOnlyList<AccountEvent> events, ExpectedBooks books)
    {
        foreach (var happened in events)
        {
            var (payment, on, sign) = happened switch
            {
                PaymentReversed reversed => (reversed.Payment, reversed.On, 1),
                PaymentUnassigned unassigned => (unassigned.Payment, unassigned.On, 1),
                PaymentRestored restored => (restored.Payment, restored.On, -1),
                MoneyPaidBack back => (back.Payment.Ordinal, back.Payment.BookedOn, -1),
                _ => (0, default, 0),
            };
            if (!books.PaymentsByOrdinal.TryGetValue(payment, out var known)) continue;

            // Money that went out counts among what was released; when it comes back, it counts there no longer.
            var direction = known.Payment.IsOutgoing ? -1 : 1;
            Sum(issuer, FigureMeasure.Released, on, 0, sign * known.Payment.Amount.Minor, sign * direction);
        }
    }

    private void AddOpen(int issuer, ExpectedBooks books)
    {
        var any = false;
        foreach (var item in books.OpenItems)
        {
            any = true;
            var key = books.DocumentsByOrdinal[item.Document].Document.Kind == DocumentKind.CreditNote ? OpenKey.CreditNote
                : item.Disputed ? OpenKey.DisputedInvoice : OpenKey.Invoice;
            Sum(issuer, FigureMeasure.Open, item.DueOn, (int)key, item.Open, 1);
        }

        if (any) Sum(issuer, FigureMeasure.Debtors, DateOnly.MinValue, 0, 0, 1);
    }

    /// <summary>Where the price of a service, with its pauses, is another than the day before.</summary>
    private void AddRecurring(int issuer, Service service)
    {
        var days = service.Terms.Select(terms => terms.From)
            .Concat(service.SpecialPrices.SelectMany(price => new[] { price.From, price.To ?? service.Start }))
            .Concat(service.Pauses.SelectMany(pause => new[] { pause.From, pause.To ?? service.Start }))
            .Append(service.Start).Append(service.End ?? service.Start).Distinct();
        foreach (var day in days)
        {
            var (before, now) = (On(service, day.AddDays(-1)), On(service, day));
            if (before == now) continue;
            if (before is { } ended) Sum(issuer, ended.Measure, day, ended.Tariff, -ended.Amount, -1);
            if (now is { } begun) Sum(issuer, begun.Measure, day, begun.Tariff, begun.Amount, 1);
        }
    }

    private static (FigureMeasure Measure, int Tariff, long Amount)? On(Service service, DateOnly day)
    {
        if (day < service.Start || day >= service.End) return null;
        if (service.Pauses.Any(pause => !pause.Bills && day >= pause.From && !(day >= pause.To))) return null;
        var terms = service.Terms.LastOrDefault(terms => terms.From <= day, service.Terms[0]);
        var agreed = service.SpecialPrices.Where(price => day >= price.From && !(day >= price.To)).OrderBy(price => price.Cause).ToList();
        var left = 10_000 - (agreed.LastOrDefault(price => price.DiscountBasisPoints is not null)?.DiscountBasisPoints ?? 0);
        var units = terms.Quantity.Thousandths * (long)left;
        return agreed.LastOrDefault(price => price.MonthlyPrice is not null)?.MonthlyPrice is { } price
            ? (FigureMeasure.AtAgreedPrice, terms.Tariff.Value, (long)Math.Round((decimal)price.Minor * units / 10_000_000m, MidpointRounding.AwayFromZero))
            : (FigureMeasure.AtListPrice, terms.Tariff.Value, units);
    }

    private void Sum(int issuer, FigureMeasure measure, DateOnly day, int key, long amount, long count)
    {
        var at = new FigureKey(issuer, measure, day, key);
        var (amounts, counts) = _sums.GetValueOrDefault(at);
        _sums[at] = (amounts + amount, counts + count);
    }
}
