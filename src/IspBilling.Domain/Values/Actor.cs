namespace IspBilling.Domain;

/// <summary>What kind of party asks for something. Stored by name; a name is never changed.</summary>
public enum ActorKind
{
    /// <summary>A person who is signed in.</summary>
    Person,

    /// <summary>A program with a key: the provider's CRM, a script.</summary>
    ApiKey,

    /// <summary>An account's own reminder, at the time it was waiting for.</summary>
    Reminder,

    /// <summary>A billing run; who started it stands on the run.</summary>
    Run,

    /// <summary>The import of a bank statement; who uploaded it stands on the import.</summary>
    Import,

    /// <summary>The client, on pages of their own.</summary>
    Client,

    /// <summary>The engine itself, where nobody asked: upkeep, a first start, a release that takes over what an earlier one stored.</summary>
    System,
}

/// <summary>
/// Who asks: stands on every command, settings change and act at a desk, and is covered by the hash of the events that followed.
/// </summary>
/// <param name="Kind">What kind of party.</param>
/// <param name="Id">Which one among its kind, for ever: a person's or key's number, a run's id. At most 200 characters.</param>
/// <param name="Name">What people call it, as it was called then. At most 200 characters.</param>
public sealed record Actor(ActorKind Kind, string Id, string Name)
{
    /// <summary>The longest id, and the longest name.</summary>
    public const int MaxLength = 200;

    /// <summary>The engine itself, for one of its own tasks.</summary>
    public static Actor System(string task) => new(ActorKind.System, task, task);
}
