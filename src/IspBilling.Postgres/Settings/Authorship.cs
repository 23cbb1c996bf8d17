using IspBilling.Domain;

namespace IspBilling.Postgres.Settings;

/// <summary>Who changes a setting, when and why.</summary>
/// <param name="At">UTC; kept to the microsecond.</param>
/// <param name="Reason">What people read when they ask why; at most <see cref="MaxReasonLength"/> characters.</param>
/// <param name="Command">The same one again changes nothing a second time; null where nobody repeats.</param>
/// <param name="BasedOn">Revision of the setting that the author had in front of them; null accepts whatever there is now.</param>
public sealed record Authorship(Actor Actor, DateTimeOffset At, string? Reason = null, Guid? Command = null, long? BasedOn = null)
{
    public const int MaxReasonLength = 500;

    /// <summary>The engine itself, for one of its own tasks.</summary>
    public static Authorship OfSystem(string task, DateTimeOffset at) => new(Actor.System(task), at);
}

/// <summary>Somebody else changed the setting since the author looked at it; nothing was stored.</summary>
/// <param name="current">What it is now; null when it does not exist.</param>
/// <param name="basedOn">What the author looked at; null when that revision is none of this setting.</param>
public sealed class SettingMovedOnException(SettingsEntry? current, SettingsEntry? basedOn)
    : Exception($"the setting is at revision {current?.Revision ?? 0} by now")
{
    public SettingsEntry? Current => current;

    public SettingsEntry? BasedOn => basedOn;
}
