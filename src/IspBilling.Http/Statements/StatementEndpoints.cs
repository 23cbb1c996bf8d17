using System.Globalization;
using IspBilling.Access.Rights;
using IspBilling.Desk.Statements;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
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
        var statements = v1.MapGroup("/statements").WithTags("Statements");
        statements.MapPost("", Upload).RequireRight(Right.BookPayments).WithMetadata(new UploadLimit(limits.StatementBytes))
            .Named("uploadStatement", "Books a bank statement: the file as the body, or as a form's file")
            .Answers<ImportView>(201).MayFail(400, 409, 422);
        statements.MapGet("", List).RequireRight(Right.ReadStatements).Named("listStatements", "Files, the youngest first").Answers<Page<ImportView>>(200).MayFail(400);
        statements.MapGet("/{id:guid}", Get).RequireRight(Right.ReadStatements).Named("getStatement", "What became of a file").Answers<ImportView>(200).MayFail(404);
    }

    /// <param name="fileName">For messages; also as the header X-File-Name, or the form's.</param>
    private static async Task<IResult> Upload(
        string? fileName, HttpContext http, UploadPlaces places, StatementIntake intake, IStatementImportStore store, IdempotencyStore keys, StatementViews views,
        TimeProvider clock, CancellationToken cancellation)
    {
        using var place = places.TryTake();
        if (place is null) return Problem.UploadsBusy(http);
        var (received, problem) = await UploadedFile.Receive(http.Request, fileName, cancellation);
        if (received is null) return problem!;
        await using var upload = received;
        if (!await IdempotentRequests.Claim(http, keys, clock, RequestFingerprint.Of(http.Request, upload.Hash))) return Problem.KeyReused();

        var identity = CommandIdentity.Of(http);
        var id = new ImportId(identity.Id);
        if (await store.Find(id, cancellation) is { } before) return await Answer(before, views, cancellation);
        try
        {
            return await Answer(await intake.Import(id, upload.Content, upload.FileName, identity.By, upload.Hash), views, cancellation);
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

    private static async Task<IResult> Get(Guid id, IStatementImportStore store, StatementViews views, CancellationToken cancellation) =>
        await store.Find(new ImportId(id), cancellation) is { } import
            ? TypedResults.Ok(await views.Of(import, cancellation))
            : Problem.Unknown($"No statement has the id {id}.");

    private static async Task<IResult> List(string? cursor, int? limit, StatementViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<Guid>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var imports = await views.List(paging.After is { } before ? new ImportId(before) : null, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(imports, import => import.Id, import => import));
    }

    private static async Task<IResult> Answer(StatementImport import, StatementViews views, CancellationToken cancellation) => import.Status == ImportStatus.Refused
        ? Problem.Of(StatusCodes.Status422UnprocessableEntity, "statement-refused", "The file cannot be trusted; nothing of it was booked.", import.Refusal)
        : TypedResults.Created(
            string.Create(CultureInfo.InvariantCulture, $"/v1/statements/{import.Id.Value}"), await views.Of(import, cancellation));
}
