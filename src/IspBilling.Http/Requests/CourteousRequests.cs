using IspBilling.Engine.BillingRuns;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>Lets billing runs know that people wait; what asks nothing of the engine, such as a health check, does not count.</summary>
internal sealed class CourteousRequests(RequestDelegate next, Courtesy courtesy)
{
    private static readonly PathString Interface = "/v1";

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments(Interface, StringComparison.Ordinal)) courtesy.Asked();
        return next(http);
    }
}
