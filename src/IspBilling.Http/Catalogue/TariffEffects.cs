using IspBilling.Desk.Reports;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Effects;
using IspBilling.Http.Reports;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Figures;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Catalogue;

/// <summary>Whom a draft of a tariff would affect, and by how much.</summary>
/// <param name="Revision">Of the tariff that the draft was compared with, for <c>If-Match</c>; null for a new one.</param>
/// <param name="Accounts">Accounts with a service that is or will be on the tariff.</param>
/// <param name="Services">Their services that are or will be.</param>
/// <param name="Recurring">What the tariff's services bring a month.</param>
public sealed record TariffEffectView(
    string Code, bool IsNew, long? Revision, long Accounts, long Services, RecurringEffectView Recurring, NextBillView NextBill);

/// <param name="On">The day on which the draft's last price is in force; today when there is none to come.</param>
/// <param name="Services">Running on that day.</param>
/// <param name="Monthly">Net, as in the report of recurring revenue.</param>
public sealed record RecurringEffectView(DateOnly On, long Services, DifferenceView Monthly);

/// <inheritdoc cref="TariffEffectView"/>
internal sealed class TariffEffects(LiveContext contexts, AccountStates accounts, FigureReading figures, ClientDirectory directory, EffectTurn turn)
{
    public Task<IResult> Of(HttpContext http, TariffTerms terms, Tariff? before, DateOnly through, CancellationToken cancellation) =>
        turn.Take(http, async () => TypedResults.Ok(Shown(http, await Compute(terms, before, through, cancellation))));

    private static TariffEffectView Shown(HttpContext http, TariffEffectView effect) =>
        EffectTurn.MayNameClients(http) ? effect : effect with { NextBill = effect.NextBill with { Examples = [] } };

    private async Task<TariffEffectView> Compute(TariffTerms terms, Tariff? before, DateOnly through, CancellationToken cancellation)
    {
        var settings = contexts.Settings;
        var draft = terms.AppliedTo(before, before?.Id ?? Unused(settings.Catalogue), settings.Catalogue.Revision + 1, entry: null);
        var today = contexts.Today;
        var (now, then) = (settings.On(today), (settings with { Catalogue = With(settings.Catalogue, draft) }).On(today));
        var effect = new BillEffect(through, now, then, NextBillView.ExamplesMax);
        long onTariff = 0, services = 0;
        if (before is not null)
        {
            await foreach (var account in accounts.OfAll(cancellation))
            {
                if (!account.Services.Any(service => Concerns(service, draft.Id))) continue;
                effect.Look(account);
                var running = account.Services.Count(service => IsOrWillBeOn(service, draft.Id, today));
                services += running;
                if (running > 0) onTariff++;
            }
        }

        var on = (before is null ? [] : terms.Brings(before)).Select(version => version.ValidFrom).Append(today).Max();
        return new TariffEffectView(
            terms.Code, before is null, settings.Revisions.Of(SettingKinds.Tariff, terms.Code), onTariff, services,
            await Recurring(draft.Id, on, now, then, cancellation), await NextBillView.Of(effect, through, directory, cancellation));
    }

    private async Task<RecurringEffectView> Recurring(TariffId tariff, DateOnly on, DecisionContext now, DecisionContext then, CancellationToken cancellation)
    {
        var rows = (await figures.RecurringOn(on, cancellation)).Where(row => row.Tariff == tariff.Value).ToList();
        return new RecurringEffectView(on, rows.Sum(row => row.Services), DifferenceView.Of(RecurringComposition.Monthly(on, rows, now), RecurringComposition.Monthly(on, rows, then)));
    }

    private static bool Concerns(Service service, TariffId tariff) =>
        service.Terms.Any(terms => terms.Tariff == tariff) || service.Charged.Any(charged => charged.Tariff == tariff);

    private static bool IsOrWillBeOn(Service service, TariffId tariff, DateOnly today)
    {
        if (service.End is { } end && (end <= today || end <= service.Start)) return false;
        for (var i = 0; i < service.Terms.Length; i++)
        {
            var isOver = i + 1 < service.Terms.Length && service.Terms[i + 1].From <= today;
            if (service.Terms[i].Tariff == tariff && !isOver && !(service.End <= service.Terms[i].From)) return true;
        }

        return false;
    }

    private static TariffCatalogue With(TariffCatalogue catalogue, Tariff draft) =>
        new(catalogue.Revision + 1, catalogue.Tariffs.SetItem(draft.Id, draft));

    private static TariffId Unused(TariffCatalogue catalogue) => new(catalogue.Tariffs.Keys.Select(id => id.Value).DefaultIfEmpty(0).Max() + 1);
}
