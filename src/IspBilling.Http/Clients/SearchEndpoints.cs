using IspBilling.Access.Rights;
using IspBilling.Desk.Search;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Clients;

/// <summary>One field for whatever somebody knows of a client.</summary>
internal static class SearchEndpoints
{
    public static void MapSearch(this RouteGroupBuilder v1) =>
        v1.MapGet("/search", Search).WithTags("Clients").RequireRight(Right.ReadClients)
            .Named(
                "search",
                "Clients by words of their name and address, a reference, a symbol, a document's number, phone, e-mail, company or VAT number, or a bank account that paid; each hit says why")
            .Answers<SearchAnswer>(200).MayFail(400);

    /// <remarks>
    /// Words are beginnings, in any order, without regard to diacritics and case, and all must match. Numbers may be written with or without spaces,
    /// leading zeros and country. An answer has no second page: where there is more, a further word narrows the search.
    /// </remarks>
    /// <param name="q">At least 2 letters or digits; at most 200 characters and 8 words.</param>
    /// <param name="limit">Hits at most, 1 to 50; 20 when left out.</param>
    private static async Task<IResult> Search(
        string? q, int? limit, HttpContext http, ClientSearch search, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (limit is < 1 or > ClientSearch.LimitMax) faults.Add("limit", $"1 to {ClientSearch.LimitMax} expected");
        var regions = contexts.Settings.Issuers.Values.Select(issuer => issuer.Address.Country).Distinct(StringComparer.Ordinal).ToArray();
        var query = SearchText.Read(q ?? "", regions, out var fault);
        if (fault is not null) faults.Add("q", fault);
        if (faults.Any) return faults.Problem();
        if (await search.Find(query, limit ?? ClientSearch.LimitDefault, cancellation) is { } answer) return TypedResults.Ok(answer);
        http.Response.Headers.RetryAfter = "5";
        return Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "search-overloaded", "The database did not answer in time.", "Ask again later, or for more of the name.");
    }
}
