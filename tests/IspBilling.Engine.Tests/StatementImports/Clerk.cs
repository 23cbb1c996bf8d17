using IspBilling.Domain;

namespace IspBilling.Engine.Tests.StatementImports;

internal static class Clerk
{
    public static readonly Actor Eva = new(ActorKind.Person, "3", "eva");
}
