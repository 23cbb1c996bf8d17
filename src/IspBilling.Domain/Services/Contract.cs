namespace IspBilling.Domain;

/// <summary>What was signed with a client: from when, for how long, with which notice. It sets no price; services name the contract that they belong to.</summary>
/// <param name="Reference">The CRM's own, unique within the account.</param>
/// <param name="Number">As it stands on the paper, unique within the account.</param>
/// <param name="SignedOn">Null when nobody said.</param>
/// <param name="Start">First day.</param>
/// <param name="End">First day on which it no longer holds; null until somebody ends it. The start itself when it was withdrawn before it began.</param>
/// <param name="MinimumMonths">How long the client agreed to stay, from the start; 0 for as long as they like.</param>
/// <param name="NoticeDays">From the notice to the end that it leads to.</param>
/// <param name="Document">Where the signed text is, in words of the provider's own.</param>
/// <param name="EarlyEnd">What an end before <see cref="TermEnd"/> may cost; null when nothing was agreed.</param>
public sealed record Contract(
    string Reference,
    string Number,
    DateOnly? SignedOn,
    DateOnly Start,
    DateOnly? End,
    int MinimumMonths,
    int NoticeDays,
    string? Document,
    EarlyEndTerms? EarlyEnd)
{
    /// <summary>The highest revision that the CRM gave with what it said about the contract; null when it gives none.</summary>
    public long? PushRevision { get; init; }

    /// <summary>First day after the minimum term; null when there is none.</summary>
    public DateOnly? TermEnd => MinimumMonths > 0 ? Start.AddMonths(MinimumMonths) : null;

    /// <summary>Whether it still holds on a day, or will.</summary>
    public bool RunsOn(DateOnly day) => End is not { } end || (end > day && end > Start);

    /// <summary>First day without the contract when notice is given on a day; null when it ends by then anyway.</summary>
    public DateOnly? EndByNotice(DateOnly given)
    {
        var end = given.AddDays(NoticeDays);
        if (end < Start) end = Start;
        return End <= end ? null : end;
    }
}

/// <summary>What ending a contract before the end of its minimum term may cost: a share of what is left to be charged, and of a discount on equipment.</summary>
/// <remarks>
/// Laws bound both, differently for consumers and businesses, and change; so the terms stand in each contract as it was signed, and
/// the engine knows no limit but that nobody owes more than the whole.
/// </remarks>
/// <param name="ShareBasisPoints">Of the charges from the end to the end of the term: 500 is a twentieth.</param>
/// <param name="ShareMonths">The share is due only when the contract ends within so many months of its start; null for the whole term.</param>
/// <param name="EquipmentDiscount">Given on equipment at the start. Each month of the term that has passed takes an equal part off it.</param>
public sealed record EarlyEndTerms(int ShareBasisPoints, int? ShareMonths, Money? EquipmentDiscount);
