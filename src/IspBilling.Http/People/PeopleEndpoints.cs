using IspBilling.Access.People;
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

/// <summary>People who sign in, and what they may do.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this RouteGroupBuilder v1)
    {
        var people = v1.MapGroup("/people").WithTags("People");
        people.MapGet("", List).RequireRight(Right.ReadPeople).Named("listPeople", "Everybody, also who was removed").Answers<Page<PersonView>>(200).MayFail(400);
        people.MapPost("", Invite).RequireRight(Right.ManagePeople).WithMetadata(new CarriesSecret())
            .Named("invitePerson", "Invites a person; the link by which they choose a password is shown once").Answers<LinkView>(201).MayFail(400, 409);
        people.MapGet("/{id:int}", Get).RequireRight(Right.ReadPeople).Named("getPerson", "A person").Answers<PersonView>(200).MayFail(404);
        people.MapPut("/{id:int}/roles", SetRoles).RequireRight(Right.ManagePeople)
            .Named("setRolesOfPerson", "Gives a person other roles, with their next request").Answers(204).MayFail(400, 404, 409);
        people.MapPost("/{id:int}/disable", Disable).RequireRight(Right.ManagePeople)
            .Named("disablePerson", "Keeps a person out; their sessions end everywhere at once").Answers(204).MayFail(400, 404, 409);
        people.MapPost("/{id:int}/enable", Enable).RequireRight(Right.ManagePeople)
            .Named("enablePerson", "Lets a person in again, and ends a lock after wrong passwords").Answers(204).MayFail(400, 404, 409);
        people.MapDelete("/{id:int}", Remove).RequireRight(Right.ManagePeople)
            .Named("removePerson", "Removes a person for good; what they did keeps their name").Answers(204).MayFail(400, 404, 409);
        people.MapPost("/{id:int}/link", NewLink).RequireRight(Right.ManagePeople).WithMetadata(new CarriesSecret())
            .Named("newLinkForPerson", "A new link, for who lost the invitation or the password; it is shown once").Answers<LinkView>(201).MayFail(400, 404, 409);
        people.MapPost("/{id:int}/reset-second-factor", ResetFactor).RequireRight(Right.ManagePeople)
            .Named("resetSecondFactor", "Takes a person's second factor away, for who lost it and the recovery codes").Answers(204).MayFail(400, 404, 409);
    }

    private static async Task<IResult> List(string? cursor, int? limit, PeopleStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<int>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var people = await store.List(new PersonId(paging.After ?? 0), paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(people, person => person.Id.Value, person => PersonView.Of(person, clock.GetUtcNow())));
    }

    private static async Task<IResult> Get(int id, PeopleStore store, TimeProvider clock, CancellationToken cancellation) =>
        await store.Find(new PersonId(id), cancellation) is { } person
            ? TypedResults.Ok(PersonView.Of(person, clock.GetUtcNow()))
            : PeopleProblem.Of(PeopleRefusal.UnknownPerson);

    private static async Task<IResult> Invite(InvitationRequest request, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        request.Check(faults);
        var asker = SettingAuthor.Asker(http, clock, request.Reason, faults);
        if (faults.Any) return faults.Problem();
        return Linked(await desk.Invite(request.Login, request.Name.Trim(), Distinct(request.Roles), asker, cancellation));
    }

    private static async Task<IResult> SetRoles(int id, PersonRolesRequest request, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        PersonFaults.Roles(faults, request.Roles);
        var asker = SettingAuthor.Asker(http, clock, request.Reason, faults);
        if (faults.Any) return faults.Problem();
        return Done(await desk.SetRoles(new PersonId(id), Distinct(request.Roles), asker, cancellation));
    }

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static Task<IResult> Disable(int id, string? reason, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation) =>
        By(http, clock, reason, async asker => Done(await desk.Disable(new PersonId(id), asker, cancellation)));

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static Task<IResult> Enable(int id, string? reason, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation) =>
        By(http, clock, reason, async asker => Done(await desk.Enable(new PersonId(id), asker, cancellation)));

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static Task<IResult> Remove(int id, string? reason, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation) =>
        By(http, clock, reason, async asker => Done(await desk.Remove(new PersonId(id), asker, cancellation)));

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static Task<IResult> NewLink(int id, string? reason, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation) =>
        By(http, clock, reason, async asker => Linked(await desk.NewLink(new PersonId(id), asker, cancellation)));

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static Task<IResult> ResetFactor(int id, string? reason, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation) =>
        By(http, clock, reason, async asker => Done(await desk.RemoveFactor(new PersonId(id), asker, cancellation)));

    private static async Task<IResult> By(HttpContext http, TimeProvider clock, string? reason, Func<Asker, Task<IResult>> change)
    {
        var faults = new Faults();
        var asker = SettingAuthor.Asker(http, clock, reason, faults);
        return faults.Any ? faults.Problem() : await change(asker);
    }

    private static IResult Linked(PeopleReply reply) => reply.Refusal is { } refusal
        ? PeopleProblem.Of(refusal)
        : TypedResults.Created($"/v1/people/{reply.Person.Value}", LinkView.Of(reply));

    private static IResult Done(PeopleReply reply) => reply.Refusal is { } refusal ? PeopleProblem.Of(refusal) : TypedResults.NoContent();

    private static string[] Distinct(IEnumerable<string> roles) => [.. roles.Distinct(StringComparer.Ordinal)];
}
