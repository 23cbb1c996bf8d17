namespace IspBilling.Domain;

/// <summary>A group of charged and owed stretches of one tariff, each overlapping another of the group; see <see cref="ChargeDifference"/>.</summary>
internal sealed class OverlappingStretches
{
    private readonly List<ChargedSegment> _charged = [];
    private readonly List<Charge> _owed = [];
    private DateOnly _to;

    /// <summary>Both lists are ordered by date and disjoint in themselves; one sweep finds the groups.</summary>
    public static List<OverlappingStretches> Of(List<ChargedSegment> charged, List<Charge> owed)
    {
        var groups = new List<OverlappingStretches>();
        OverlappingStretches? current = null;
        int c = 0, o = 0;
        while (c < charged.Count || o < owed.Count)
        {
            var takeCharged = o == owed.Count || (c < charged.Count && charged[c].Period.From <= owed[o].Period.From);
            var period = takeCharged ? charged[c].Period : owed[o].Period;
            if (current is null || period.From >= current._to)
            {
                current = new OverlappingStretches { _to = period.To };
                groups.Add(current);
            }

            if (period.To > current._to) current._to = period.To;
            if (takeCharged) current._charged.Add(charged[c++]);
            else current._owed.Add(owed[o++]);
        }

        return groups;
    }

    public void AddTo(List<ProposedCharge> proposed, Service service)
    {
        var gone = Cover.Minus(_charged.ConvertAll(segment => segment.Period), _owed.ConvertAll(charge => charge.Period));
        var fresh = Cover.Minus(_owed.ConvertAll(charge => charge.Period), _charged.ConvertAll(segment => segment.Period));

        if (_charged.Count == 0) AddAllOwed(proposed, service, LineReason.NewPeriod);
        else if (_owed.Count == 0) CreditAllCharged(proposed, service, LineReason.NoLongerOwed);
        else if (gone.Count == 0 && fresh.Count == 0) AddPriceDifference(proposed, service);
        else if (fresh.Count == 0 && EachOwedLiesInOneCharged()) CreditWhatIsGone(proposed, service);
        else if (gone.Count == 0 && EachChargedLiesInOneOwed()) ChargeWhatIsFresh(proposed, service);
        else Rearrange(proposed, service);
    }

    private void AddPriceDifference(List<ProposedCharge> proposed, Service service)
    {
        var difference = Owed() - Charged();
        if (difference.IsZero) return;
        var period = new Period(_owed[0].Period.From, _owed[^1].Period.To);
        var parts = _charged.SelectMany(segment => segment.Parts).ToList();
        if (difference.IsPositive)
        {
            proposed.Add(Line(service, period, difference, LineReason.PriceChanged, _owed[0].Basis, parts[0]));
            return;
        }

        foreach (var credited in TakeFromLast(parts, -difference))
            proposed.Add(Line(service, period, -credited.Amount, LineReason.PriceChanged, _owed[0].Basis, credited));
    }

    private void CreditWhatIsGone(List<ProposedCharge> proposed, Service service)
    {
        foreach (var segment in _charged)
        {
            var kept = _owed.FindAll(charge => segment.Period.Covers(charge.Period));
            var gone = Cover.Minus([segment.Period], kept.ConvertAll(charge => charge.Period));
            var remaining = kept.Aggregate(segment.Amount, (rest, charge) => rest - charge.Amount);
            if (gone.Count == 0 || !remaining.IsPositive)
            {
                // The stretch got shorter but costs more than before, so no single credit explains the change.
                CreditSegment(proposed, service, segment, LineReason.Rearranged);
                foreach (var charge in kept) proposed.Add(ChargeDifference.NewCharge(service, charge, LineReason.Rearranged));
                continue;
            }

            var shares = Rounding.Allocate(remaining.Minor, [.. gone.Select(period => (long)period.Days)]);
            var parts = segment.Parts.ToList();
            for (var i = 0; i < gone.Count; i++)
            {
                foreach (var credited in TakeFromLast(parts, remaining with { Minor = shares[i] }))
                    proposed.Add(Line(service, gone[i], -credited.Amount, LineReason.NoLongerOwed, basis: null, credited));
            }
        }
    }

