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

/// <summary>Single movements, and what a clerk decides about them.</summary>
internal static class EntryEndpoints
{
    public static void MapEntries(this RouteGroupBuilder v1)
    {
        v1.MapGet("/statements/{id:guid}/entries", OfStatement).WithTags("Statements").RequireRight(Right.ReadStatements)
            .Named("listStatementEntries", "Entries that a file brought, in file order").Answers<Page<EntryRow>>(200).MayFail(400, 404);
        v1.MapGet("/suspense", Suspense).WithTags("Statements").RequireRight(Right.ReadStatements)
            .Named("listSuspense", "Payments that wait for a person, with candidates and the reason").Answers<Page<EntryRow>>(200).MayFail(400);

        var entries = v1.MapGroup("/entries/{id:long}").WithTags("Statements");
        entries.MapGet("", Get).RequireRight(Right.ReadStatements).Named("getEntry", "An entry, on whom it is booked, and who decided what about it and why").Answers<EntryDetail>(200).MayFail(404);
        entries.MapPost("/assign", Assign).RequireRight(Right.BookPayments).Named("assignEntry", "Books an entry on a client").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/split", Split).RequireRight(Right.BookPayments).Named("splitEntry", "Books an entry in parts on several clients").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/unassign", Unassign).RequireRight(Right.BookPayments)
            .Named("unassignEntry", "Undoes what an entry did to its client; it waits in suspense again").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/return", Return).RequireRight(Right.BookPayments)
            .Named("returnPayments", "Says which payments an entry takes back, whole or in part, and what the bank kept").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/close", Close).RequireRight(Right.BookPayments)
            .Named("closeEntry", "Closes an entry that is no client's, or a payment and its storno together").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/tell-apart", TellApart).RequireRight(Right.BookPayments)
            .Named("tellEntriesApart", "Says that an entry is other money than entries that look the same, so that each may be booked").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/reopen", Reopen).RequireRight(Right.BookPayments).Named("reopenEntry", "Puts a closed entry back in suspense").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
    }

    private static async Task<IResult> OfStatement(
        Guid id, EntryState? state, string? cursor, int? limit, StatementViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        return await views.Entries(new ImportId(id), state, paging.After ?? 0, paging.Asked, cancellation) is { } entries
            ? TypedResults.Ok(paging.Of(entries, entry => entry.Id, entry => entry))
            : Problem.Unknown($"No statement has the id {id}.");
    }

    private static async Task<IResult> Suspense(string? cursor, int? limit, StatementViews views, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var entries = await views.Suspense(paging.After ?? 0, paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(entries, entry => entry.Id, entry => entry));
    }

    private static async Task<IResult> Get(long id, StatementViews views, CancellationToken cancellation) =>
        await views.Entry(id, cancellation) is { } entry ? TypedResults.Ok(entry) : Problem.Unknown($"No statement entry has the id {id}.");

    private static async Task<IResult> Assign(
        long id, AssignRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        Money? stated = request.Amount is { } amount ? faults.Amount("amount", amount) : null;
        var reason = faults.OptionalReason("reason", request.Reason);
        if (faults.Any) return faults.Problem();
        return await directory.Find(request.Client, cancellation) is { } account
            ? await Answer(await desk.Assign(id, account, stated, Caller.Of(http.User).By, reason, cancellation), "amount", directory, cancellation)
            : Problem.Invalid("client", "no client has this reference");
    }

    private static async Task<IResult> Split(
        long id, SplitRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (request.Parts.Count is 0 or > ClerkDesk.MaxParts) faults.Add("parts", $"1 to {ClerkDesk.MaxParts} parts expected");
        var reason = faults.OptionalReason("reason", request.Reason);
        if (faults.Any) return faults.Problem();
        var known = await directory.Find([.. request.Parts.Select(part => part.Client)], cancellation);
        var shares = new List<EntryShare>(request.Parts.Count);
        for (var i = 0; i < request.Parts.Count; i++)
        {
            var part = request.Parts[i];
            if (!known.TryGetValue(part.Client, out var account)) faults.Add($"parts[{i}].client", "no client has this reference");
            var amount = faults.Amount($"parts[{i}].amount", part.Amount);
            shares.Add(new EntryShare(account, amount, part.Worth is { } worth ? faults.Amount($"parts[{i}].worth", worth) : null));
        }

        return faults.Any ? faults.Problem() : await Answer(await desk.Split(id, shares, Caller.Of(http.User).By, reason, cancellation), "parts", directory, cancellation);
    }

    private static async Task<IResult> Unassign(long id, UnassignRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        var reason = faults.Reason("reason", request.Reason);
        return faults.Any ? faults.Problem() : await Answer(await desk.Unassign(id, Caller.Of(http.User).By, reason, cancellation), "reason", directory, cancellation);
    }

    private static async Task<IResult> Return(
        long id, ReturnRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (request.Payments.Count is 0 or > ClerkDesk.MaxParts) faults.Add("payments", $"1 to {ClerkDesk.MaxParts} payments expected");
        var reason = faults.Reason("reason", request.Reason);
        Money? fee = request.Fee is { } kept ? faults.Amount("fee", kept) : null;
        if (faults.Any) return faults.Problem();
        var known = await directory.Find([.. request.Payments.Select(payment => payment.Client)], cancellation);
        var shares = new List<ReturnShare>(request.Payments.Count);
        for (var i = 0; i < request.Payments.Count; i++)
        {
            var payment = request.Payments[i];
            if (!known.TryGetValue(payment.Client, out var account)) faults.Add($"payments[{i}].client", "no client has this reference");
            if (payment.Payment < 1) faults.Add($"payments[{i}].payment", "1 or more expected");
            var amount = faults.Amount($"payments[{i}].amount", payment.Amount);
            shares.Add(new ReturnShare(account, payment.Payment, amount, payment.Worth is { } worth ? faults.Amount($"payments[{i}].worth", worth) : null));
        }

        return faults.Any ? faults.Problem() : await Answer(await desk.Return(id, shares, fee, Caller.Of(http.User).By, reason, cancellation), "payments", directory, cancellation);
    }

    private static async Task<IResult> Close(
        long id, CloseRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        var (reason, by) = (faults.Reason("reason", request.Reason), Caller.Of(http.User).By);
        if (request.With < 1) faults.Add("with", "the id of an entry expected");
        if (faults.Any) return faults.Problem();
        var reply = request.With is { } other
            ? await desk.CloseTogether(id, other, by, reason, cancellation)
            : await desk.Close(id, by, reason, cancellation);
        return await Answer(reply, "with", directory, cancellation);
    }

    private static async Task<IResult> Reopen(
        long id, ReopenRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        var reason = faults.Reason("reason", request.Reason);
        return faults.Any ? faults.Problem() : await Answer(await desk.Reopen(id, Caller.Of(http.User).By, reason, cancellation), "reason", directory, cancellation);
    }

    private static async Task<IResult> TellApart(
        long id, TellApartRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (request.From.Count is 0 or > EntryView.MaxMayBe) faults.Add("from", $"1 to {EntryView.MaxMayBe} entries expected");
        if (request.From.Any(other => other < 1 || other == id)) faults.Add("from", "ids of other entries expected");
        var reason = faults.Reason("reason", request.Reason);
        return faults.Any ? faults.Problem() : await Answer(await desk.TellApart(id, request.From, Caller.Of(http.User).By, reason, cancellation), "from", directory, cancellation);
    }

    /// <param name="field">Of the request: what says on what the entry is to be booked.</param>
    private static async Task<IResult> Answer(DeskReply reply, string field, ClientDirectory directory, CancellationToken cancellation) => reply switch
    {
        EntryAssigned assigned => TypedResults.Ok(new DeskAnswer(EntryState.Matched, assigned.Flagged)),
        EntryUnassigned => TypedResults.Ok(new DeskAnswer(EntryState.Suspense, null)),
        EntryClosed => TypedResults.Ok(new DeskAnswer(EntryState.Rejected, null)),
        EntryToldApart apart => TypedResults.Ok(new DeskAnswer(apart.State, null)),
        DeskRefused refused => DeskProblem.Of(refused, await AccountsInText.Named(refused.Detail, directory, cancellation), field),
        _ => throw new InvariantBrokenException($"no answer for {reply.GetType().Name}"),
    };
}
