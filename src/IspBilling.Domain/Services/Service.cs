using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What is subscribed from a day on, until the next terms of the service begin.</summary>
/// <param name="Cause">Version of the account's event that set these terms; lines name it as their cause.</param>
public readonly record struct ServiceTerms(
    DateOnly From,
    TariffId Tariff,
    Quantity Quantity,
    BillingCycle Cycle,
    BillingTiming Timing,
    long Cause)
{
    /// <summary>Whether two terms agree the same, whenever and by whatever event.</summary>
    public bool AgreesWith(ServiceTerms other) =>
        Tariff == other.Tariff && Quantity == other.Quantity && Cycle == other.Cycle && Timing == other.Timing;
}

/// <summary>A price agreed for one service. While it lasts it wins over the tariff.</summary>
/// <remarks>At most one price and one discount apply on a day: the one agreed last wins. A discount is taken off the price in force.</remarks>
/// <param name="Id">The caller's own reference, unique within the service.</param>
/// <param name="To">First day it no longer applies; null lasts until changed.</param>
/// <param name="MonthlyPrice">Replaces the tariff's price, in the tariff's price mode.</param>
/// <param name="DiscountBasisPoints">Hundredths of a percent off: 1000 is 10 %.</param>
/// <param name="Cause">Version of the account's event that agreed it.</param>
public sealed record SpecialPrice(
    string Id,
    DateOnly From,
    DateOnly? To,
    Money? MonthlyPrice,
    int? DiscountBasisPoints,
    string Reason,
    long Cause)
{
    public bool AppliesOn(DateOnly day) => From <= day && (To is null || day < To);

    /// <summary>While it is the price or the discount in force, nothing is to be paid.</summary>
    public bool IsFree => MonthlyPrice is { IsZero: true } || DiscountBasisPoints == VatRate.Whole;
}

/// <param name="Id">The caller's own reference, unique within the service.</param>
/// <param name="To">First day the service runs again; null until resumed.</param>
/// <param name="Bills">A pause that bills changes nothing on documents; one that is free leaves a gap in the charges.</param>
public sealed record Pause(string Id, DateOnly From, DateOnly? To, bool Bills, string Reason);

/// <summary>What of a service an event changed.</summary>
public enum ChangeKind
{
    /// <summary>An earlier release did not say, or several changes were put together.</summary>
    Any,
    Terms,
    End,
    Pause,
    Price,

    /// <summary>A special price by which the days cost nothing is gone from them, or another took its place. Beside <see cref="Price"/>, of the same event.</summary>
    Unfreed,
}

/// <summary>An event after the last document, and the days whose charges it may have changed.</summary>
/// <param name="Cause">Version of the account's event.</param>
/// <param name="To">First day it no longer reaches; null reaches for ever.</param>
public readonly record struct ServiceChange(long Cause, DateOnly From, DateOnly? To, ChangeKind Kind = ChangeKind.Any)
{
    public bool Reaches(Period period) => From < period.To && (To is null || period.From < To);

    public bool Reaches(DateOnly day) => From <= day && (To is null || day < To);
}

