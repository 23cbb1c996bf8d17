using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Security;

/// <summary>
/// Refuses what another site's page has a browser send in its person's name: a request that changes something under a session's cookie, or
/// gives one, must carry a header. A form cannot send it, and a script of another site must ask first, which nothing here ever allows.
/// </summary>
internal sealed class OwnRequests(RequestDelegate next)
{
    /// <summary>With any value.</summary>
    public const string Header = "X-Requested-By";

    public Task InvokeAsync(HttpContext http)
    {
        var isConcerned = !HttpMethods.IsGet(http.Request.Method)
            && (http.User.Identity is CallerIdentity { Session: not null } || http.GetEndpoint()?.Metadata.GetMetadata<GivesCookie>() is not null);
        return !isConcerned || http.Request.Headers.ContainsKey(Header) ? next(http) : Problem.OtherSite(Header).ExecuteAsync(http);
    }
}

/// <summary>An endpoint that signs people in or sets a password: nobody is to be signed in by another site's page.</summary>
internal sealed record GivesCookie;
