using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using IspBilling.Documents.Rendering;
using IspBilling.Engine;
using IspBilling.Engine.Accounts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IspBilling.Http.Problems;

/// <summary>The last answer: requests that cannot be read, infrastructure that is away, and bugs.</summary>
internal sealed class ProblemForException(ILogger<ProblemForException> log, IOptions<JsonOptions> json) : IExceptionHandler
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellation)
    {
        // Nobody is there to read an answer.
        if (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested) return true;

        var answer = Of(http, exception);
        if (answer is null)
        {
            log.LogError(exception, "{Id}: {Method} {Path} failed.", http.TraceIdentifier, http.Request.Method, http.Request.Path);
            answer = Problem.Of(
                StatusCodes.Status500InternalServerError, "internal", "Something went wrong in the engine.",
                $"The log has it under {http.TraceIdentifier}.");
        }

        await answer.ExecuteAsync(http);
        return true;
    }

    private IResult? Of(HttpContext http, Exception exception)
    {
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException broken }:
                return Problem.Invalid(JsonFault.Of(broken, endpoint, json.Value.SerializerOptions)
                    .DistinctBy(fault => fault.Field).ToDictionary(fault => fault.Field, fault => new[] { fault.Reason }));
            case BadHttpRequestException bad:
                return BindingFault.Of(bad.Message, endpoint) is { } fault ? Problem.Invalid(fault.Field, fault.Reason) : OfBadRequest(bad);
            case AccountBusyException:
                return Unavailable(http, "account-busy", "Too many requests wait for this client.");
            case OperationCanceledException:
                return Unavailable(http, "stopping", "The request was cut short.");
            case var full when Outage.IsFullDisk(full):
                log.LogError("The disk is full: {Reason}", exception.Message);
                return Unavailable(http, "disk-full", "There is no space left for what was asked.", StatusCodes.Status507InsufficientStorage);
            case DbException or DataException when Outage.Is(exception):
                // Every request during an outage comes here; where it was noticed is of no interest.
                log.LogWarning("The database is away: {Reason}", exception.Message);
                return Unavailable(http, "database-away", "The database cannot be reached.");
            case IOException when Outage.Is(exception):
                // How the accounts tell an outage: another node that does not answer, or the database as they saw it.
                log.LogWarning("A part of the engine is away: {Reason}", exception.Message);
                return Unavailable(http, "out-of-reach", "A part of the engine cannot be reached.");
            case RenderException { Failure: RenderFailure.NotInstalled }:
                // Nothing changes by itself: no Retry-After.
                log.LogError("Documents cannot be printed: {Reason}", exception.Message);
                return Problem.Of(
                    StatusCodes.Status503ServiceUnavailable, "renderer-missing", "The PDF renderer is not installed.",
                    "Whoever runs the engine has to install it; GET /v1/checks/before-billing says what is missing. The document is issued, and can be printed then.");
            case RenderException { Failure: RenderFailure.Busy or RenderFailure.TimedOut }:
                return Unavailable(http, "renderer-away", "The PDF renderer is busy.");
            default:
                return null;
        }
    }

    private static IResult OfBadRequest(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => Problem.Of(bad.StatusCode, "too-large", "The request is larger than allowed."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of(bad.StatusCode, "unsupported-media-type", "The body is not of a type expected here.", bad.Message),
        StatusCodes.Status400BadRequest => Problem.Of(bad.StatusCode, "invalid-request", "The request cannot be read.", bad.Message),
        var status => Problem.Of(status, "invalid-request", "The request cannot be read."),
    };

    private static IResult Unavailable(HttpContext http, string type, string title, int status = StatusCodes.Status503ServiceUnavailable)
    {
        http.Response.Headers.RetryAfter = ((int)RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(status, type, title, "Ask again later, with the same idempotency key if there was one.");
    }
}
