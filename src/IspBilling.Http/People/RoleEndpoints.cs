using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.People;

/// <summary>Sets of rights by name: those of the program, and the provider's own.</summary>
internal static class RoleEndpoints
{
    public static void MapRoles(this RouteGroupBuilder v1)
    {
        var roles = v1.MapGroup("/roles").WithTags("People");
        roles.MapGet("", List).RequireRight(Right.ReadPeople).Named("listRoles", "All roles with their rights").Answers<IReadOnlyList<RoleView>>(200).MayFail();
        roles.MapPut("/{code}", Put).RequireRight(Right.ManagePeople)
            .Named("putRole", "Names a set of rights, or changes one; who has the role has the rights with their next request").Answers<RoleView>(200).MayFail(400, 409, 412);
        roles.MapDelete("/{code}", Remove).RequireRight(Right.ManagePeople).Named("removeRole", "Removes a role that nobody has").Answers(204).MayFail(400, 404, 409, 412);
    }

    private static async Task<Ok<IReadOnlyList<RoleView>>> List(PeopleStore store, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<RoleView>>([.. PeopleRules.AllRoles(await store.Roles(cancellation)).Select(RoleView.Of)]);

    /// <param name="code">Of the role: lower-case letters, digits and hyphens.</param>
    private static async Task<IResult> Put(
        string code, RoleRequest request, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, PeopleDesk desk, PeopleStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (!Role.IsCode(code)) faults.Add("code", $"1 to {Role.MaxCodeLength} lower-case letters, digits and hyphens");
        var name = faults.Text("name", request.Name, Role.MaxNameLength);
        var asker = SettingAuthor.Asker(http, clock, request.Reason, faults, ifMatch);
        if (faults.Any) return faults.Problem();
        var rights = RightSet.Of([.. request.Rights]);
        try
        {
            if ((await desk.PutRole(code, name, rights, asker, cancellation)).Refusal is { } refusal) return PeopleProblem.Of(refusal);
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }

        var revision = (await store.Roles(cancellation)).FirstOrDefault(role => role.Code == code)?.Revision;
        SettingAuthor.Show(http, revision);
        return TypedResults.Ok(new RoleView(code, name, [.. rights], BuiltIn: false, revision));
    }

    /// <param name="code">Of the role.</param>
    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static async Task<IResult> Remove(
        string code, string? reason, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, PeopleDesk desk, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var asker = SettingAuthor.Asker(http, clock, reason, faults, ifMatch);
        if (faults.Any) return faults.Problem();
        try
        {
            return (await desk.RemoveRole(code, asker, cancellation)).Refusal switch
            {
                null => TypedResults.NoContent(),
                PeopleRefusal.UnknownRole => Problem.Unknown($"There is no role {code}."),
                { } refusal => PeopleProblem.Of(refusal),
            };
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }
    }
}
