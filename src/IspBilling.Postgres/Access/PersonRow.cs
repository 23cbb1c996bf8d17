namespace IspBilling.Postgres.Access;

public readonly record struct PersonId(int Value);

/// <summary>A person as stored. What roles and rights mean is not known here.</summary>
/// <param name="Login">E-mail address in lower case; null when removed.</param>
/// <param name="HasPassword">The person has followed the invitation.</param>
/// <param name="HasFactor">A second factor is asked for.</param>
/// <param name="HasProvider">The person has signed in by an identity provider.</param>
/// <param name="LockedUntil">Until when passwords are not looked at; null or past when they are.</param>
public sealed record PersonRow(
    PersonId Id,
    string? Login,
    string Name,
    IReadOnlyList<string> Roles,
    bool HasPassword,
    bool HasFactor,
    bool HasProvider,
    DateTimeOffset? LockedUntil,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? RemovedAt)
{
    /// <summary>Not disabled and not removed.</summary>
    public bool IsActive => DisabledAt is null && RemovedAt is null;

    /// <summary>Active, and with something to sign in by.</summary>
    public bool CanSignIn => IsActive && (HasPassword || HasProvider);
}

/// <summary>Rights that the provider gave a name; the words are those of the rights.</summary>
/// <param name="Revision">Of the settings journal, which told of it last; null when no entry does.</param>
public sealed record RoleRow(string Code, string Name, IReadOnlyList<string> Rights, long? Revision = null);

/// <summary>Everyone who is not removed, and the provider's own roles, as of one moment.</summary>
public sealed record PeopleRows(IReadOnlyList<PersonRow> People, IReadOnlyList<RoleRow> Roles);
