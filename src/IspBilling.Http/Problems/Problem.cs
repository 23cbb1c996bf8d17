using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>Everything that is not as asked answers as a problem of RFC 9457, with a type a program can tell apart.</summary>
public static class Problem
{
    private const string Types = "urn:ispbilling:problem:";

    public static IResult Of(int status, string type, string title, string? detail = null, IDictionary<string, object?>? more = null) =>
        TypedResults.Problem(detail, instance: null, status, title, Types + type, more);

    public static IResult Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.ValidationProblem(errors, title: "Some fields are not as expected.", type: Types + "invalid-request");

    /// <summary>A value that is refused where its meaning is known, with a type of its own.</summary>
    public static IResult Invalid(string type, string title, string detail, string field) => TypedResults.ValidationProblem(
        new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [detail] }, detail, title: title, type: Types + type);

    public static IResult Invalid(string field, string reason) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });

    /// <summary>Problems that the web server itself finds carry a type of ours as well.</summary>
    internal static void NameGeneric(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        // An id that stands in no log would only be asked about.
        problem.Extensions.Remove("traceId");
        if (problem.Type?.StartsWith(Types, StringComparison.Ordinal) is true) return;
        problem.Type = Types + problem.Status switch
        {
            StatusCodes.Status404NotFound => "unknown-path",
            StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
            StatusCodes.Status413PayloadTooLarge => "too-large",
            StatusCodes.Status429TooManyRequests => "too-often",
            StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
            StatusCodes.Status500InternalServerError => "internal",
            _ => "invalid-request",
        };
    }

    public static IResult Unknown(string what) => Of(StatusCodes.Status404NotFound, "unknown", "There is no such thing.", what);

    public static IResult UnknownClient(string reference) => Unknown($"No client has the reference '{reference}'.");

    public static IResult KeyReused() => Of(
        StatusCodes.Status409Conflict, "idempotency-key-reused", "This idempotency key was used for another request.",
        "The same key means the same request. Use a new key for a new or changed request.");

    public static IResult UploadsBusy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Of(StatusCodes.Status503ServiceUnavailable, "uploads-busy", "Other files are being uploaded.", "Ask again later, with the same idempotency key if there was one.");
    }

    public static IResult Unauthenticated() => Of(
        StatusCodes.Status401Unauthorized, "unauthenticated", "Who asks?", "Send the header Authorization: Bearer isp_…, or sign in.");

    public static IResult Forbidden(string detail) => Of(StatusCodes.Status403Forbidden, "forbidden", "Whoever asks may not do that.", detail);

    public static IResult BeyondOwnRights() => Of(
        StatusCodes.Status403Forbidden, "beyond-own-rights", "Nobody gives rights that they lack.", "Ask someone who has them all.");

    /// <param name="header">That is missing.</param>
    public static IResult OtherSite(string header) => Of(
        StatusCodes.Status403Forbidden, "other-site", "The request may come from another site's page.", $"Send the header {header}, with any value, to show that it does not.");

    public static IResult TooOften() => Of(
        StatusCodes.Status429TooManyRequests, "too-often", "You ask too often.", "Ask again after the seconds that Retry-After names.");
}
