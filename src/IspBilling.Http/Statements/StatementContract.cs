using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.Contract;

namespace IspBilling.Http.Statements;

/// <param name="AlreadyKnown">Entries that an earlier file brought; nothing happened to them.</param>
/// <param name="Refusal">Why the file was refused; then nothing of it was booked.</param>
public sealed record ImportView(
    Guid Id, string FileName, string Format, ImportStatus Status, string RequestedBy, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    long Read, long AlreadyKnown, long Matched, long Suspense, long Rejected, MoneyAmount? MatchedTotal, IReadOnlyList<string> Warnings, string? Refusal);

/// <param name="OwnAccount">The provider's account that the entry is of.</param>
/// <param name="Client">Whom it was booked on; null while undecided.</param>
/// <param name="Reason">Why suspended, rejected or flagged.</param>
/// <param name="Candidates">Whose it may be, the likeliest first.</param>
public sealed record EntryView(
    long Id,
    Guid Statement,
    EntryState State,
    DateOnly BookedOn,
    DateOnly ValueOn,
    EntryDirection Direction,
    bool IsReversal,
    MoneyAmount Amount,
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
    IReadOnlyList<CandidateView> Candidates);

public sealed record CandidateView(string Client, MatchRule Rule, string Why);

/// <param name="Client">The CRM's reference.</param>
public sealed record AssignRequest(string Client);

/// <param name="Parts">Sum to the entry's amount.</param>
public sealed record SplitRequest(IReadOnlyList<SplitPart> Parts);

public sealed record SplitPart(string Client, MoneyAmount Amount);

public sealed record UnassignRequest(string Reason);
