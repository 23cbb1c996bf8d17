using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Outreach.Print;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Print;

/// <summary>A batch of letters to be made of what is due on paper.</summary>
/// <example>{"max":200,"duplex":true}</example>
/// <param name="Max">Letters at most, 1 to 1,000.</param>
/// <param name="Duplex">Printed on both sides: each letter begins on a sheet of its own.</param>
public sealed record PrintBatchRequest(int Max = 200, bool Duplex = false);

/// <param name="Status">Posted and taken back are what a person said.</param>
/// <param name="By">Who made it.</param>
public sealed record PrintBatchView(Guid Id, PrintBatchStatus Status, DateTimeOffset MadeAt, string By, bool Duplex, int Letters, int Sheets, DateTimeOffset? ClosedAt);

/// <param name="Position">1 on top of the pile, below the list.</param>
/// <param name="Message">Id of the message that it is.</param>
/// <param name="Document">Its number.</param>
/// <param name="Client">The client's reference.</param>
public sealed record LetterView(int Position, string Message, string Document, string Client, string Name, Address Address, int Pages, int Sheets);

/// <summary>Letters for those without e-mail: printed by a person, and confirmed as posted by one.</summary>
internal static class PrintEndpoints
{
    public static void MapPrint(this RouteGroupBuilder v1)
    {
        var print = v1.MapGroup("/print-batches").WithTags("Messages");
        print.MapPost("", Make).RequireRight(Right.RunBilling)
            .Named("makePrintBatch", "Puts what is due on paper into one batch, sorted for the machine that folds it").Answers<PrintBatchView>(201).MayFail(400, 409);
        print.MapGet("", List).RequireRight(Right.ReadMoney).Named("listPrintBatches", "Batches of letters, the newest first").Answers<Page<PrintBatchView>>(200).MayFail(400);
        print.MapGet("/{id:guid}", Get).RequireRight(Right.ReadMoney).Named("getPrintBatch", "Where a batch stands").Answers<PrintBatchView>(200).MayFail(404);
        print.MapGet("/{id:guid}/letters", Letters).RequireRight(Right.ReadMoney).Named("listLetters", "What lies in a batch, in its order").Answers<Page<LetterView>>(200).MayFail(400, 404);
        print.MapGet("/{id:guid}/pdf", Pdf).RequireRight(Right.ReadMoney).Named("getPrintBatchPdf", "The list of what lies in it and the letters, in one file").Produces<byte[]>(200, "application/pdf").MayFail(404, 409);
        print.MapPost("/{id:guid}/posted", Posted).RequireRight(Right.RunBilling).Named("confirmPosted", "All letters of the batch lie in the post").Answers<PrintBatchView>(200).MayFail(404, 409);
        print.MapPost("/{id:guid}/taken-back", TakeBack).RequireRight(Right.RunBilling)
            .Named("takePrintBatchBack", "None of its letters was posted: they wait for another batch").Answers<PrintBatchView>(200).MayFail(404, 409);
    }

    private static async Task<IResult> Make(PrintBatchRequest request, HttpContext http, PrintDesk desk, CancellationToken cancellation)
    {
        if (request.Max is < 1 or > PrintDesk.MaxLetters) return Problem.Invalid("max", $"1 to {PrintDesk.MaxLetters}");
        var identity = CommandIdentity.Of(http);
        var batch = await desk.Make(identity.Id, request.Max, request.Duplex, identity.By, cancellation);
        return batch.Letters == 0 && batch.Status != PrintBatchStatus.Making
            ? Problem.Of(StatusCodes.Status409Conflict, "nothing-to-print", "Nothing is due on paper.", "The channel print is off, or everything that goes by it lies in a batch or is delivered.")
            : TypedResults.Created($"/v1/print-batches/{batch.Id}", View(batch));
    }

    private static async Task<IResult> List(string? cursor, int? limit, IPrintBatches batches, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var before = paging.After is { } micros && micros is >= 0 and < 253_370_764_800_000_000 ? DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) : new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var rows = await batches.List(before, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(rows, batch => (batch.MadeAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, View));
    }

    private static async Task<IResult> Get(Guid id, IPrintBatches batches, CancellationToken cancellation) =>
        await batches.Find(id, cancellation) is { } batch ? TypedResults.Ok(View(batch)) : Unknown();

    private static async Task<IResult> Letters(Guid id, string? cursor, int? limit, IPrintBatches batches, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<int>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await batches.Find(id, cancellation) is null) return Unknown();
        var rows = await batches.Letters(id, paging.After ?? 0, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(rows, letter => letter.Position, letter => new LetterView(
            letter.Position, letter.Delivery.ToString(), letter.Number, letter.Client, letter.Name, Address.Of(letter.Address), letter.Pages, letter.Sheets)));
    }

    private static async Task<IResult> Pdf(Guid id, HttpContext http, IPrintBatches batches, PrintDesk desk, CancellationToken cancellation)
    {
        if (await batches.Find(id, cancellation) is not { } batch) return Unknown();
        if (batch.Status is not (PrintBatchStatus.Ready or PrintBatchStatus.Posted)) return NotReady();
        switch (await desk.Print(batch, cancellation))
        {
            case PrintedBatch.Printed printed:
                http.Response.Headers.ContentDisposition = $"attachment; filename=\"letters-{id:n}.pdf\"";
                return TypedResults.Bytes(printed.Pdf, "application/pdf");
            case PrintedBatch.Changed changed:
                return Problem.Of(
                    StatusCodes.Status409Conflict, "print-changed", "A document is not printed as it was when the batch was made.",
                    $"{changed.Number}: {changed.Reason}. Take the batch back and make another.");
            case var other:
                throw new InvariantBrokenException($"no answer for {other.GetType().Name}");
        }
    }

    private static async Task<IResult> Posted(Guid id, HttpContext http, IPrintBatches batches, PrintDesk desk, CancellationToken cancellation) =>
        await Closed(id, batches, await desk.Posted(id, Caller.Of(http.User).By, cancellation), cancellation);

    private static async Task<IResult> TakeBack(Guid id, HttpContext http, IPrintBatches batches, PrintDesk desk, CancellationToken cancellation) =>
        await Closed(id, batches, await desk.TakeBack(id, Caller.Of(http.User).By, cancellation), cancellation);

    private static async Task<IResult> Closed(Guid id, IPrintBatches batches, bool isClosed, CancellationToken cancellation)
    {
        if (await batches.Find(id, cancellation) is not { } batch) return Unknown();
        return isClosed ? TypedResults.Ok(View(batch)) : NotReady();
    }

    private static IResult Unknown() => Problem.Unknown("There is no such batch of letters.");

    private static IResult NotReady() => Problem.Of(
        StatusCodes.Status409Conflict, "print-batch-not-ready", "The batch does not stand where that can be done.", "Look at its status: it is being made, or was posted or taken back.");

    private static PrintBatchView View(PrintBatch batch) => new(batch.Id, batch.Status, batch.MadeAt, batch.By.Name, batch.Duplex, batch.Letters, batch.Sheets, batch.ClosedAt);
}
