using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Desk.Statements;

/// <param name="MatchedTotal">What was booked on clients, less what reversals took back; null where issuers differ in currency, and <paramref name="MatchedTotals"/> says it.</param>
/// <param name="MatchedTotals">The same, one amount per currency.</param>
/// <param name="RequestedBy">Who uploaded the file, or what fetched it.</param>
/// <param name="AlreadyKnown">Entries that an earlier file brought; nothing happened to them.</param>
/// <param name="Refusal">Why the file was refused, or is held until somebody states its account; then nothing of it was booked.</param>
public sealed record ImportView(
    Guid Id, string FileName, string Format, ImportStatus Status, Actor RequestedBy, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    long Read, long AlreadyKnown, long Matched, long Suspense, long Rejected, MoneyTotal? MatchedTotal, IReadOnlyList<MoneyTotal> MatchedTotals,
    IReadOnlyList<string> Warnings, string? Refusal);
