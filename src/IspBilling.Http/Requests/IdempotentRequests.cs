using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>
/// Takes down what each idempotency key was first used for. The same request again goes on, and finds its command known; another
/// request under the same key is a caller's bug and changes nothing.
/// </summary>
internal sealed class IdempotentRequests(RequestDelegate next, IdempotencyStore store, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (IdempotencyKey.Of(http.Request) is null || HttpMethods.IsGet(http.Request.Method) || http.GetEndpoint() is not { } endpoint)
        {
            await next(http);
            return;
        }

        if (!IdempotencyKey.IsValid(http.Request))
        {
            await Problem.Invalid(IdempotencyKey.Header, $"one value of 1 to {IdempotencyKey.LengthMax} printable characters without spaces").ExecuteAsync(http);
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
    public static async Task<bool> Claim(HttpContext http, IdempotencyStore store, TimeProvider clock, byte[] fingerprint) =>
        IdempotencyKey.Of(http.Request) is not { } key
        || await store.Claim(Caller.Of(http.User).KeyId, key, fingerprint, clock.GetUtcNow(), http.RequestAborted) != IdempotencyClaim.Different;
}
