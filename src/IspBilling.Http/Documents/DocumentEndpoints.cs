using IspBilling.Access.Rights;
using IspBilling.Desk.Documents;
using IspBilling.Desk.Explanations;
using IspBilling.Documents.Content;
using IspBilling.Documents.Rendering;
using IspBilling.Domain;
using IspBilling.Engine.Documents;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Documents;

/// <summary>Issued documents: as data, as PDF, and why each line says what it says.</summary>
internal static class DocumentEndpoints
{
    public static void MapDocuments(this RouteGroupBuilder v1)
    {
        var documents = v1.MapGroup("/documents/{number}").WithTags("Documents").RequireRight(Right.ReadMoney);
        documents.MapGet("", View).Named("getDocument", "A document with its lines, VAT, payment details and what settles it")
            .Answers<DocumentView>(200).MayFail(400, 404, 409);
        documents.MapGet("/pdf", Pdf).Named("getDocumentPdf", "The document as it is printed")
            .Produces<byte[]>(200, "application/pdf").MayFail(400, 404, 409);
        documents.MapGet("/lines/{line:int}/explanation", Explain).Named("explainLine", "Why was I charged this?")
            .Answers<LineExplanation>(200).MayFail(400, 404, 409);

        v1.MapGet("/clients/{reference}/documents", List).WithTags("Documents").RequireRight(Right.ReadMoney)
            .Named("listClientDocuments", "A client's documents, the newest first").Answers<Page<DocumentListRow>>(200).MayFail(400, 404);
    }

    /// <param name="issuer">Numbers run per issuer. It may be left out while only one issuer has the number.</param>
    private static async Task<IResult> View(
        string number, int? issuer, DocumentReading reading, DocumentViews views, CancellationToken cancellation)
    {
        var (issued, problem) = await Find(number, issuer, reading, cancellation);
        return issued is null ? problem : TypedResults.Ok(await views.Of(issued, cancellation));
    }

    private static async Task<IResult> Pdf(
        string number, int? issuer, DocumentReading reading, IInvoiceRenderer renderer, HttpContext http, CancellationToken cancellation)
    {
        var (issued, problem) = await Find(number, issuer, reading, cancellation);
        if (issued is null) return problem;
        var corrected = await reading.NumbersOf(issued.Account, issued.Document.Corrected(), cancellation);
        var pdf = await renderer.RenderAsync(PrintedDocument.Of(issued, corrected), cancellation);
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{number}.pdf\"";
        return TypedResults.Bytes(pdf, "application/pdf");
    }

    private static async Task<IResult> Explain(
        string number, int line, int? issuer, DocumentReading reading, Explaining explaining, CancellationToken cancellation)
    {
        var (issued, problem) = await Find(number, issuer, reading, cancellation);
        if (issued is null) return problem;
        return await explaining.Of(issued, line, cancellation) is { } explanation
            ? TypedResults.Ok(explanation)
            : Problem.Unknown($"Document {number} has {issued.Document.Lines.Length} lines.");
    }

    private static async Task<IResult> List(
        string reference, string? cursor, int? limit, ClientDirectory directory, DocumentReading reading, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        var before = paging.After ?? long.MaxValue;
        var rows = await reading.Before(account, before, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => row.Ordinal, DocumentViews.Of));
    }

    private static async Task<(IssuedDocument? Issued, IResult Problem)> Find(
        string number, int? issuer, DocumentReading reading, CancellationToken cancellation)
    {
        if (DocumentNumber.Read(number) is not { } legal)
            return (null, Problem.Invalid("number", $"expected: {DocumentNumber.Shape}"));
        if (issuer is not null) return (await reading.Find(new IssuerId(issuer.Value), legal, cancellation), Problem.Unknown($"Issuer {issuer} has no document {number}."));
        var issuers = await reading.IssuersOf(legal, cancellation);
        return issuers.Count switch
        {
            0 => (null, Problem.Unknown($"No issuer has a document {number}.")),
            1 => (await reading.Find(issuers[0], legal, cancellation), Problem.Unknown($"No issuer has a document {number}.")),
            _ => (null, Problem.Of(
                StatusCodes.Status409Conflict, "ambiguous-number", "Several issuers have a document of this number.",
                $"Numbers run per issuer. Name the issuer, for example ?issuer={issuers[0]}.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["issuers"] = issuers.Select(found => found.Value).ToArray() })),
        };
    }
}
