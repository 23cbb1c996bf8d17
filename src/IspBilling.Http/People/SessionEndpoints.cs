using IspBilling.Access.Rights;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.People;

/// <summary>Who is signed in, from where. What is revoked is refused by every node with its next request.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder v1)
    {
        var all = v1.MapGroup("/sessions").WithTags("People");
        all.MapGet("", List).RequireRight(Right.ReadPeople).Named("listSessions", "Everybody's sessions").Answers<Page<SessionView>>(200).MayFail(400);
        all.MapDelete("/{id:long}", Revoke).RequireRight(Right.ManagePeople).Named("revokeSession", "Ends a session everywhere at once").Answers(204).MayFail(404);

        var own = v1.MapGroup("/me/sessions").WithTags("Sign-in").RequirePerson();
        own.MapGet("", ListOwn).Named("listOwnSessions", "One's own sessions").Answers<Page<SessionView>>(200).MayFail(400);
        own.MapDelete("/{id:long}", RevokeOwn).Named("revokeOwnSession", "Ends one of one's own sessions").Answers(204).MayFail(404);
        own.MapPost("/revoke-others", RevokeOthers).Named("revokeOtherSessions", "Ends all of one's own sessions but this").Answers(204).MayFail();
    }

    private static Task<IResult> List(string? cursor, int? limit, HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation) =>
        PageOf(person: null, cursor, limit, http, store, clock, cancellation);

    private static Task<IResult> ListOwn(string? cursor, int? limit, HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation) =>
        PageOf(Own(http).Person, cursor, limit, http, store, clock, cancellation);

    private static async Task<IResult> PageOf(
        PersonId? person, string? cursor, int? limit, HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<long>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var current = CallerIdentity.Of(http.User).Session?.Session;
        var rows = await store.List(person, new SessionId(paging.After ?? 0), paging.Asked, clock.GetUtcNow(), SessionTerms.Usual, cancellation);
        return TypedResults.Ok(paging.Of(rows, row => row.Id.Value, row => SessionView.Of(row, current)));
    }

    private static Task<IResult> Revoke(long id, SessionStore store, TimeProvider clock, CancellationToken cancellation) =>
        End(id, person: null, store, clock, cancellation);

    private static Task<IResult> RevokeOwn(long id, HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation) =>
        End(id, Own(http).Person, store, clock, cancellation);

    private static async Task<IResult> End(long id, PersonId? person, SessionStore store, TimeProvider clock, CancellationToken cancellation) =>
        await store.Revoke(new SessionId(id), person, clock.GetUtcNow(), cancellation) ? TypedResults.NoContent() : Problem.Unknown($"There is no session {id}.");

    private static async Task<IResult> RevokeOthers(HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var own = Own(http);
        await store.RevokeAll(own.Person, own.Session, clock.GetUtcNow(), cancellation);
        return TypedResults.NoContent();
    }

    private static SessionHolder Own(HttpContext http) => CallerIdentity.Of(http.User).Session!;
}
