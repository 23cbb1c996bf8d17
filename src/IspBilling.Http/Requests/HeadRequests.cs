using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>HEAD is GET without the body, which the web server leaves out by itself: whatever can be read can be asked about.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsHead(http.Request.Method)) http.Request.Method = HttpMethods.Get;
        return next(http);
    }
}
