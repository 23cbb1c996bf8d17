using System.Globalization;
using System.Security.Claims;
using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Security;

/// <summary>Who asks: the person who is signed in, or the program with a key.</summary>
/// <param name="Number">Tells callers apart where they are remembered by a number.</param>
/// <param name="By">Stands in the journal, and wherever else somebody is named, as the one who asked.</param>
public readonly record struct Caller(Actor By, CallerNumber Number)
{
    /// <exception cref="InvalidOperationException">Nobody: the endpoint is open to strangers.</exception>
    public static Caller Of(ClaimsPrincipal user) => CallerIdentity.Of(user).Caller;

    internal static Caller Of(ApiKey key) => new(
        new Actor(ActorKind.ApiKey, key.Id.Value.ToString(CultureInfo.InvariantCulture), key.Name), CallerNumber.Of(key.Id));

    internal static Caller Of(SessionHolder holder) => new(
        new Actor(ActorKind.Person, holder.Person.Value.ToString(CultureInfo.InvariantCulture), holder.Name), CallerNumber.OfPerson(holder.Person.Value));
}

/// <summary>The caller of a request with what they may do.</summary>
/// <param name="caller">Who asks.</param>
/// <param name="rights">Looked up with this request; of a key at most seconds ago.</param>
/// <param name="session">The session of a person; null for a key.</param>
internal sealed class CallerIdentity(Caller caller, RightSet rights, SessionHolder? session) : ClaimsIdentity(CallerAuthentication.SchemeName)
{
    public Caller Caller { get; } = caller;

    public RightSet Rights { get; } = rights;

    public SessionHolder? Session { get; } = session;

    public static CallerIdentity Of(ClaimsPrincipal user) =>
        user.Identity as CallerIdentity ?? throw new InvalidOperationException("an endpoint that asks who calls is open to strangers");
}
