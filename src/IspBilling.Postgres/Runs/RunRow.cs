using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;

namespace IspBilling.Postgres.Runs;

/// <summary>A row of <c>billing_runs</c>.</summary>
/// <param name="Accounts">Of <c>long</c>; the driver names no closer type for an array column.</param>
internal sealed record RunRow(
    Guid Id,
    int Mode,
    DateOnly Through,
    int? Issuer,
    Array? Accounts,
    Guid? ComparedTo,
    string? RequestedByKind,
    string? RequestedById,
    string RequestedBy,
    DateTime StartedAt,
    DateTime? FinishedAt,
    int Status,
    long Cursor,
    long Issued,
    long Nothing,
    long Skipped,
    long Parked,
    long Documents,
    long Total,
    string? Failure)
{
    public const string Columns =
        """
        id, mode::int AS Mode, through, issuer, accounts, compared_to AS ComparedTo, requested_by_kind AS RequestedByKind,
        requested_by_id AS RequestedById, requested_by AS RequestedBy, started_at AS StartedAt, finished_at AS FinishedAt, status::int AS Status, cursor,
        issued, nothing, skipped, parked, documents, total, failure
        """;

    public BillingRun ToRun() => new(
        new RunId(Id),
        (RunMode)Mode,
        Through,
        new RunFilter(
            Issuer is { } issuer ? new IssuerId(issuer) : null,
            Accounts is long[] accounts ? Array.ConvertAll(accounts, account => new AccountId(account)) : null),
        ComparedTo is { } preview ? new RunId(preview) : null,
        StoredActor.Of(RequestedByKind, RequestedById, RequestedBy),
        new DateTimeOffset(StartedAt, TimeSpan.Zero),
        FinishedAt is { } finished ? new DateTimeOffset(finished, TimeSpan.Zero) : null,
        (RunStatus)Status,
        new AccountId(Cursor),
        new RunCounts(Issued, Nothing, Skipped, Parked, Documents, Total),
        Failure);
}
