using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>Tells one request from another: SHA-256 of method, path, query and body.</summary>
internal static class RequestFingerprint
{
    /// <summary>Reads the body, which must be bounded, and rewinds it for whoever binds it.</summary>
    public static async Task<byte[]> Of(HttpRequest request, CancellationToken cancellation)
    {
        request.EnableBuffering();
        var body = await SHA256.HashDataAsync(request.Body, cancellation);
        request.Body.Position = 0;
        return Of(request, body);
    }

    public static byte[] Of(HttpRequest request, ReadOnlySpan<byte> bodyHash) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"), .. bodyHash]);
}
