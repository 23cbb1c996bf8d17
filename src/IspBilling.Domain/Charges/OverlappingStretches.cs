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

    /// <summary>One line for each stretch that changed; a credit over several documents one for each of them.</summary>
    public void AddTo(List<ProposedCharge> proposed, Service service, TariffCatalogue catalogue)
    {
        if (_charged.Count == 0 && !_owed.Exists(charge => WereCharged(service, charge.Period)))
        {
            foreach (var charge in _owed) proposed.Add(ChargeDifference.NewCharge(service, charge));
            return;
        }

        var stretches = Cut(service, catalogue);
        SplitAmounts(stretches);
        var left = _charged.ConvertAll(segment => segment.Parts.ToList());
        foreach (var stretch in stretches) AddLines(proposed, service, stretch, left);
    }

    /// <summary>Whether documents charge some of the days in another tariff, or charged some once.</summary>
    private static bool WereCharged(Service service, Period period)
    {
        foreach (var segment in service.Charged)
        {
            if (segment.Period.Overlaps(period)) return true;
        }

        foreach (var days in service.TakenBack)
        {
            if (days.Period.Overlaps(period)) return true;
        }

        return false;
    }

    /// <summary>The stretches between all boundaries of the group that are charged, owed or both, in order.</summary>
    private List<ChangedStretch> Cut(Service service, TariffCatalogue catalogue)
    {
        var bounds = new SortedSet<DateOnly>();
        foreach (var segment in _charged) bounds.UnionWith([segment.Period.From, segment.Period.To]);
        foreach (var charge in _owed) bounds.UnionWith([charge.Period.From, charge.Period.To]);

        var stretches = new List<ChangedStretch>(bounds.Count);
        var from = bounds.Min;
        foreach (var to in bounds.Skip(1))
        {
            var period = new Period(from, to);
            var charged = _charged.FindIndex(segment => segment.Period.Covers(period));
            var owed = _owed.FindIndex(charge => charge.Period.Covers(period));
            if (charged >= 0 || owed >= 0) AddStretches(stretches, service, catalogue, period, charged, owed);
            from = to;
        }

        return stretches;
    }

    /// <summary>
    /// Cuts what changed where its cause changes: days that a pause took and days that the end took lie side by side, and are two lines. Likewise
    /// where days were charged before and others never, and where days cost nothing for another reason.
    /// </summary>
    private void AddStretches(List<ChangedStretch> stretches, Service service, TariffCatalogue catalogue, Period period, int charged, int owed)
    {
        var (tariff, before, after) = (
            charged >= 0 ? _charged[charged].Tariff : _owed[owed].Basis.Tariff, charged >= 0 ? _charged[charged].Basis : null, owed >= 0 ? _owed[owed].Basis : null);
        if (UnchangedPrice(service, charged, owed, out var months) is { } basis)
        {
            var share = months.ShareOf(period);
            stretches.Add(new ChangedStretch(period, charged, owed, months, new Causes(CauseOfRounding(service, period, charged, owed)))
            {
                Unchanged = (basis with { Share = share }).Amount(),
            });
            return;
        }

        if (charged < 0 && owed >= 0) months = new BillingGrid(service.TermsOn(_owed[owed].Period.From).Cycle, service.Start);
        var from = period.From;
        var current = Look(from);
        foreach (var to in ChangeCauses.Bounds(service, catalogue[tariff], period))
        {
            var next = Look(to);
            if (next == current) continue;
            Add(to);
            (from, current) = (to, next);
        }

        Add(period.To);

        (Causes Causes, bool IsAgain, FreePrice? Free) Look(DateOnly day)
        {
            var free = owed < 0 ? OwedCharges.FreeOn(service, catalogue, tariff, day) : null;
            var causes = charged < 0 ? ChangeCauses.OfFresh(service, day, after!)
                : owed < 0 && free is null ? ChangeCauses.OfGone(service, day, tariff)
                : ChangeCauses.OfPrice(service, day, before, free?.Basis ?? after!);
            return (causes ?? new Causes(CauseOfRounding(service, period, charged, owed)), charged < 0 && service.WasCharged(day), free);
        }

        void Add(DateOnly to)
        {
            var stretch = new Period(from, to);
            stretches.Add(new ChangedStretch(stretch, charged, owed, months, current.Causes) { IsAgain = current.IsAgain, Free = current.Free });
        }
    }

    /// <summary>The price that is owed, if all that is charged would have cost the same by it; null when something changed.</summary>
    private ChargeBasis? UnchangedPrice(Service service, int charged, int owed, out BillingGrid months)
    {
        var day = owed >= 0 ? _owed[owed].Period.From : _charged[charged].Period.From;
        months = new BillingGrid(service.TermsOn(day).Cycle, service.Start);
        if (charged < 0 || owed < 0) return null;
        var (segment, basis) = (_charged[charged], _owed[owed].Basis);
        return (basis with { Share = months.ShareOf(segment.Period) }).Amount() == segment.Amount ? basis : null;
    }

    private void SplitAmounts(List<ChangedStretch> stretches)
    {
        for (var i = 0; i < _charged.Count; i++)
        {
            var within = stretches.FindAll(stretch => stretch.Charged == i);
            Split(_charged[i].Amount, within, static (stretch, amount) => stretch.ChargedAmount = amount);
        }

        for (var i = 0; i < _owed.Count; i++)
        {
            var within = stretches.FindAll(stretch => stretch.Owed == i);
            Split(_owed[i].Amount, within, static (stretch, amount) => stretch.OwedAmount = amount);
        }
    }

    /// <summary>
    /// What stays the same takes its price, what changed the rest, so that the parts sum to the whole:
    /// <code>
    ///   charged 499.00   |────────────────────────────|
    ///   owed 225.35      |─────────────|
    ///   split            |   225.35    |    273.65    |
    /// </code>
    /// </summary>
    private static void Split(Money whole, List<ChangedStretch> stretches, Action<ChangedStretch, Money> give)
    {
        // Where nothing changed, the whole is only cut otherwise than before: the last part takes what rounding leaves.
        var sharing = stretches.FindAll(stretch => stretch.Unchanged is null);
        if (sharing.Count == 0) sharing.Add(stretches[^1]);
        var rest = whole;
        foreach (var stretch in stretches)
        {
            if (stretch.Unchanged is not { } same || sharing.Contains(stretch)) continue;
            give(stretch, same);
            rest -= same;
        }

        // Amounts of a few haléře may round to more than there is; then all share what there is.
        if (rest.IsNegative) (rest, sharing) = (whole, stretches);
        var parts = Rounding.Allocate(rest.Minor, [.. sharing.Select(stretch => stretch.Weight)]);
        for (var i = 0; i < parts.Length; i++) give(sharing[i], whole with { Minor = parts[i] });
    }

    private void AddLines(List<ProposedCharge> proposed, Service service, ChangedStretch stretch, List<List<ChargePart>> left)
    {
        var currency = stretch.Charged >= 0 ? _charged[stretch.Charged].Amount.Currency : _owed[stretch.Owed].Amount.Currency;
        var charged = stretch.Charged >= 0 ? stretch.ChargedAmount : Money.Zero(currency);
        var owed = stretch.Owed >= 0 ? stretch.OwedAmount : Money.Zero(currency);
        var difference = owed - charged;
        if (difference.IsZero) return;

        if (difference.IsPositive)
        {
            // A fresh stretch is charged like any other; a price that rose adds to the line that charged it.
            proposed.Add(Line(new CreditedPiece(stretch.Period, charged, owed), difference, stretch.Charged >= 0 ? FirstOn(stretch) : null));
            return;
        }

        foreach (var piece in CreditedPiece.Of(stretch, charged, owed, left[stretch.Charged]))
        {
            foreach (var credited in piece.Credits) proposed.Add(Line(piece, -credited.Amount, credited));
        }

        ProposedCharge Line(CreditedPiece piece, Money amount, ChargePart? corrects)
        {
            var (before, after) = (Before(stretch, piece.Period), After(stretch, piece.Period));
            var factors = LineFactors.Of(before, after, amount);
            var change = new StretchChange(before, piece.Charged, piece.Owed, factors.Share, stretch.Causes.Last)
            {
                OtherCauses = stretch.Causes.OthersOrNone,
            };
            var revision = stretch.Owed >= 0 ? _owed[stretch.Owed].TariffRevision : stretch.Free?.TariffRevision;
            return stretch.Charged >= 0
                ? new ProposedCharge(
                    service, piece.Period, _charged[stretch.Charged].Tariff, _charged[stretch.Charged].PriceMode, _charged[stretch.Charged].VatCategory,
                    amount, stretch.Reason, after, corrects, factors, change, revision)
                : new ProposedCharge(
                    service, piece.Period, after!.Tariff, _owed[stretch.Owed].PriceMode, _owed[stretch.Owed].VatCategory,
                    amount, stretch.Reason, after, corrects, factors, change, revision);
        }
    }

    /// <summary>The first line that charges the first day of a stretch.</summary>
    private ChargePart FirstOn(ChangedStretch stretch)
    {
        var segment = _charged[stretch.Charged];
        foreach (var part in segment.Parts)
        {
            if ((part.Days ?? segment.Period).Contains(stretch.Period.From)) return part;
        }

        return segment.Parts[0];
    }

    /// <summary>The last event that reaches the stretch; where none does, the one that cut what it is part of.</summary>
    private long CauseOfRounding(Service service, Period period, int charged, int owed)
    {
        var cause = service.CauseOfChange(period);
        if (cause == 0 && charged >= 0) cause = service.CauseOfChange(_charged[charged].Period);
        if (cause == 0 && owed >= 0) cause = service.CauseOfChange(_owed[owed].Period);
        return cause == 0 && charged < 0 ? _owed[owed].Basis.Cause : cause;
    }

    private ChargeBasis? Before(ChangedStretch stretch, Period piece)
    {
        if (stretch.Charged < 0 || _charged[stretch.Charged].Basis is not { } basis) return null;
        return Over(basis, _charged[stretch.Charged].Period, stretch, piece);
    }

    private ChargeBasis? After(ChangedStretch stretch, Period piece)
    {
        if (stretch.Owed < 0) return stretch.Free is { } free ? free.Basis with { Share = stretch.Months.ShareOf(piece) } : null;
        return Over(_owed[stretch.Owed].Basis, _owed[stretch.Owed].Period, stretch, piece);
    }

    private static ChargeBasis Over(ChargeBasis basis, Period whole, ChangedStretch stretch, Period piece) =>
        whole == piece ? basis : basis with { Share = stretch.Months.ShareOf(piece) };
}
