using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Postgres.Imports;

/// <summary>A row of <c>statement_imports</c>.</summary>
/// <param name="Warnings">Of <c>string</c>; the driver names no closer type for an array column.</param>
internal sealed record ImportRow(
    Guid Id,
    string FileName,
    string Format,
    string? RequestedByKind,
    string? RequestedById,
    string RequestedBy,
    DateTime StartedAt,
    DateTime? FinishedAt,
    int Status,
    long Read,
    long AlreadyKnown,
    long Matched,
    long Suspense,
    long Rejected,
    long MatchedTotal,
    Array Warnings,
    string? Refusal)
{
    public const string Columns =
        """
        id, file_name AS FileName, format, requested_by_kind AS RequestedByKind, requested_by_id AS RequestedById, requested_by AS RequestedBy,
        started_at AS StartedAt, finished_at AS FinishedAt, status::int AS Status, read, already_known AS AlreadyKnown, matched, suspense, rejected, matched_total AS MatchedTotal, warnings, refusal
        """;

    public StatementImport ToImport() => new(
        new ImportId(Id),
        FileName,
        Format,
        StoredActor.Of(RequestedByKind, RequestedById, RequestedBy),
        new DateTimeOffset(StartedAt, TimeSpan.Zero),
        FinishedAt is { } finished ? new DateTimeOffset(finished, TimeSpan.Zero) : null,
        (ImportStatus)Status,
        new ImportCounts(Read, AlreadyKnown, Matched, Suspense, Rejected, MatchedTotal),
        (string[])Warnings,
        Refusal);
}
