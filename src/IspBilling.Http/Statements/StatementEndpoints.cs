using System.Globalization;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Statements;

/// <summary>Bank statements: bytes in, booked payments out.</summary>
internal static class StatementEndpoints
{
    public static void MapStatements(this RouteGroupBuilder v1, HttpLimits limits)
    {
        var statements = v1.MapGroup("/statements").WithTags("Statements").RequireScope(Scopes.Payments);
        statements.MapPost("", Upload).WithMetadata(new UploadLimit(limits.StatementBytes))
            .Named("uploadStatement", "Books a bank statement: the file as the body, or as a form's file")
            .Accepts<IFormFile>("application/octet-stream", "multipart/form-data")
            .Answers<ImportView>(201).MayFail(400, 409, 413, 415, 422);
        statements.MapGet("", List).Named("listStatements", "Files, the youngest first").Answers<Page<ImportView>>(200).MayFail(400);
        statements.MapGet("/{id:guid}", Get).Named("getStatement", "What became of a file").Answers<ImportView>(200).MayFail(404);
    }

    /// <param name="fileName">For messages; also as the header X-File-Name, or the form's.</param>
    private static async Task<IResult> Upload(
        string? fileName, HttpContext http, StatementIntake intake, IStatementImportStore store, IdempotencyStore keys, LiveContext contexts,
        TimeProvider clock, CancellationToken cancellation)
    {
        var (body, name, problem) = await UploadedFile.Of(http.Request, fileName, cancellation);
        if (body is null) return problem!;
        await using var upload = await SpooledUpload.Receive(body, name, cancellation);
        if (!await IdempotentRequests.Claim(http, keys, clock, RequestFingerprint.Of(http.Request, upload.Hash))) return Problem.KeyReused();

        var identity = CommandIdentity.Of(http);
        var id = new ImportId(identity.Id);
        if (await store.Find(id, cancellation) is { } before) return Answer(before, contexts);
        try
        {
            return Answer(await intake.Import(id, upload, identity.By), contexts);
        }
        catch (StatementFormatException refused)
        {
            return Problem.Of(
                StatusCodes.Status422UnprocessableEntity, "statement-refused", "The file cannot be trusted; nothing of it was booked.", refused.Message,
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["fileName"] = refused.FileName, ["position"] = refused.Position, ["expected"] = refused.Expected, ["found"] = refused.Found,
                });
        }
    }

    private static async Task<IResult> Get(Guid id, IStatementImportStore store, LiveContext contexts, CancellationToken cancellation) =>
        await store.Find(new ImportId(id), cancellation) is { } import ? TypedResults.Ok(View(import, contexts)) : Problem.Unknown($"No statement has the id {id}.");

    private static async Task<IResult> List(
        string? cursor, int? limit, StatementImportReading reading, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<Guid>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var imports = await reading.List(paging.After is { } before ? new ImportId(before) : null, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(imports, import => import.Id.Value, import => View(import, contexts)));
    }

    private static IResult Answer(StatementImport import, LiveContext contexts) => import.Status == ImportStatus.Refused
        ? Problem.Of(StatusCodes.Status422UnprocessableEntity, "statement-refused", "The file cannot be trusted; nothing of it was booked.", import.Refusal)
        : TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/v1/statements/{import.Id.Value}"), View(import, contexts));

    private static ImportView View(StatementImport import, LiveContext contexts) => new(
        import.Id.Value, import.FileName, import.Format, import.Status, import.RequestedBy, import.StartedAt, import.FinishedAt,
        import.Counts.Read, import.Counts.AlreadyKnown, import.Counts.Matched, import.Counts.Suspense, import.Counts.Rejected,
        Currencies.OfAll(contexts) is { } currency ? MoneyAmount.Of(import.Counts.MatchedMinor, currency) : null, import.Warnings, import.Refusal);
}
