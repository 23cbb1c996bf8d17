using IspBilling.Access.People;
using IspBilling.Access.SignIn;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.People;

/// <summary>In and out, and the links by which people choose a password.</summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this RouteGroupBuilder v1)
    {
        var open = v1.MapGroup("").WithTags("Sign-in").OpenToAll().AsRarelyAsSignIns().WithMetadata(new GivesCookie(), new CarriesSecret());
        open.MapPost("/sign-in", SignIn).Named("signIn", "Signs a person in; the answer brings the cookie of the session").Answers<MeView>(200).MayFail(400);
        open.MapPost("/welcome/look", Look).Named("lookAtLink", "Whose a one-time link is").Answers<LinkAnswer>(200).MayFail(400, 404);
        open.MapPost("/welcome", Follow).Named("followLink", "Follows a one-time link: chooses a password, by which to sign in").Answers(204).MayFail(400, 404);
        v1.MapPost("/sign-out", SignOut).WithTags("Sign-in").RequirePerson().Named("signOut", "Ends this session").Answers(204).MayFail();
    }

    /// <remarks>
    /// A login that nobody has, a wrong password, a wrong code and a lock after too many of them are answered alike. `code-needed` says that the
    /// password is right and the second factor is missing. Needs the header X-Requested-By.
    /// </remarks>
    private static async Task<IResult> SignIn(SignInRequest request, HttpContext http, SignInDesk desk, Me me, CancellationToken cancellation)
    {
        var place = SignInPlace.Of(http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString());
        var reply = await desk.SignIn(request.Login, request.Password, request.Code, place, cancellation);
        if (reply.Outcome == SignInOutcome.CodeNeeded)
            return Problem.Of(StatusCodes.Status401Unauthorized, "code-needed", "The code of the second factor is needed.", "Send code as well, or a recovery code in its place.");
        if (reply.Session is not { } session)
            return Problem.Of(StatusCodes.Status401Unauthorized, "sign-in-refused", "Login, password or code are not right.", "Or too many were tried: wait a quarter of an hour.");
        SessionCookie.Give(http, session);
        return TypedResults.Ok(await me.Of((await desk.Find(session, cancellation))!, cancellation));
    }

    private static async Task<IResult> SignOut(HttpContext http, SessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var own = CallerIdentity.Of(http.User).Session!;
        await store.RevokeOwn(own.Session, own.Person, clock.GetUtcNow(), cancellation);
        SessionCookie.Take(http);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Look(LinkRequest request, SignInStore store, TimeProvider clock, CancellationToken cancellation) =>
        Tokens.HashOf(request.Link, Tokens.LinkPrefix) is { } hash && await store.FindLink(hash, clock.GetUtcNow(), cancellation) is { } found
            ? TypedResults.Ok(new LinkAnswer(found.Person?.Login, found.Person?.Name, found.Link.ExpiresAt))
            : UnknownLink();

    private static async Task<IResult> Follow(WelcomeRequest request, SignInStore store, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation)
    {
        if (Tokens.HashOf(request.Link, Tokens.LinkPrefix) is not { } hash || await store.FindLink(hash, clock.GetUtcNow(), cancellation) is not { } found)
            return UnknownLink();
        var faults = new Faults();
        (string Login, string Name)? first = found.Person is null ? (PersonFaults.Login(faults, "login", request.Login), PersonFaults.Name(faults, request.Name)) : null;
        PersonFaults.Password(faults, "password", request.Password, found.Person?.Login ?? request.Login ?? "");
        if (faults.Any) return faults.Problem();
        return await desk.Follow(request.Link, request.Password, first, cancellation) is null ? UnknownLink() : TypedResults.NoContent();
    }

    private static IResult UnknownLink() => Problem.Unknown("The link is unknown, was used, or is too old. Ask for a new one; until there is a person, each start of the engine prints one.");
}
