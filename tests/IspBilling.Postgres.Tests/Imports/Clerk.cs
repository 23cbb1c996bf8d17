using IspBilling.Domain;

namespace IspBilling.Postgres.Tests.Imports;

internal static class Clerk
{
    public static readonly Actor Eva = new(ActorKind.Person, "3", "eva");
}
