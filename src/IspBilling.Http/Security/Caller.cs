using System.Globalization;
using System.Security.Claims;
using IspBilling.Domain;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Security;

/// <summary>Whose key a request carries.</summary>
/// <param name="By">Stands in the journal, and wherever else somebody is named, as the one who asked.</param>
public readonly record struct Caller(ApiKeyId KeyId, Actor By)
{
    public static Caller Of(ClaimsPrincipal user)
    {
        var id = user.FindFirstValue(ClaimTypes.NameIdentifier)!;
        return new Caller(
            new ApiKeyId(int.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture)),
            new Actor(ActorKind.ApiKey, id, user.FindFirstValue(ClaimTypes.Name)!));
    }
}
