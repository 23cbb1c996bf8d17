using IspBilling.Access.People;
using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.People;

internal static class PeopleProblem
{
    public static IResult Of(PeopleRefusal refusal) => refusal switch
    {
        PeopleRefusal.UnknownPerson => Problem.Unknown("There is no such person, or they were removed."),
        PeopleRefusal.UnknownRole => Problem.Invalid("roles", "a role that does not exist; GET /v1/roles lists them"),
        PeopleRefusal.BeyondOwnRights => Problem.BeyondOwnRights(),
        PeopleRefusal.LastWhoManages => Conflict("last-who-manages", "Nobody would be left to manage people.", "Give the right to someone else first who can sign in."),
        PeopleRefusal.LoginTaken => Conflict("login-taken", "Someone has this login.", "Each person has a login of their own."),
        PeopleRefusal.BuiltInRole => Conflict("built-in-role", "The role comes with the program.", "Name a role of your own."),
        PeopleRefusal.RoleInUse => Conflict("role-in-use", "Somebody has this role.", "Take it from everybody first."),
        PeopleRefusal.TooMany => Conflict("too-many", "There are too many already.", "Remove some that nobody needs."),
        PeopleRefusal.NotActive => Conflict("not-active", "The person is disabled.", "Enable them first."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "a refusal without an answer"),
    };

    private static IResult Conflict(string type, string title, string detail) => Problem.Of(StatusCodes.Status409Conflict, type, title, detail);
}
