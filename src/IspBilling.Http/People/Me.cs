using System.Globalization;
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

/// <summary>Says who asks.</summary>
internal sealed class Me(PeopleStore people, SignInStore signIns)
{
    public async Task<MeView> Of(SessionHolder holder, CancellationToken cancellation)
    {
        var person = (await people.Find(holder.Person, cancellation))!;
        int? left = person.HasFactor ? await signIns.RecoveryCodesLeft(person.Id, cancellation) : null;
        return new MeView("person", person.Id.Value, person.Name, person.Login, person.Roles, [.. PeopleRules.RightsOf(holder)], person.HasFactor, left);
    }
}

/// <summary>One's own particulars and ways to sign in.</summary>
internal static class MeEndpoints
{
    public static void MapMe(this RouteGroupBuilder v1)
    {
        v1.MapGet("/me", Get).WithTags("Sign-in").RequireCaller().Named("getMe", "Who asks, and what they may do").Answers<MeView>(200).MayFail();
        var me = v1.MapGroup("/me").WithTags("Sign-in").RequirePerson().WithMetadata(new CarriesSecret());
        me.MapPost("/password", ChangePassword).Named("changePassword", "Chooses another password; one's other sessions end").Answers(204).MayFail(400, 409);
        me.MapPost("/second-factor", BeginFactor).Named("beginSecondFactor", "Begins with a second factor: a secret for an authenticator, shown once").Answers<BegunFactorView>(200).MayFail(409);
        me.MapPost("/second-factor/confirm", ConfirmFactor)
            .Named("confirmSecondFactor", "From now on the second factor is asked for; answers recovery codes, shown once").Answers<ConfirmedFactorView>(200).MayFail(400);
        me.MapPost("/second-factor/remove", RemoveFactor).Named("removeSecondFactor", "Takes one's own second factor away").Answers(204).MayFail(400);
    }

    private static async Task<IResult> Get(HttpContext http, Me me, CancellationToken cancellation)
    {
        var identity = CallerIdentity.Of(http.User);
        if (identity.Session is { } holder) return TypedResults.Ok(await me.Of(holder, cancellation));
        var key = identity.Caller.By;
        return TypedResults.Ok(new MeView("apiKey", int.Parse(key.Id, CultureInfo.InvariantCulture), key.Name, null, [], [.. identity.Rights], HasSecondFactor: false, RecoveryCodesLeft: null));
    }

    private static async Task<IResult> ChangePassword(PasswordRequest request, HttpContext http, SignInDesk desk, PeopleStore people, CancellationToken cancellation)
    {
        var (session, person) = await Own(http, people, cancellation);
        var faults = new Faults();
        PersonFaults.Password(faults, "chosen", request.Chosen, person.Login ?? "");
        if (faults.Any) return faults.Problem();
        return await desk.ChangePassword(person, session, request.Current, request.Chosen, cancellation)
            ? TypedResults.NoContent()
            : Problem.Invalid("current", "not the password, or too many were tried");
    }

    private static async Task<IResult> BeginFactor(HttpContext http, SecondFactor factor, PeopleStore people, CancellationToken cancellation)
    {
        var (_, person) = await Own(http, people, cancellation);
        return await factor.Begin(person.Id, person.Login ?? "", cancellation) is { } begun
            ? TypedResults.Ok(BegunFactorView.Of(begun))
            : Problem.Of(StatusCodes.Status409Conflict, "second-factor-exists", "There is a second factor already.", "Remove it first, which needs the password.");
    }

    private static async Task<IResult> ConfirmFactor(CodeRequest request, HttpContext http, SecondFactor factor, CancellationToken cancellation)
    {
        var holder = CallerIdentity.Of(http.User).Session!;
        return await factor.Confirm(holder.Person, holder.Name, request.Code, cancellation) is { } codes
            ? TypedResults.Ok(new ConfirmedFactorView(codes))
            : Problem.Invalid("code", "not the code of now, or nothing was begun");
    }

    private static async Task<IResult> RemoveFactor(OwnPasswordRequest request, HttpContext http, SignInDesk desk, PeopleStore people, CancellationToken cancellation)
    {
        var (_, person) = await Own(http, people, cancellation);
        return await desk.RemoveFactor(person, request.Password, cancellation) ? TypedResults.NoContent() : Problem.Invalid("password", "not the password, or too many were tried");
    }

    private static async Task<(SessionId Session, PersonRow Person)> Own(HttpContext http, PeopleStore people, CancellationToken cancellation)
    {
        var holder = CallerIdentity.Of(http.User).Session!;
        return (holder.Session, (await people.Find(holder.Person, cancellation))!);
    }
}
