using IspBilling.Desk.Contracts;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Clients;

/// <summary>Turns an account's state into the card that people read.</summary>
public sealed class ClientCards(ClientDirectory directory, AccountReading reading, LiveContext contexts)
{
    /// <summary>As of the last commit; the account, which may be busy with a billing run, is not asked. Null when nobody has the reference.</summary>
    /// <param name="through">Shows what billing through this day would issue; today when left out.</param>
    public async Task<ClientCard?> Find(string reference, DateOnly? through, CancellationToken cancellation)
    {
        if (await directory.Find(reference, cancellation) is not { } account || await reading.Find(account, cancellation) is not { } snapshot) return null;
        var context = contexts.Now().Context;
        return Card(reference, snapshot, Next(through ?? context.Today, snapshot.State, context), context);
    }

    private static ClientCard Card(string reference, AccountSnapshot snapshot, NextDocuments next, DecisionContext context)
    {
        var state = snapshot.State;
        var currency = context.IssuerOf(state.RequiredProfile).Currency;
        return new ClientCard(
            reference,
            state.Id.Value,
            state.Status,
            new PushedParticulars(state.RequiredProfile, state.PushRevision),
            state.Balance with { Currency = currency },
            state.OverdueOn(context.Today, currency),
            state.UnusedCredit(currency),
            state.Level,
            [.. state.Documents.Where(document => document.Open.IsPositive).Select(document => Open(document, context.Today))],
            [.. state.Services.Select(service => Row(service, context))],
            [.. state.Contracts.Select(contract => ContractRow.Of(state, contract, context.Today))],
            [.. state.OneOffs.Where(item => item is { Billed: null, Cancelled: false }).Select(Waiting)],
            DunningForecast.Card(state, context),
            snapshot.NextBillOn,
            next,
            snapshot.Parked)
        {
            EmailMark = state.EmailMark,
        };
    }

    /// <summary>What billing would issue: the account's own decision on this state, which changes nothing.</summary>
    private static NextDocuments Next(DateOnly through, AccountState state, DecisionContext context)
    {
        try
        {
            return AccountDecider.Decide(state, new Bill(through, Run: null, PreviewOnly: true), context).Reply switch
            {
                Billed billed => new NextDocuments(through, [.. billed.Documents.Select(document => new NextDocument(document.Kind, document.Total))], null),
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
        document.Number, document.Kind, document.IssuedOn, document.DueOn, document.DaysOverdueOn(today), document.Total, document.Open, document.Disputed);

    private static ServiceRow Row(Service service, DecisionContext context)
    {
        var day = context.Today < service.Start ? service.Start : context.Today;
        var terms = service.TermsOn(day);
        var (price, broken) = Price(service, context.Catalogue, day);
        var tariff = context.Catalogue.Tariffs.GetValueOrDefault(terms.Tariff);
        return new ServiceRow(
            service.Reference, tariff?.Code ?? terms.Tariff.ToString(), terms.Quantity.Value, terms.Cycle.Months, terms.Cycle.AnchorDay, terms.Timing,
            service.Start, service.End, service.ChargedUpTo, service.Contract, service.IsAnnulled,
            service.End <= context.Today || service.IsAnnulled ? null : price, tariff?.PriceMode,
            [.. service.Terms.Where(planned => planned.From > day && !(service.End <= planned.From)).Select(planned => Planned(service, planned, context))],
            [.. service.SpecialPrices.Select(Row)],
            [.. service.Pauses.Select(pause => new PauseRow(pause.Id, pause.From, pause.To, pause.Bills, pause.Reason))],
            service.PushRevision,
            broken);
    }

    private static PlannedTermsRow Planned(Service service, ServiceTerms terms, DecisionContext context) => new(
        terms.From, context.Catalogue.Tariffs.GetValueOrDefault(terms.Tariff)?.Code ?? terms.Tariff.ToString(), terms.Quantity.Value,
        terms.Cycle.Months, terms.Cycle.AnchorDay, terms.Timing, Price(service, context.Catalogue, terms.From).Price);

    private static (Money? Price, string? Broken) Price(Service service, TariffCatalogue catalogue, DateOnly day)
    {
        try
        {
            return (OwedCharges.PriceOn(service, catalogue, day).Amount(), null);
        }
        catch (BrokenReferenceException broken)
        {
            return (null, broken.Message);
        }
    }

    private static SpecialPriceRow Row(SpecialPrice price) => new(
        price.Id, price.From, price.To, price.MonthlyPrice, price.DiscountBasisPoints is { } discount ? VatRate.PercentOf(discount) : null, price.Reason);

    private static WaitingItem Waiting(OneOff item) =>
        new(item.Id, item.Date, item.Text, item.Quantity.Value, item.UnitPrice, item.PriceMode, item.VatCategory);
}
