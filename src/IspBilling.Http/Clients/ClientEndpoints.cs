using System.Globalization;
using IspBilling.Access.Rights;
using IspBilling.Desk.Clients;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
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

namespace IspBilling.Http.Clients;

/// <summary>Clients under the CRM's own references.</summary>
internal static class ClientEndpoints
{
    public static void MapClients(this RouteGroupBuilder v1)
    {
        var clients = v1.MapGroup("/clients").WithTags("Clients");
        clients.MapPut("/{reference}", Put).RequireRight(Right.WriteClients)
            .Named("putClient", "Creates a client or changes their particulars; a push older than one before answers with stale set and changes nothing").Answers<PushedClient>(200, 201).MayFail(400, 409);
        clients.MapGet("/{reference}", Card).RequireRight(Right.ReadMoney)
            .Named("getClient", "The client card").Answers<ClientCard>(200).MayFail(400, 404);
        clients.MapGet("", List).RequireRight(Right.ReadMoney)
            .Named("listClients", "Clients by the beginning of their name, or a reference, a variable symbol of theirs or of a document, company number or e-mail address")
            .Answers<Page<ClientRow>>(200).MayFail(400);
        clients.MapGet("/{reference}/particulars", Particulars).RequireRight(Right.ReadClients)
            .Named("getClientParticulars", "Who the client is and which services they have, without any amount").Answers<ClientParticulars>(200).MayFail(404);
        v1.MapGet("/client-names", Names).WithTags("Clients").RequireRight(Right.ReadClients)
            .Named("listClientNames", "Clients as listClients finds them, without any amount").Answers<Page<ClientNameRow>>(200).MayFail(400);
        v1.MapGet("/checks/symbols-in-double-use", SymbolsInDoubleUse).WithTags("Clients").RequireRight(Right.ReadClients)
            .Named("listSymbolsInDoubleUse", "Variable symbols that several clients of one issuer carry: payments with them wait for a person")
            .Answers<Page<SharedSymbolRow>>(200).MayFail(400);
        clients.MapPost("/{reference}/close", Close).RequireRight(Right.WriteClients)
            .Named("closeClient", "The client leaves; refused while a service or a contract runs").Answers(204).MayFail(404, 409);
        clients.MapPost("/{reference}/reopen", Reopen).RequireRight(Right.WriteClients)
            .Named("reopenClient", "Takes a closing back").Answers(204).MayFail(404, 409);
    }

    private static async Task<IResult> Put(
        string reference, ClientRequest request, HttpContext http, ClientDirectory directory, ClientPush push, CancellationToken cancellation)
    {
        var known = await directory.Find(reference, cancellation);
        var (profile, faults) = await push.Read(request, known, cancellation);
        if (known is null) reference = faults.NewReference("reference", reference);
        if (faults.Any) return faults.Problem();

        var (account, reply, refusal) = await push.Put(reference, profile, request.Revision, known, CommandIdentity.Of(http), cancellation);
        if (refusal is not null) return refusal;
        if (AccountReplyProblem.Of(reply!) is { } problem) return problem;
        return reply switch
        {
            ClientCreated => TypedResults.Created($"/v1/clients/{Uri.EscapeDataString(reference)}", PushedClient.Applied(profile, request.Revision)),
            Stale stale => TypedResults.Ok(PushedClient.OutOfDate(await push.Stored(account!.Value, cancellation), stale)),
            _ => TypedResults.Ok(PushedClient.Applied(profile, request.Revision)),
        };
    }

    /// <remarks>Answered from the last commit without asking the account, which may be busy with a billing run.</remarks>
    /// <param name="through">Shows what billing through this day would issue; today when left out.</param>
    private static async Task<IResult> Card(
        string reference, DateOnly? through, ClientCards cards, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Date("through", through);
        if (faults.Any) return faults.Problem();
        return await cards.Find(reference, through, cancellation) is { } card ? TypedResults.Ok(card) : Problem.UnknownClient(reference);
    }

    private static async Task<IResult> List(
        string? search, string? cursor, int? limit, ClientList list, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var wanted = faults.OptionalText("search", search);
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging || faults.Any) return faults.Problem();
        var issuers = contexts.Settings.Issuers;
        var rows = await list.After(paging.After ?? 0, paging.Asked, wanted, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => row.Account, row => new ClientRow(
            row.Reference, row.Account, row.Issuer, row.Name, row.CompanyNumber, row.Email, row.Phone, (AccountStatus)row.Status, (ServiceLevel)row.Level,
            MoneyAmount.Of(row.Balance, issuers[new IssuerId(row.Issuer)].Currency.Code))));
    }

    private static async Task<IResult> Particulars(
        string reference, ClientDirectory directory, AccountReading reading, LiveContext contexts, CancellationToken cancellation) =>
        await directory.Find(reference, cancellation) is { } account && await reading.Find(account, cancellation) is { } snapshot
            ? TypedResults.Ok(ClientParticulars.Of(reference, snapshot.State, contexts.Now().Context))
            : Problem.UnknownClient(reference);

    private static async Task<IResult> Names(string? search, string? cursor, int? limit, ClientList list, CancellationToken cancellation)
    {
        var faults = new Faults();
        var wanted = faults.OptionalText("search", search);
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging || faults.Any) return faults.Problem();
        var rows = await list.After(paging.After ?? 0, paging.Asked, wanted, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => row.Account, row => new ClientNameRow(
            row.Reference, row.Account, row.Issuer, row.Name, row.Email, row.Phone, (AccountStatus)row.Status, (ServiceLevel)row.Level)));
    }

    private static async Task<IResult> SymbolsInDoubleUse(string? cursor, int? limit, SymbolUse symbols, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<SymbolCursor>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var after = paging.After ?? default;
        var rows = await symbols.InDoubleUse((after.Symbol, after.Issuer), paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => new SymbolCursor(row.Symbol, row.Issuer), SharedSymbolRow.Of));
    }

    private static Task<IResult> Close(string reference, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, new CloseAccount(), cancellation);

    private static Task<IResult> Reopen(string reference, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, new ReopenAccount(), cancellation);
}