/// <summary>One subscribed service, with its agreements and what documents charge for it so far.</summary>
/// <param name="Number">Ordinal within the account, from 1.</param>
/// <param name="Reference">The CRM's own reference, unique within the account.</param>
/// <param name="Terms">Ordered by <see cref="ServiceTerms.From"/>, never empty; the first begin at <paramref name="Start"/> or before.</param>
/// <param name="End">First day without the service; null while it runs. The day of the start when the service never began.</param>
/// <param name="Charged">What documents charge, net of credit notes, ordered by date; disjoint.</param>
/// <param name="SettledUpTo">Charges before this day are settled history: they left the state and are never proposed again.</param>
/// <param name="ChangedSinceBilled">Something was agreed after the last document; what is charged may have to be corrected.</param>
public sealed record Service(
    int Number,
    string Reference,
    DateOnly Start,
    DateOnly? End,
    ImmutableArray<ServiceTerms> Terms,
    ImmutableArray<SpecialPrice> SpecialPrices,
    ImmutableArray<Pause> Pauses,
    ImmutableArray<ChargedSegment> Charged,
    DateOnly? SettledUpTo = null,
    bool ChangedSinceBilled = false)
{
    /// <summary>What was agreed after the last document, in order; of an account stored by an earlier release, only what came since.</summary>
    public ImmutableArray<ServiceChange> Changes { get; init; } = [];

    /// <summary>
    /// Days that documents charged in a tariff and credit notes took back whole, by tariff and date; disjoint in each tariff, and none of them is
    /// among <see cref="Charged"/> in the same one. If they come back, they are charged again, at the price that they were invoiced at. Known as long
    /// as the account remembers a credit note.
    /// </summary>
    public ImmutableArray<TakenBackDays> TakenBack { get; init; } = [];

    /// <summary>
    /// What gave days back before the last document, as far as it reaches days of <see cref="TakenBack"/>: it may be a document older than the one
    /// that charges them again.
    /// </summary>
    public ImmutableArray<ServiceChange> PastChanges { get; init; } = [];

    /// <summary>The highest revision that the CRM gave with what it said about the service; null when it gives none.</summary>
    public long? PushRevision { get; init; }

    /// <summary>Reference of the contract that it belongs to; null for none.</summary>
    public string? Contract { get; init; }

    /// <summary>It was withdrawn before its first day: nothing is owed for it.</summary>
    public bool IsAnnulled => End == Start;

    /// <summary>The event that last changed what a stretch costs; 0 when none of the account's events did: the catalogue has other prices.</summary>
    public long CauseOfChange(Period stretch)
    {
        for (var i = Changes.Length - 1; i >= 0; i--)
        {
            if (Changes[i].Reaches(stretch)) return Changes[i].Cause;
        }

        return 0;
    }

    /// <summary>The last event of a kind that reaches a day; 0 when none does. What an earlier release did not tell may be of any kind.</summary>
    public long LastChange(ChangeKind kind, DateOnly day) => LastOf(Changes, kind, day);

    /// <summary>
    /// The event since which a day is owed that was not before: it took away an end, a pause or a price of nothing, and it was the last that did. 0
    /// where none after the last document did. To be asked of a day that is owed.
    /// </summary>
    public long LastGivenBack(DateOnly day) => LastGivenBack(Changes, day);

    /// <summary>The same of <see cref="PastChanges"/>.</summary>
    public long LastPastGivenBack(DateOnly day) => LastGivenBack(PastChanges, day);

    private static long LastGivenBack(ImmutableArray<ServiceChange> changes, DateOnly day) => Math.Max(
        Math.Max(LastOf(changes, ChangeKind.End, day), LastOf(changes, ChangeKind.Pause, day)), LastOf(changes, ChangeKind.Unfreed, day));

    private static long LastOf(ImmutableArray<ServiceChange> changes, ChangeKind kind, DateOnly day)
    {
        for (var i = changes.Length - 1; i >= 0; i--)
        {
            if ((changes[i].Kind == kind || changes[i].Kind == ChangeKind.Any) && changes[i].Reaches(day)) return changes[i].Cause;
        }

        return 0;
    }

    /// <summary>Whether documents charge a day in some tariff.</summary>
    public bool IsCharged(DateOnly day) => LastChargedFrom(day) is >= 0 and var place && day < Charged[place].Period.To;

    /// <summary>Whether documents charge a day, or charged it once and took it back.</summary>
    public bool WasCharged(DateOnly day)
    {
        if (IsCharged(day)) return true;
        foreach (var days in TakenBack)
        {
            if (days.Period.Contains(day)) return true;
        }

        return false;
    }

    /// <summary>Whether a pause that is free lies on a day.</summary>
    public bool RestsOn(DateOnly day)
    {
        foreach (var pause in Pauses)
        {
            if (!pause.Bills && pause.From <= day && (pause.To is null || day < pause.To)) return true;
        }

        return false;
    }

    /// <summary>Which special price and which discount apply on a day: of several the one agreed last.</summary>
    public (SpecialPrice? Price, SpecialPrice? Discount) AgreedOn(DateOnly day)
    {
        SpecialPrice? price = null, discount = null;
        foreach (var special in SpecialPrices)
        {
            if (!special.AppliesOn(day)) continue;
            if (special.MonthlyPrice is not null && (price is null || special.Cause >= price.Cause)) price = special;
            if (special.DiscountBasisPoints is not null && (discount is null || special.Cause >= discount.Cause)) discount = special;
        }

        return (price, discount);
    }

    /// <summary>Whether a day costs nothing by what was agreed for it, whatever the catalogue says.</summary>
    public bool IsFreeOn(DateOnly day) => AgreedOn(day) is var (price, discount) && (price?.IsFree == true || discount?.IsFree == true);

    /// <summary>First day after everything charged; null when nothing is.</summary>
    public DateOnly? ChargedUpTo => Charged.IsEmpty ? SettledUpTo : Charged[^1].Period.To;

    /// <summary>First day that proposals still look at.</summary>
    public DateOnly OpenFrom => SettledUpTo is { } settled && settled > Start ? settled : Start;

    /// <summary>Where the charged stretches are that begin on or before a day: the place of the last one, −1 when there is none.</summary>
    public int LastChargedFrom(DateOnly day)
    {
        int low = 0, high = Charged.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Charged[middle].Period.From <= day) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    public ServiceTerms TermsOn(DateOnly day)
    {
        for (var i = Terms.Length - 1; i > 0; i--)
        {
            if (Terms[i].From <= day) return Terms[i];
        }

        return Terms[0];
    }
}

/// <summary>A single charge (or, negative, a credit) that goes on the next document.</summary>
/// <param name="Id">The caller's own reference, unique within the account.</param>
/// <param name="Date">Day of supply; billed by the first run whose through-date reaches it.</param>
/// <param name="Billed">The line that charges it; null until then and after it was credited.</param>
/// <param name="Cancelled">No longer owed: credited by the next document if it was billed.</param>
public sealed record OneOff(
    string Id,
    DateOnly Date,
    string Text,
    Quantity Quantity,
    Money UnitPrice,
    PriceMode PriceMode,
    VatCategory VatCategory,
    long Cause,
    ChargePart? Billed = null,
    bool Cancelled = false)
{
    public Money Amount => UnitPrice.Times(Quantity.Thousandths, Quantity.PerUnit);
}
