using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Desk.Runs;

/// <param name="RequestedBy">Who started it; reminders where clients are billed one by one, each on its day.</param>
/// <param name="Accounts">Dealt with so far.</param>
/// <param name="Total">What the documents sum to, credit notes negative; null where issuers differ in currency, and <paramref name="Totals"/> says it.</param>
/// <param name="Totals">The same, one amount per currency.</param>
/// <param name="Failure">Why a failed run stopped; run again, it bills nothing twice.</param>
public sealed record RunView(
    Guid Id, RunMode Mode, RunStatus Status, DateOnly Through, int? Issuer, int? Clients, Guid? ComparedTo, Actor RequestedBy,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, long Accounts, long Issued, long NothingToBill, long Skipped, long Parked,
    long Documents, MoneyTotal? Total, IReadOnlyList<MoneyTotal> Totals, string? Failure);

/// <param name="IsComplete">Every account that was due has an outcome.</param>
/// <param name="Missed">Accounts that are due and have none.</param>
/// <param name="Unrecorded">Accounts that were billed before the run was interrupted; it counts them when it goes on.</param>
/// <param name="Exceptions">Accounts that need a person.</param>
public sealed record ProofView(
    bool IsComplete, long Due, long Issued, long NothingToBill, long Skipped, long Parked, IReadOnlyList<string> Missed,
    IReadOnlyList<string> Unrecorded, IReadOnlyList<RunItemView> Exceptions);

/// <param name="Total">Sum of the account's documents; null without documents.</param>
/// <param name="PreviousTotal">The account's last invoice before the run.</param>
public sealed record RunItemView(
    string Client, long Account, RunOutcome Outcome, int Documents, Money? Total, Money? PreviousTotal, string? Detail);

/// <summary>An account that is billed differently from its last period.</summary>
public sealed record RunDifferenceView(string Client, long Account, RunDifferenceKind Kind, Money? Before, Money? Now);

/// <summary>An account for which the issue is not what the preview showed.</summary>
public sealed record RunDeviationView(
    string Client, long Account, RunOutcome? Previewed, Money? PreviewedTotal, RunOutcome? Issued, Money? IssuedTotal);
