using System.Data.Common;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>
/// Takes down what each idempotency key was first used for. The same request again goes on, finds its command known and is answered with
/// the status of the first; another request under the same key is a caller's bug and changes nothing.
/// </summary>
internal sealed class IdempotentRequests(RequestDelegate next, IdempotencyStore store, TimeProvider clock)
{
    /// <summary>On an answer to a request that had been carried out before.</summary>
    public const string HitHeader = "Idempotency-Hit";

    public async Task InvokeAsync(HttpContext http)
    {
        var isConcerned = http.User.Identity?.IsAuthenticated is true && !HttpMethods.IsGet(http.Request.Method);
        if (!isConcerned || IdempotencyKey.Of(http.Request) is null || http.GetEndpoint() is not { } endpoint)
        {
            await next(http);
            return;
        }

        if (!IdempotencyKey.IsValid(http.Request))
        {
            await Problem.Invalid(IdempotencyKey.Header, $"one value of 1 to {IdempotencyKey.LengthMax} printable characters without spaces").ExecuteAsync(http);
            return;
        }

        if (endpoint.Metadata.GetMetadata<CarriesSecret>() is not null)
        {
            await Problem.Invalid(IdempotencyKey.Header, "this request brings or shows a secret, so it cannot be repeated").ExecuteAsync(http);
            return;
        }

        // An upload is read once, as a stream: its endpoint looks at the key when it knows the content.
        if (endpoint.Metadata.GetMetadata<UploadLimit>() is null
            && !await Claim(http, store, clock, await RequestFingerprint.Of(http.Request, http.RequestAborted)))
        {
            await Problem.KeyReused().ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    /// <summary>False when the key means another request.</summary>
    public static async Task<bool> Claim(HttpContext http, IdempotencyStore store, TimeProvider clock, byte[] fingerprint)
    {
        if (IdempotencyKey.Of(http.Request) is not { } key) return true;
        var caller = Caller.Of(http.User).Number;
        var claimed = await store.Claim(caller, key, fingerprint, clock.GetUtcNow(), http.RequestAborted);
        if (claimed.Claim == IdempotencyClaim.Different) return false;
        var response = http.Response;
        if (claimed.Status is { } first) response.OnStarting(() => AnswerAgain(http, first));
        else response.OnStarting(() => Remember(response, store, caller, key));
        return true;
    }

    /// <summary>A refusal stands as it is: the first time it was none, so this one is about something else than the request.</summary>
    private static Task AnswerAgain(HttpContext http, int first)
    {
        var response = http.Response;
        if (!IsSuccess(response.StatusCode)) return Task.CompletedTask;
        response.Headers[HitHeader] = "true";
        if (first == StatusCodes.Status201Created && response.Headers.Location.Count == 0) response.Headers.Location = http.Request.Path.ToUriComponent();
        // Where there was no answer to read and now there is one, an earlier release answered first.
        if (first != StatusCodes.Status204NoContent) response.StatusCode = first;
        return Task.CompletedTask;
    }

    /// <summary>A refused request may be repeated and then succeed, so only success is kept.</summary>
    private static async Task Remember(HttpResponse response, IdempotencyStore store, CallerNumber caller, string key)
    {
        if (!IsSuccess(response.StatusCode)) return;
        try
        {
            await store.Answered(caller, key, response.StatusCode, CancellationToken.None);
        }
        catch (DbException)
        {
            // What was asked is done, and the caller is to hear of it; a repetition will then be answered without this status.
        }
    }

    private static bool IsSuccess(int status) => status is >= 200 and < 300;
}
