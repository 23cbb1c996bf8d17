using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>What every answer tells browsers and caches: this is nobody else's, and it is what it says it is.</summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        return next(http);
    }
}
