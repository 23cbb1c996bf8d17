using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Desk.Statements;

/// <param name="OwnAccount">The provider's account that the entry is of.</param>
/// <param name="Client">Whom it was booked on; null while undecided, and when a clerk split it over several.</param>
/// <param name="Reason">Why suspended, rejected or flagged.</param>
/// <param name="Candidates">Whose it may be, the likeliest first.</param>
/// <param name="AssignedBy">Who last assigned it, took it off or closed it; null when nobody ever did.</param>
/// <param name="Issuer">Whose account received the money; null for an entry from before issuers were asked.</param>
/// <param name="IsDoubtful">It may be money that another entry tells as well, be it the one that came first or the one that came later: no rule books it.</param>
/// <param name="LooksLike">The entry that a doubtful one may be; null where a statement tells its day whole and no entry there fits.</param>
/// <param name="Hold">Why a person decides, whatever the rules say; null where they may.</param>
/// <param name="OtherTexts">What people wrote besides the message, and what looked like a symbol and was not taken for one; a line each. Of a
/// batch whose payments were told later, what these tell.</param>
/// <param name="Fee">What the bank kept of a return; null for nothing.</param>
/// <param name="ClosedWith">The entry that this one was closed together with.</param>
/// <param name="MayBe">Entries that may be the same money and are not closed, the oldest first; at most 20. While one of them is booked, this one is not, unless
/// a person tells them apart.</param>
public sealed record EntryRow(
    long Id,
    Guid Statement,
    EntryState State,
    DateOnly BookedOn,
    DateOnly ValueOn,
    EntryDirection Direction,
    bool IsReversal,
    Money Amount,
    string OwnAccount,
    string? CounterAccount,
    string? CounterName,
    string? VariableSymbol,
    string? ConstantSymbol,
    string? SpecificSymbol,
    string? Message,
    string? Client,
    MatchRule? Rule,
    string? Reason,
    IReadOnlyList<CandidateView> Candidates,
    Actor? AssignedBy,
    int? Issuer,
    bool IsDoubtful,
    long? LooksLike,
    EntryHold? Hold,
    string? OtherTexts,
    Money? Fee,
    long? ClosedWith,
    IReadOnlyList<long> MayBe);

/// <param name="Parts">On whom it is booked and which payments it takes back; empty while it is nobody's, and for one that a rule matched whole.</param>
/// <param name="Decisions">Who decided what about it and why, the oldest first.</param>
public sealed record EntryDetail(EntryRow Entry, IReadOnlyList<EntryPartView> Parts, IReadOnlyList<EntryDecisionView> Decisions);

/// <param name="Amount">In the entry's currency.</param>
/// <param name="Worth">What a clerk stated that it is worth in the client's currency; null where that is the entry's.</param>
/// <param name="Payment">The payment that went back, or the refund that came back; null for money that was booked.</param>
public sealed record EntryPartView(string Client, Money Amount, Money? Worth, int? Payment);

public sealed record EntryDecisionView(DateTimeOffset At, Actor By, EntryAction Action, string? Reason);

public sealed record CandidateView(string Client, MatchRule Rule, string Why);
