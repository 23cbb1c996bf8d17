using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Tests.Support;

/// <summary>Whoever asks for a change to people without the interface.</summary>
internal static class Asks
{
    public static readonly Asker WithAll = new(Authorship.OfSystem("test", new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)), RightSet.All);
}
