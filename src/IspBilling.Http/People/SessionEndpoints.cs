using IspBilling.Access.Rights;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
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
        all.MapDelete("/{id:long}", Revoke).RequireRight(Right.ManagePeople).Named("revokeSession", "Ends a session everywhere at once").Answers(204).MayFail(400, 404);

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

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static async Task<IResult> Revoke(long id, string? reason, HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var author = SettingAuthor.Read(http, clock, reason, ifMatch: null, whyNeeded: null, faults);
        return faults.Any ? faults.Problem() : Ended(id, await store.Revoke(new SessionId(id), author, cancellation));
    }

    private static async Task<IResult> RevokeOwn(long id, HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation) =>
        Ended(id, await store.RevokeOwn(new SessionId(id), Own(http).Person, clock.GetUtcNow(), cancellation));

    private static IResult Ended(long id, bool isEnded) => isEnded ? TypedResults.NoContent() : Problem.Unknown($"There is no session {id}.");

    private static async Task<IResult> RevokeOthers(HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var own = Own(http);
        await store.RevokeAll(own.Person, own.Session, clock.GetUtcNow(), cancellation);
        return TypedResults.NoContent();
    }

    private static SessionHolder Own(HttpContext http) => CallerIdentity.Of(http.User).Session!;
}
