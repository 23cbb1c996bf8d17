using System.Globalization;
using System.Security.Claims;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Security;

/// <summary>Whose key a request carries.</summary>
/// <param name="KeyName">Stands in the journal as the one who asked.</param>
public readonly record struct Caller(ApiKeyId KeyId, string KeyName)
{
    public static Caller Of(ClaimsPrincipal user) => new(
        new ApiKeyId(int.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, NumberStyles.None, CultureInfo.InvariantCulture)),
        user.FindFirstValue(ClaimTypes.Name)!);
}
