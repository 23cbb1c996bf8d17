using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.Dunning;
using IspBilling.Postgres.Reading;

namespace IspBilling.Http.Clients;

/// <summary>Turns an account's state into the card that people read.</summary>
internal static class CardComposition
{
    public static ClientCard Card(string reference, AccountSnapshot snapshot, NextDocuments next, DecisionContext context)
    {
        var state = snapshot.State;
        var currency = context.IssuerOf(state.RequiredProfile).Currency;
        return new ClientCard(
            reference,
            state.Id.Value,
            state.Status,
            ClientRequest.Of(state.RequiredProfile),
            MoneyAmount.Of(state.Balance.Minor, currency.Code),
            MoneyAmount.Of(Invoices().Where(document => document.DueOn < context.Today).Sum(currency, document => document.Open)),
            MoneyAmount.Of(state.Payments.Sum(currency, payment => payment.Unallocated)
                + state.Documents.Where(document => document.Kind == DocumentKind.CreditNote).Sum(currency, document => document.Open)),
            state.Level,
            [.. state.Documents.Where(document => document.Open.IsPositive).Select(document => Open(document, context.Today))],
            [.. state.Services.Select(service => Row(service, context))],
            [.. state.OneOffs.Where(item => item is { Billed: null, Cancelled: false }).Select(Waiting)],
            DunningForecast.Card(state, context),
            snapshot.NextBillOn,
            next,
            snapshot.Parked);

        IEnumerable<OpenDocument> Invoices() => state.Documents.Where(document => document.Kind == DocumentKind.Invoice);
    }

    /// <summary>What billing would issue: the account's own decision on this state, which changes nothing.</summary>
    public static NextDocuments Next(DateOnly through, AccountState state, DecisionContext context)
    {
        try
        {
            return AccountDecider.Decide(state, new Bill(through, Run: null, PreviewOnly: true), context).Reply switch
            {
                Billed billed => new NextDocuments(through, [.. billed.Documents.Select(document => new NextDocument(document.Kind, MoneyAmount.Of(document.Total)))], null),
                Refused refused => new NextDocuments(through, [], refused.Detail),
                _ => new NextDocuments(through, [], null),
            };
        }
        catch (BrokenReferenceException broken)
        {
            return new NextDocuments(through, [], broken.Message);
        }
    }

    private static OpenDocumentRow Open(OpenDocument document, DateOnly today) => new(
        document.Number, document.Kind, document.IssuedOn, document.DueOn,
        document.Kind == DocumentKind.Invoice ? Math.Max(0, today.DayNumber - document.DueOn.DayNumber) : 0,
        MoneyAmount.Of(document.Total), MoneyAmount.Of(document.Open), document.Disputed);

    private static ServiceRow Row(Service service, DecisionContext context)
    {
        var day = context.Today < service.Start ? service.Start : context.Today;
        var terms = service.TermsOn(day);
        var (price, broken) = Price(service, context.Catalogue, day);
        var tariff = context.Catalogue.Tariffs.GetValueOrDefault(terms.Tariff);
        return new ServiceRow(
            service.Reference, tariff?.Code ?? terms.Tariff.ToString(), terms.Quantity.Value, terms.Cycle.Months, terms.Cycle.AnchorDay, terms.Timing,
            service.Start, service.End, service.ChargedUpTo, service.IsAnnulled,
            service.End <= context.Today || service.IsAnnulled ? null : price, tariff?.PriceMode,
            [.. service.Terms.Where(planned => planned.From > day && !(service.End <= planned.From)).Select(planned => Planned(service, planned, context))],
            [.. service.SpecialPrices.Select(Row)],
            [.. service.Pauses.Select(pause => new PauseRow(pause.Id, pause.From, pause.To, pause.Bills, pause.Reason))],
            broken);
    }

    private static PlannedTermsRow Planned(Service service, ServiceTerms terms, DecisionContext context) => new(
        terms.From, context.Catalogue.Tariffs.GetValueOrDefault(terms.Tariff)?.Code ?? terms.Tariff.ToString(), terms.Quantity.Value,
        terms.Cycle.Months, terms.Cycle.AnchorDay, terms.Timing, Price(service, context.Catalogue, terms.From).Price);

    private static (MoneyAmount? Price, string? Broken) Price(Service service, TariffCatalogue catalogue, DateOnly day)
    {
        try
        {
            return (MoneyAmount.Of(OwedCharges.PriceOn(service, catalogue, day).Amount()), null);
        }
        catch (BrokenReferenceException broken)
        {
            return (null, broken.Message);
        }
    }

    private static SpecialPriceRow Row(SpecialPrice price) => new(
        price.Id, price.From, price.To, price.MonthlyPrice is { } monthly ? MoneyAmount.Of(monthly) : null,
        price.DiscountBasisPoints is { } discount ? discount / 100m : null, price.Reason);

    private static WaitingItem Waiting(OneOff item) =>
        new(item.Id, item.Date, item.Text, item.Quantity.Value, MoneyAmount.Of(item.UnitPrice), item.PriceMode, item.VatCategory);
}
