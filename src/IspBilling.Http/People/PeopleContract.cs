using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Access.SignIn;
using IspBilling.Http.Problems;
using IspBilling.Postgres.Access;

namespace IspBilling.Http.People;

/// <summary>Whether a person can come in.</summary>
public enum PersonStatus
{
    /// <summary>Has not signed in or chosen a password yet.</summary>
    Invited,

    Active,

    /// <summary>Kept out, for now.</summary>
    Disabled,

    /// <summary>Gone for good; only the name remains, for what the person did.</summary>
    Removed,
}

/// <summary>A person to be invited.</summary>
/// <example>{"login":"eva@example.com","name":"Eva Malá","roles":["clerk"]}</example>
/// <param name="Login">E-mail address, by which the person signs in.</param>
/// <param name="Roles">Codes of roles; none that gives more than whoever invites has.</param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record InvitationRequest(string Login, string Name, IReadOnlyList<string> Roles, string? Reason = null)
{
    internal void Check(Faults faults)
    {
        PersonFaults.Login(faults, "login", Login);
        PersonFaults.Name(faults, Name);
        PersonFaults.Roles(faults, Roles);
    }
}

/// <summary>The roles that a person is to have, in place of those of before.</summary>
/// <example>{"roles":["clerk","sales"]}</example>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record PersonRolesRequest(IReadOnlyList<string> Roles, string? Reason = null);

/// <summary>A role of the provider's own.</summary>
/// <example>{"name":"Night shift","rights":["readClients","readMoney"]}</example>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record RoleRequest(string Name, IReadOnlyList<Right> Rights, string? Reason = null);

/// <param name="BuiltIn">It comes with the program and cannot be changed.</param>
/// <param name="Revision">For <c>If-Match</c>, in quotes; null for those that come with the program.</param>
public sealed record RoleView(string Code, string Name, IReadOnlyList<Right> Rights, bool BuiltIn, long? Revision)
{
    internal static RoleView Of(Role role) => new(role.Code, role.Name, [.. role.Rights], role.IsBuiltIn, role.Revision);
}

/// <param name="Login">Null when removed.</param>
/// <param name="Roles">Codes.</param>
/// <param name="SignsInByProvider">Has signed in by the identity provider.</param>
/// <param name="LockedUntil">After too many wrong passwords; null when passwords are looked at.</param>
public sealed record PersonView(
    int Id, string? Login, string Name, IReadOnlyList<string> Roles, PersonStatus Status, bool HasSecondFactor, bool SignsInByProvider,
    DateTimeOffset? LockedUntil, DateTimeOffset CreatedAt)
{
    internal static PersonView Of(PersonRow person, DateTimeOffset now) => new(
        person.Id.Value, person.Login, person.Name, person.Roles, StatusOf(person), person.HasFactor, person.HasProvider,
        person.LockedUntil > now ? person.LockedUntil : null, person.CreatedAt);

    private static PersonStatus StatusOf(PersonRow person)
    {
        if (person.RemovedAt is not null) return PersonStatus.Removed;
        if (person.DisabledAt is not null) return PersonStatus.Disabled;
        return person.CanSignIn ? PersonStatus.Active : PersonStatus.Invited;
    }
}

/// <summary>A link to be given to a person. It is shown now and never again, and is good once.</summary>
/// <param name="Link">Behind this engine's address: the page on which the person chooses a password.</param>
public sealed record LinkView(int Person, string Link, DateTimeOffset Until)
{
    internal static LinkView Of(PeopleReply reply) => new(reply.Person.Value, WelcomePath.Of(reply.Link!.Token), reply.Link.Until);
}

/// <summary>Where links lead.</summary>
public static class WelcomePath
{
    /// <summary>The secret stands behind the #: no server, proxy or log ever sees it.</summary>
    public static string Of(string token) => $"/welcome#{token}";
}

