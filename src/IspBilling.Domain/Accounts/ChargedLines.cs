using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Carries the lines of an issued document into what services and one-off items are charged.</summary>
internal static class ChargedLines
{
    public static AccountState Apply(AccountState state, Document document, ImmutableArray<Recharged> recharged)
    {
        // Few services: looking through all lines is cheaper than sorting them first.
        var byService = state.Services.Length > 8 ? document.Lines.Where(line => line.Service is not null).ToLookup(line => line.Service!.Value) : null;
        var services = ImmutableArray.CreateBuilder<Service>(state.Services.Length);
        foreach (var service in state.Services)
        {
            var charged = FindRecharged(recharged, service.Number) is { } whole
                ? service with { Charged = whole.Segments }
                : WithNewLines(service, document, byService is null ? document.Lines : [.. byService[service.Number]]);
            var known = TakingBack.Follow(service, charged);
            services.Add(known.ChangedSinceBilled ? known with { ChangedSinceBilled = false, Changes = [] } : known);
        }

        var (items, past) = Items(state, document);
        return state with { Services = services.MoveToImmutable(), OneOffs = items, PastItems = past };
    }

    private static Recharged? FindRecharged(ImmutableArray<Recharged> recharged, int service)
    {
        foreach (var candidate in recharged)
        {
            if (candidate.Service == service) return candidate;
        }

        return null;
    }

    /// <remarks>
    /// New periods come after everything charged before, and on one document in order of date. A bill of several documents may have the later
    /// periods on the earlier one: supplies that are dated by the bill come after those that are dated by their period.
    /// </remarks>
    private static Service WithNewLines(Service service, Document document, ImmutableArray<DocumentLine> lines)
    {
        var added = 0;
        foreach (var line in lines) added += Charges(line, service) ? 1 : 0;
        if (added == 0) return service;

        // Counted first, so that what has been charged for years is copied once.
        var segments = ImmutableArray.CreateBuilder<ChargedSegment>(service.Charged.Length + added);
        segments.AddRange(service.Charged);
        foreach (var line in lines)
        {
            if (!Charges(line, service)) continue;
            segments.Add(new ChargedSegment(line.Period!.Value, line.Tariff!.Value, line.PriceMode, line.VatCategory,
                [new ChargePart(document.Ordinal, line.Number, line.Amount, line.VatRate)])
            {
                // Of documents that an earlier release issued the snapshots it stored do not tell the terms, so the fold does not either.
                Basis = document.BilledUnder > 0 ? Shared(OfCharge(line.Basis), segments.Count > 0 ? segments[^1].Basis : null) : null,
                BilledUnder = document.BilledUnder,
            });
        }

        if (service.Charged.Length > 0 && segments[service.Charged.Length].Period.From < service.Charged[^1].Period.From)
            segments.Sort(static (one, other) => one.Period.From.CompareTo(other.Period.From));
        return service with { Charged = segments.MoveToImmutable() };
    }

    /// <summary>The contract is the line's alone, see <see cref="ChargeBasis.Contract"/>.</summary>
    private static ChargeBasis? OfCharge(ChargeBasis? basis) => basis?.Contract is null ? basis : basis with { Contract = null };

    /// <summary>Month after month the terms are the same: an account that remembers years of them keeps one copy.</summary>
    private static ChargeBasis? Shared(ChargeBasis? basis, ChargeBasis? before) => basis == before ? before : basis;

    private static bool Charges(DocumentLine line, Service service) =>
        line.Service == service.Number && line.Period is not null && line.Tariff is not null;

    /// <summary>An item whose taking back is on a document as well leaves; its id stays taken.</summary>
    private static (ImmutableArray<OneOff> Items, ImmutableArray<PastItem> Past) Items(AccountState state, Document document)
    {
        var (items, past) = (state.OneOffs, state.PastItems);
        foreach (var line in document.Lines)
        {
            if (line.OneOff is null || Find(items, line.OneOff) is not { } item) continue;
            if (item.Cancelled) (items, past) = (items.Remove(item), past.With(PastItem.OfCancelled(item.Id)));
            else items = items.Replace(item, item with { Billed = new ChargePart(document.Ordinal, line.Number, line.Amount, line.VatRate) });
        }

        return (items, past);
    }

    private static OneOff? Find(ImmutableArray<OneOff> items, string id)
    {
        foreach (var item in items)
        {
            if (item.Id == id) return item;
        }

        return null;
    }
}
