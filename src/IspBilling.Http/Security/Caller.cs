using System.Globalization;
using System.Security.Claims;

namespace IspBilling.Http.Security;

/// <summary>Whose key a request carries.</summary>
/// <param name="KeyName">Stands in the journal as the one who asked.</param>
public readonly record struct Caller(int KeyId, string KeyName)
{
    public static Caller Of(ClaimsPrincipal user) => new(
        int.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, NumberStyles.None, CultureInfo.InvariantCulture),
        user.FindFirstValue(ClaimTypes.Name)!);
}