/// <param name="Means"><c>password</c> or <c>provider</c>.</param>
/// <param name="Agent">What the browser called itself.</param>
/// <param name="SeenAt">To the minute.</param>
/// <param name="Current">The session of this request.</param>
public sealed record SessionView(
    long Id, int Person, string PersonName, string Means, string? Address, string? Agent, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt,
    bool Current)
{
    internal static SessionView Of(SessionRow row, SessionId? current) => new(
        row.Id.Value, row.Person.Value, row.PersonName, row.Means, row.Address, row.Agent, row.CreatedAt, row.SeenAt, row.ExpiresAt, row.Id == current);
}

/// <summary>Signs a person in.</summary>
/// <example>{"login":"eva@example.com","password":"correct horse battery staple","code":"123456"}</example>
/// <param name="Code">Of the second factor, or a recovery code; needed when the person has one.</param>
public sealed record SignInRequest(string Login, string Password, string? Code = null);

/// <summary>Follows a one-time link: chooses a password.</summary>
/// <example>{"link":"isl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","password":"correct horse battery staple"}</example>
/// <param name="Link">What stands in the link behind the #.</param>
/// <param name="Login">Of the first person; nobody else's.</param>
/// <param name="Name">Of the first person.</param>
public sealed record WelcomeRequest(string Link, string Password, string? Login = null, string? Name = null);

/// <summary>Asks whose link it is, without using it.</summary>
/// <example>{"link":"isl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}</example>
public sealed record LinkRequest(string Link);

/// <param name="Login">Whose link it is; null when it is that of the first person, who is yet to say.</param>
public sealed record LinkAnswer(string? Login, string? Name, DateTimeOffset Until);

/// <example>{"current":"correct horse battery staple","chosen":"staple battery horse correct"}</example>
public sealed record PasswordRequest(string Current, string Chosen);

/// <example>{"password":"correct horse battery staple"}</example>
/// <param name="Password">The one of now: a session that was stolen does not know it.</param>
public sealed record OwnPasswordRequest(string Password);

/// <example>{"code":"123456"}</example>
public sealed record CodeRequest(string Code);

/// <param name="Secret">To be typed into an authenticator.</param>
/// <param name="Uri">The same for a QR code.</param>
public sealed record BegunFactorView(string Secret, string Uri)
{
    internal static BegunFactorView Of(BegunFactor begun) => new(begun.Secret, begun.Uri);
}

/// <param name="RecoveryCodes">Each good once in place of a code; shown now and never again.</param>
public sealed record ConfirmedFactorView(IReadOnlyList<string> RecoveryCodes);

/// <summary>Who asks, and what they may do.</summary>
/// <param name="Kind"><c>person</c> or <c>apiKey</c>.</param>
/// <param name="Id">The number of the person or key.</param>
/// <param name="Login">Of a person.</param>
/// <param name="Roles">Codes; none of a key, which has rights by itself.</param>
/// <param name="RecoveryCodesLeft">Of a person with a second factor.</param>
public sealed record MeView(
    string Kind, int Id, string Name, string? Login, IReadOnlyList<string> Roles, IReadOnlyList<Right> Rights, bool HasSecondFactor, int? RecoveryCodesLeft);

internal static class PersonFaults
{
    private const int MaxLogin = 200;
    private const int MaxName = 100;
    private const int MaxRoles = 20;

    public static string Login(Faults faults, string field, string? login)
    {
        if (faults.Email(field, login) is not { } email) faults.Add(field, "must not be empty");
        else if (email.Length > MaxLogin) faults.Add(field, $"at most {MaxLogin} characters");
        else return email;
        return "";
    }

    public static string Name(Faults faults, string? name) => faults.Text("name", name ?? "", MaxName);

    public static void Roles(Faults faults, IReadOnlyList<string> roles)
    {
        if (roles.Count > MaxRoles) faults.Add("roles", $"at most {MaxRoles}");
    }

    public static void Password(Faults faults, string field, string password, string login)
    {
        if (Passwords.Fault(password, login) is { } fault) faults.Add(field, fault);
    }
}
