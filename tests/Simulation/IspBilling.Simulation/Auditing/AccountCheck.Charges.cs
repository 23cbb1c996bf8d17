using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>What documents charge, and what is owed.</summary>
internal sealed partial class AccountCheck
{
    private sealed class Item(OneOffAdded added)
    {
        public OneOffAdded Added { get; } = added;
        public bool Cancelled { get; set; }
        public bool WasBilled { get; set; }
        public long OnDocuments { get; set; }

        /// <summary>Price × quantity, halves away from zero.</summary>
        public long AmountMinor => (long)Math.Round(Added.UnitPrice.Minor * (decimal)Added.Quantity.Thousandths / 1000, MidpointRounding.AwayFromZero);
    }

    /// <summary>Everything due up to a day is charged, and nothing else: what should hold after a bill through that day.</summary>
    public void RequireBilledUp(TariffCatalogue catalogue, DateOnly through, Check check)
    {
        foreach (var subscription in _subscriptions.Values) RequireOwedInSum(subscription, catalogue, through, check);
        foreach (var (id, item) in _items) RequireBilled(id, item, through, check);
    }

    private void Charge(DocumentLine line)
    {
        if (line.OneOff is { } id)
        {
            if (!_items.TryGetValue(id, out var item))
            {
                _complain(Check.Charges, $"item {id} is billed and was never added");
                return;
            }

            item.OnDocuments += line.Amount.Minor;
            item.WasBilled = true;
            return;
        }

        if (line.Service is not { } service || !_subscriptions.TryGetValue(service, out var subscription) || line.Tariff is null || line.Period is null)
        {
            _complain(Check.Charges, $"line {line.Number} charges neither an item nor a service");
            return;
        }

        subscription.AddLine(line);
    }

    private static void ChargeSegments(Subscription subscription, DocumentIssued issued, long catalogue)
    {
        if (issued.Recharged.FirstOrDefault(candidate => candidate.Service == subscription.Number) is { } whole)
        {
            subscription.ChargeAnew(whole.Segments, catalogue);
            return;
        }

        foreach (var line in issued.Document.Lines)
        {
            if (line.Service == subscription.Number)
                subscription.ChargeMore(new Stretch(line.Period!.Value.From, line.Period.Value.To, line.Tariff!.Value.Value, line.Amount.Minor), catalogue);
        }
    }

    /// <summary>After a bill: what is charged is disjoint, within the subscription, what the lines sum to, and what is owed.</summary>
    private void RequireChargesAsOwed(DurableCommit commit, Dictionary<int, DateOnly?> chargedBefore)
    {
        if (commit.Asked is not Bill bill) return;
        foreach (var subscription in _subscriptions.Values)
        {
            RequireDisjoint(subscription);
            RequireOwed(subscription, commit.Context.Catalogue, bill.Through, chargedBefore.GetValueOrDefault(subscription.Number), Check.Owed);
        }

        foreach (var (id, item) in _items) RequireBilled(id, item, bill.Through, Check.Owed);
    }

    private void RequireDisjoint(Subscription subscription)
    {
        var charged = subscription.Charged;
        for (var i = 0; i < charged.Count; i++)
        {
            if (charged[i].From >= charged[i].To) _complain(Check.Charges, $"service {subscription.Number}: {charged[i]} has no days");
            if (i > 0 && charged[i].From < charged[i - 1].To) _complain(Check.Charges, $"service {subscription.Number}: {charged[i]} overlaps {charged[i - 1]}");
        }

        if (charged.Count > 0 && (charged[0].From < subscription.Start || charged[^1].To > subscription.End))
            _complain(Check.Charges, $"service {subscription.Number}: charged from {charged[0].From:yyyy-MM-dd} to {charged[^1].To:yyyy-MM-dd}, the subscription runs from {subscription.Start:yyyy-MM-dd} to {subscription.End:yyyy-MM-dd}");
        foreach (var (tariff, lines) in subscription.Lines)
        {
            var stretches = charged.Where(stretch => stretch.Tariff == tariff).Sum(stretch => stretch.AmountMinor);
            if (stretches != lines) _complain(Check.Charges, $"service {subscription.Number}, tariff {tariff}: stretches sum to {stretches}, lines to {lines}");
        }
    }

    private void RequireOwed(Subscription subscription, TariffCatalogue catalogue, DateOnly through, DateOnly? chargedUpTo, Check check)
    {
        var owed = Owed.Of(subscription, catalogue, through, chargedUpTo);
        if (owed.SequenceEqual(subscription.Charged)) return;
        var missing = owed.Except(subscription.Charged).Take(3);
        var surplus = subscription.Charged.Except(owed).Take(3);
        _complain(check, $"service {subscription.Number} through {through:yyyy-MM-dd}: owed and not charged {string.Join(", ", missing)}; charged and not owed {string.Join(", ", surplus)}");
    }

    /// <summary>
    /// Without a bill that had something to say, charged stretches may be cut otherwise than owed ones: a price that was agreed anew
    /// and stayed the same is no reason for a document. Between days on which both begin a stretch, the sums are the same.
    /// </summary>
    private void RequireOwedInSum(Subscription subscription, TariffCatalogue catalogue, DateOnly through, Check check)
    {
        var owed = Joined(Owed.Of(subscription, catalogue, through, subscription.ChargedUpTo), subscription.Charged);
        var charged = Joined(subscription.Charged, owed);
        if (!owed.SequenceEqual(charged))
            _complain(check, $"service {subscription.Number} through {through:yyyy-MM-dd}: owed {string.Join(", ", owed.Except(charged).Take(3))}; charged {string.Join(", ", charged.Except(owed).Take(3))}");
    }

    /// <summary>Neighbours of one tariff are one where the other list has no stretch that begins between them.</summary>
    private static List<Stretch> Joined(List<Stretch> stretches, List<Stretch> other)
    {
        var begins = other.Select(stretch => stretch.From).ToHashSet();
        var joined = new List<Stretch>();
        foreach (var stretch in stretches)
        {
            if (joined.Count > 0 && joined[^1].To == stretch.From && joined[^1].Tariff == stretch.Tariff && !begins.Contains(stretch.From))
                joined[^1] = joined[^1] with { To = stretch.To, AmountMinor = joined[^1].AmountMinor + stretch.AmountMinor };
            else
                joined.Add(stretch);
        }

        return joined;
    }

    private void RequireBilled(string id, Item item, DateOnly through, Check check)
    {
        var expected = item.Cancelled ? 0 : item.WasBilled || item.Added.Date <= through ? item.AmountMinor : 0;
        if (item.OnDocuments != expected) _complain(check, $"item {id} through {through:yyyy-MM-dd}: {item.OnDocuments} on documents, expected {expected}");
    }
}
