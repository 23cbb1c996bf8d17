using IspBilling.Domain;
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

/// <summary>Single movements, and what a clerk decides about them.</summary>
internal static class EntryEndpoints
{
    public static void MapEntries(this RouteGroupBuilder v1)
    {
        v1.MapGet("/statements/{id:guid}/entries", OfStatement).WithTags("Statements").RequireScope(Scopes.Payments)
            .Named("listStatementEntries", "Entries that a file brought, in file order").Answers<Page<EntryRow>>(200).MayFail(400, 404);
        v1.MapGet("/suspense", Suspense).WithTags("Statements").RequireScope(Scopes.Payments)
            .Named("listSuspense", "Payments that wait for a person, with candidates and the reason").Answers<Page<EntryRow>>(200).MayFail(400);

        var entries = v1.MapGroup("/entries/{id:long}").WithTags("Statements").RequireScope(Scopes.Payments);
        entries.MapPost("/assign", Assign).Named("assignEntry", "Books an entry on a client").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/split", Split).Named("splitEntry", "Books an entry in parts on several clients").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
        entries.MapPost("/unassign", Unassign)
            .Named("unassignEntry", "Takes an entry off its client; it waits in suspense again").Answers<DeskAnswer>(200).MayFail(400, 404, 409);
    }

    private static async Task<IResult> OfStatement(
        Guid id, EntryState? state, string? cursor, int? limit, IStatementImportStore store, StatementImportReading reading, ClientDirectory directory,
        CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        if (await store.Find(new ImportId(id), cancellation) is null) return Problem.Unknown($"No statement has the id {id}.");
        var entries = await reading.Entries(new ImportId(id), state, paging.After ?? 0, paging.Asked, cancellation);
        return TypedResults.Ok(await EntryRow.Page(paging, entries, directory, cancellation));
    }

    private static async Task<IResult> Suspense(
        string? cursor, int? limit, StatementImportReading reading, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var entries = await reading.Suspense(paging.After ?? 0, paging.Asked, cancellation);
        return TypedResults.Ok(await EntryRow.Page(paging, entries, directory, cancellation));
    }

    private static async Task<IResult> Assign(
        long id, AssignRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation) =>
        await directory.Find(request.Client, cancellation) is { } account
            ? await Answer(await desk.Assign(id, account, Caller.Of(http.User).By, cancellation), directory, cancellation)
            : Problem.Invalid("client", "no client has this reference");

    private static async Task<IResult> Split(
        long id, SplitRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (request.Parts.Count is 0 or > ClerkDesk.MaxParts) faults.Add("parts", $"1 to {ClerkDesk.MaxParts} parts expected");
        if (faults.Any) return faults.Problem();
        var known = await directory.Find([.. request.Parts.Select(part => part.Client)], cancellation);
        var shares = new List<EntryShare>(request.Parts.Count);
        for (var i = 0; i < request.Parts.Count; i++)
        {
            if (!known.TryGetValue(request.Parts[i].Client, out var account)) faults.Add($"parts[{i}].client", "no client has this reference");
            shares.Add(new EntryShare(account, faults.Amount($"parts[{i}].amount", request.Parts[i].Amount)));
        }

        return faults.Any ? faults.Problem() : await Answer(await desk.Split(id, shares, Caller.Of(http.User).By, cancellation), directory, cancellation);
    }

    private static async Task<IResult> Unassign(long id, UnassignRequest request, HttpContext http, ClerkDesk desk, ClientDirectory directory, CancellationToken cancellation)
    {
        var faults = new Faults();
        var reason = faults.Text("reason", request.Reason);
        return faults.Any ? faults.Problem() : await Answer(await desk.Unassign(id, Caller.Of(http.User).By, reason, cancellation), directory, cancellation);
    }

    private static async Task<IResult> Answer(DeskReply reply, ClientDirectory directory, CancellationToken cancellation) => reply switch
    {
        EntryAssigned assigned => TypedResults.Ok(new DeskAnswer(EntryState.Matched, assigned.Flagged)),
        EntryUnassigned => TypedResults.Ok(new DeskAnswer(EntryState.Suspense, null)),
        DeskRefused refused => DeskProblem.Of(refused, await AccountsInText.Named(refused.Detail, directory, cancellation)),
        _ => throw new InvariantBrokenException($"no answer for {reply.GetType().Name}"),
    };
}