    private void ChargeWhatIsFresh(List<ProposedCharge> proposed, Service service)
    {
        foreach (var charge in _owed)
        {
            var already = _charged.FindAll(segment => charge.Period.Covers(segment.Period));
            var rest = already.Aggregate(charge.Amount, (sum, segment) => sum - segment.Amount);
            var fresh = Cover.Minus([charge.Period], already.ConvertAll(segment => segment.Period));
            if (fresh.Count == 0 || !rest.IsPositive)
            {
                foreach (var segment in already) CreditSegment(proposed, service, segment, LineReason.Rearranged);
                proposed.Add(ChargeDifference.NewCharge(service, charge, LineReason.Rearranged));
                continue;
            }

            var shares = Rounding.Allocate(rest.Minor, [.. fresh.Select(period => (long)period.Days)]);
            for (var i = 0; i < fresh.Count; i++)
            {
                if (shares[i] != 0) proposed.Add(Line(service, fresh[i], rest with { Minor = shares[i] }, LineReason.NewPeriod, charge.Basis, corrects: null));
            }
        }
    }

    private void Rearrange(List<ProposedCharge> proposed, Service service)
    {
        CreditAllCharged(proposed, service, LineReason.Rearranged);
        AddAllOwed(proposed, service, LineReason.Rearranged);
    }

    private void AddAllOwed(List<ProposedCharge> proposed, Service service, LineReason reason)
    {
        foreach (var charge in _owed) proposed.Add(ChargeDifference.NewCharge(service, charge, reason));
    }

    private void CreditAllCharged(List<ProposedCharge> proposed, Service service, LineReason reason)
    {
        foreach (var segment in _charged) CreditSegment(proposed, service, segment, reason);
    }

    private static void CreditSegment(List<ProposedCharge> proposed, Service service, ChargedSegment segment, LineReason reason)
    {
        foreach (var part in segment.Parts)
        {
            proposed.Add(new ProposedCharge(
                service, segment.Period, segment.Tariff, segment.PriceMode, segment.VatCategory, -part.Amount, reason, Basis: null, part));
        }
    }

    private ProposedCharge Line(Service service, Period period, Money amount, LineReason reason, ChargeBasis? basis, ChargePart? corrects) =>
        _charged.Count > 0
            ? new(service, period, _charged[0].Tariff, _charged[0].PriceMode, _charged[0].VatCategory, amount, reason, basis, corrects)
            : new(service, period, _owed[0].Basis.Tariff, _owed[0].PriceMode, _owed[0].VatCategory, amount, reason, basis, corrects);

    /// <summary>Takes an amount off the parts, newest document first, never more than a part still charges.</summary>
    private static List<ChargePart> TakeFromLast(List<ChargePart> parts, Money amount)
    {
        var taken = new List<ChargePart>();
        for (var i = parts.Count - 1; i >= 0 && amount.IsPositive; i--)
        {
            var take = Money.Min(parts[i].Amount, amount);
            if (!take.IsPositive) continue;
            taken.Add(parts[i] with { Amount = take });
            parts[i] = parts[i] with { Amount = parts[i].Amount - take };
            amount -= take;
        }

        Invariant.Require(amount.IsZero);
        return taken;
    }

    private Money Owed() => _owed.Sum(_owed[0].Amount.Currency, charge => charge.Amount);

    private Money Charged() => _charged.Sum(_charged[0].Amount.Currency, segment => segment.Amount);

    private bool EachOwedLiesInOneCharged() =>
        _owed.TrueForAll(charge => _charged.Exists(segment => segment.Period.Covers(charge.Period)));

    private bool EachChargedLiesInOneOwed() =>
        _charged.TrueForAll(segment => _owed.Exists(charge => charge.Period.Covers(segment.Period)));
}

/// <summary>Arithmetic on ordered, disjoint stretches of days.</summary>
internal static class Cover
{
    /// <summary>The days of <paramref name="whole"/> that no stretch of <paramref name="taken"/> holds.</summary>
    public static List<Period> Minus(List<Period> whole, List<Period> taken)
    {
        var rest = new List<Period>();
        foreach (var stretch in whole)
        {
            var from = stretch.From;
            foreach (var hole in taken)
            {
                if (hole.To <= from || hole.From >= stretch.To) continue;
                if (hole.From > from) rest.Add(new Period(from, hole.From));
                from = hole.To;
            }

            if (from < stretch.To) rest.Add(new Period(from, stretch.To));
        }

        return rest;
    }
}
