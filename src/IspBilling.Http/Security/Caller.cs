using System.Globalization;
using System.Security.Claims;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Security;

/// <summary>Whose key a request carries.</summary>
/// <param name="By">Stands in the journal, and wherever else somebody is named, as the one who asked: the key's name and number.</param>
public readonly record struct Caller(ApiKeyId KeyId, string By)
{
    public static Caller Of(ClaimsPrincipal user)
    {
        var id = int.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, NumberStyles.None, CultureInfo.InvariantCulture);
        return new Caller(new ApiKeyId(id), string.Create(CultureInfo.InvariantCulture, $"{user.FindFirstValue(ClaimTypes.Name)} (key {id})"));
    }
}
