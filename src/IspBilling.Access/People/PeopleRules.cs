using IspBilling.Access.Rights;
using IspBilling.Postgres.Access;

namespace IspBilling.Access.People;

/// <summary>Why a change to people, roles or keys is refused.</summary>
public enum PeopleRefusal
{
    UnknownPerson,
    UnknownRole,

    /// <summary>It would give, or put into somebody's hands, rights that whoever asks does not have.</summary>
    BeyondOwnRights,

    /// <summary>Nobody would be left who may manage people and can sign in.</summary>
    LastWhoManages,

    LoginTaken,

    /// <summary>The role comes with the program.</summary>
    BuiltInRole,

    /// <summary>Somebody has the role.</summary>
    RoleInUse,

    TooMany,

    /// <summary>The person is removed, or disabled where an active one is needed.</summary>
    NotActive,
}

/// <summary>Who may do what, and what may become of it. Pure: read from the rows of one moment.</summary>
public sealed class PeopleRules(PeopleRows rows)
{
    private readonly Dictionary<string, Role> _roles = AllRoles(rows.Roles).ToDictionary(role => role.Code, StringComparer.Ordinal);

    public static IEnumerable<Role> AllRoles(IEnumerable<RoleRow> own) =>
        BuiltInRoles.All.Concat(own.Select(row => new Role(row.Code, row.Name, RightNames.Read(row.Rights), IsBuiltIn: false, row.Revision)));

    /// <summary>What the holder of a session may do, by the roles of this moment.</summary>
    public static RightSet RightsOf(SessionHolder holder) => holder.Roles.Aggregate(
        RightNames.Read(holder.OwnRoleRights), static (rights, code) => rights.And(BuiltInRoles.Find(code)?.Rights ?? RightSet.None));

    public Role? FindRole(string code) => _roles.GetValueOrDefault(code);

    public PersonRow? Find(PersonId person) => rows.People.FirstOrDefault(row => row.Id == person);

    public RightSet RightsOf(IEnumerable<string> roles) =>
        roles.Aggregate(RightSet.None, (rights, code) => rights.And(_roles.TryGetValue(code, out var role) ? role.Rights : RightSet.None));

    /// <summary>Whether anyone who may manage people can sign in.</summary>
    public bool IsManaged => rows.People.Any(person => person.CanSignIn && RightsOf(person.Roles).Has(Right.ManagePeople));

    public bool IsHeld(string role) => rows.People.Any(person => person.Roles.Contains(role, StringComparer.Ordinal));

    /// <summary>
    /// Whether somebody may change a person. Whoever could change one with more rights could take that person's place, by a new link or
    /// without the second factor.
    /// </summary>
    public PeopleRefusal? RefusesChange(PersonId person, RightSet asker)
    {
        if (Find(person) is not { } row) return PeopleRefusal.UnknownPerson;
        return asker.Covers(RightsOf(row.Roles)) ? null : PeopleRefusal.BeyondOwnRights;
    }

    /// <summary>Whether somebody may give roles.</summary>
    public PeopleRefusal? RefusesRoles(IEnumerable<string> roles, RightSet asker)
    {
        var codes = roles.ToList();
        if (codes.Any(code => FindRole(code) is null)) return PeopleRefusal.UnknownRole;
        return asker.Covers(RightsOf(codes)) ? null : PeopleRefusal.BeyondOwnRights;
    }
}
