using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <param name="Anchor">First day of months; null for calendar months.</param>
internal sealed record Terms(DateOnly From, int Tariff, long Thousandths, int Months, int? Anchor, bool InArrears)
{
    public bool SameAs(Terms other) => this with { From = other.From } == other;
}

/// <param name="Agreed">Grows with every agreement: of two that apply, the later one wins.</param>
internal sealed record Agreement(string Id, DateOnly From, DateOnly? To, long? MonthlyMinor, int? DiscountPoints, long Agreed)
{
    public bool Holds(DateOnly day) => From <= day && (To is null || day < To);
}

/// <summary>Days of one tariff that cost something, together.</summary>
internal readonly record struct Stretch(DateOnly From, DateOnly To, int Tariff, long AmountMinor)
{
    public override string ToString() => $"[{From:yyyy-MM-dd}, {To:yyyy-MM-dd}) tariff {Tariff} {AmountMinor}";
}

/// <summary>One service as the auditor understands it from the events: what was agreed, and what documents charge.</summary>
internal sealed class Subscription(ServiceStarted started)
{
    private readonly List<Terms> _terms =
        [new Terms(started.Start, started.Tariff.Value, started.Quantity.Thousandths, started.Cycle.Months, started.Cycle.AnchorDay, started.Timing == BillingTiming.InArrears)];

    private readonly List<Agreement> _agreements = [];
    private readonly List<Pause> _pauses = [];

    /// <summary>Under which catalogue a day first stood on a document in a tariff, also when a credit note took it back since.</summary>
    private readonly Dictionary<(DateOnly Day, int Tariff), long> _invoiced = [];

    public int Number { get; } = started.Number;

    public string Reference { get; } = started.Reference;

    public DateOnly Start { get; } = started.Start;

    public DateOnly? End { get; private set; } = started.End;

    /// <summary>Before this day nothing changes any more.</summary>
    public DateOnly? SettledUpTo { get; private set; }

    public IReadOnlyList<Terms> Terms => _terms;

    public IReadOnlyList<Agreement> Agreements => _agreements;

    /// <summary>What documents charge from <see cref="SettledUpTo"/> on.</summary>
    public List<Stretch> Charged { get; private set; } = [];

    /// <summary>By tariff: what lines of documents sum to, less what is settled history.</summary>
    public SortedDictionary<int, long> Lines { get; } = [];

    public DateOnly FirstDay => SettledUpTo is { } settled && settled > Start ? settled : Start;

    public DateOnly? ChargedUpTo => Charged.Count > 0 ? Charged[^1].To : SettledUpTo;

    public void Apply(AccountEvent happened, long version)
    {
        switch (happened)
        {
            case ServiceTermsChanged e:
                // Later terms are replaced.
                _terms.RemoveAll(terms => terms.From >= e.From);
                _terms.Add(new Terms(e.From, e.Tariff.Value, e.Quantity.Thousandths, e.Cycle.Months, e.Cycle.AnchorDay, e.Timing == BillingTiming.InArrears));
                break;
            case ServiceEndSet e:
                End = e.End;
                break;
            case ServicePaused e:
                _pauses.RemoveAll(pause => pause.Id == e.Pause.Id);
                _pauses.Add(e.Pause);
                break;
            case PauseRemoved e:
                _pauses.RemoveAll(pause => pause.Id == e.Pause);
                break;
            case SpecialPriceAgreed e:
                _agreements.RemoveAll(price => price.Id == e.Id);
                _agreements.Add(new Agreement(e.Id, e.From, e.To, e.MonthlyPrice?.Minor, e.DiscountBasisPoints, version));
                break;
            case SpecialPriceRemoved e:
                _agreements.RemoveAll(price => price.Id == e.Id);
                break;
        }
    }

    public bool IsFree(DateOnly day)
    {
        foreach (var pause in _pauses)
        {
            if (!pause.Bills && pause.From <= day && (pause.To is null || day < pause.To)) return true;
        }

        return false;
    }

    public Terms TermsOn(DateOnly day)
    {
        for (var i = _terms.Count - 1; i > 0; i--)
        {
            if (_terms[i].From <= day) return _terms[i];
        }

        return _terms[0];
    }

    public void AddLine(DocumentLine line)
    {
        var tariff = line.Tariff!.Value.Value;
        Lines[tariff] = Lines.GetValueOrDefault(tariff) + line.Amount.Minor;
    }

    /// <summary>The latest catalogue that prices a day on a tariff: the one it was invoiced under, if it was.</summary>
    public long PricedUnder(DateOnly day, int tariff) =>
        _invoiced.TryGetValue((day, tariff), out var catalogue) ? catalogue : long.MaxValue;

    public void ChargeMore(Stretch stretch, long catalogue)
    {
        // Of several documents of one bill, the earlier may charge the later days.
        var at = Charged.FindIndex(charged => charged.From >= stretch.To);
        Charged.Insert(at < 0 ? Charged.Count : at, stretch);
        Invoice(stretch, catalogue);
    }

    public void ChargeAnew(IEnumerable<ChargedSegment> segments, long catalogue)
    {
        Charged = [.. segments.Select(segment => new Stretch(segment.Period.From, segment.Period.To, segment.Tariff.Value, segment.Parts.Sum(part => part.Amount.Minor)))];
        foreach (var stretch in Charged) Invoice(stretch, catalogue);
    }

    private void Invoice(Stretch stretch, long catalogue)
    {
        for (var day = stretch.From; day < stretch.To; day = day.AddDays(1)) _invoiced.TryAdd((day, stretch.Tariff), catalogue);
    }

    /// <summary>History before a day is closed: what it charged counts no longer.</summary>
    public void Settle(DateOnly upTo)
    {
        SettledUpTo = upTo;
        foreach (var stretch in Charged.Where(stretch => stretch.To <= upTo)) Lines[stretch.Tariff] -= stretch.AmountMinor;
        Charged.RemoveAll(stretch => stretch.To <= upTo);
        foreach (var invoiced in _invoiced.Keys.Where(invoiced => invoiced.Day < upTo).ToList()) _invoiced.Remove(invoiced);
    }

    /// <summary>The account remembers no credit note any more, so nothing says what was once invoiced and is not.</summary>
    public void ForgetWhatWasTakenBack()
    {
        foreach (var invoiced in _invoiced.Keys.Where(invoiced => !Charged.Exists(
            stretch => stretch.Tariff == invoiced.Tariff && stretch.From <= invoiced.Day && invoiced.Day < stretch.To)).ToList()) _invoiced.Remove(invoiced);
    }
}
