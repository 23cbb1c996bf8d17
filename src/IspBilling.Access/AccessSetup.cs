using IspBilling.Access.People;
using IspBilling.Access.Ring;
using IspBilling.Access.SignIn;
using IspBilling.Postgres.Access;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Access;

/// <summary>Puts together who may come in and do what. The host brings the database, the clock and the <see cref="KeyRing"/>.</summary>
public static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<PeopleStore>().AddSingleton<SessionStore>().AddSingleton<SignInStore>().AddSingleton<SecretRows>()
        .AddSingleton<Passwords>().AddSingleton<PeopleDesk>().AddSingleton<SecondFactor>().AddSingleton<SignInDesk>().AddSingleton<SecretStore>();
}
