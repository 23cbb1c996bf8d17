using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Postgres.Settings;

namespace IspBilling.Access.Tests;

/// <summary>Whoever asks for a change to people.</summary>
internal static class Asks
{
    public static readonly Asker WithAll = With(RightSet.All);

    public static Asker With(RightSet rights, string? reason = null) =>
        new(new Authorship(new Actor(ActorKind.Person, "77", "Jana"), new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero), reason), rights);
}
