using IspBilling.Access.Rights;
using IspBilling.Desk.History;
using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Notes;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.History;

/// <summary>What somebody writes down about a client.</summary>
/// <example>{"kind":"call","text":"Will pay on Friday, asks for the number of the account.","ticket":"T-4711"}</example>
/// <param name="Kind">Whether somebody spoke with the client, wrote something down, or the client wrote.</param>
/// <param name="Text">1 to 4,000 characters; lines may be broken. Write no passwords and nothing of a client's health.</param>
/// <param name="Ticket">Of whoever keeps tickets, at most 100 characters; its history then shows the note.</param>
public sealed record NoteRequest(NoteKind Kind, string Text, string? Ticket = null);

/// <param name="Id">By which it can be erased.</param>
/// <param name="By">Who wrote it down.</param>
/// <param name="Text">Null once it was erased.</param>
public sealed record NoteView(Guid Id, DateTimeOffset At, NoteKind Kind, string By, string? Text, string? Ticket);

/// <summary>What happened between the provider and a client, and what people wrote down about it.</summary>
internal static class HistoryEndpoints
{
    public static void MapHistory(this RouteGroupBuilder v1)
    {
        var client = v1.MapGroup("/clients/{reference}").WithTags("Clients");
        client.MapGet("/history", OfClient).RequireRight(Right.ReadMoney)
            .Named("clientHistory", "A client's story, the newest first: documents, payments, steps, messages and what became of them, promises, levels, notes")
            .Answers<Page<HistoryRow>>(200).MayFail(400, 404);
        client.MapPost("/notes", Add).RequireRight(Right.HandleDebts)
            .Named("addNote", "Writes down a call, a note or a message that came in").Answers<NoteView>(201).MayFail(400, 404, 409);
        client.MapDelete("/notes/{id:guid}", Erase).RequireRight(Right.WriteClients)
            .Named("eraseNote", "Erases what a note says, for good; that there was one stays").Answers(204).MayFail(404);
        v1.MapGet("/tickets/{ticket}/history", OfTicket).WithTags("Clients").RequireRight(Right.ReadMoney)
            .Named("ticketHistory", "A ticket's notes with what its clients paid and were told meanwhile, the newest first").Answers<Page<HistoryRow>>(200).MayFail(400, 404);
    }

    private static async Task<IResult> OfClient(
        string reference, string? cursor, int? limit, ClientDirectory directory, ClientHistory history, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<HistoryKey>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        return Page(paging, await history.Of(account, reference, paging.After, paging.Asked, cancellation));
    }

    private static async Task<IResult> OfTicket(string ticket, string? cursor, int? limit, ClientHistory history, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<HistoryKey>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (ticket.Length > ClientNotes.MaxTicket || ticket.Any(char.IsControl) || await history.OfTicket(ticket, paging.After, paging.Asked, cancellation) is not { } rows)
            return Problem.Unknown("No note names that ticket.");
        return Page(paging, rows);
    }

    private static Ok<Page<HistoryRow>> Page(Paging<HistoryKey> paging, IReadOnlyList<(HistoryKey Key, HistoryRow Row)> rows) =>
        TypedResults.Ok(paging.Of(rows, row => row.Key, row => row.Row));

    private static async Task<IResult> Add(
        string reference, NoteRequest request, HttpContext http, ClientDirectory directory, ClientNotes notes, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var text = faults.Lines("text", request.Text, ClientNotes.MaxText);
        var ticket = faults.OptionalText("ticket", request.Ticket, ClientNotes.MaxTicket);
        if (faults.Any) return faults.Problem();
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        var identity = CommandIdentity.Of(http);
        var note = await notes.Add(new ClientNote(identity.Id, account, clock.GetUtcNow(), request.Kind, identity.By, text, ticket, ErasedAt: null), cancellation);
        return note is null
            ? Problem.Of(StatusCodes.Status409Conflict, "too-many-notes", $"There are {ClientNotes.MaxOfClient} notes of this client already.")
            : TypedResults.Created((string?)null, new NoteView(note.Id, note.At, note.Kind, note.By.Name, note.Text, note.Ticket));
    }

    private static async Task<IResult> Erase(
        string reference, Guid id, HttpContext http, ClientDirectory directory, ClientNotes notes, TimeProvider clock, CancellationToken cancellation)
    {
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        return await notes.Erase(account, id, Caller.Of(http.User).By, clock.GetUtcNow(), cancellation) ? TypedResults.NoContent() : Problem.Unknown("The client has no such note.");
    }
}
