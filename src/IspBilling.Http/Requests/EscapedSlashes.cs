using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>
/// A slash within a reference such as <c>2024/77</c> stands escaped in a path, and the web server leaves it so, lest it part segments. Behind
/// the routing it becomes the slash that a body or a search says.
/// </summary>
internal sealed class EscapedSlashes(RequestDelegate next)
{
    private const string Escaped = "%2F";

    public Task InvokeAsync(HttpContext http)
    {
        var values = http.Request.RouteValues;
        foreach (var (name, value) in values.ToList())
        {
            if (value is string text && text.Contains(Escaped, StringComparison.OrdinalIgnoreCase))
                values[name] = text.Replace(Escaped, "/", StringComparison.OrdinalIgnoreCase);
        }

        return next(http);
    }
}
