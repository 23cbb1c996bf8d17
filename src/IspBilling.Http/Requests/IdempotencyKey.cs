using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>The header by which a caller makes a request safe to repeat.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int LengthMax = 128;

    /// <summary>Null when there is none.</summary>
    public static string? Of(HttpRequest request) => request.Headers.TryGetValue(Header, out var values) && values.Count > 0 ? values[0] : null;

    public static bool IsValid(HttpRequest request)
    {
        var values = request.Headers[Header];
        return values.Count == 1 && values[0] is { Length: > 0 and <= LengthMax } key && key.All(letter => letter is > ' ' and <= '~');
    }
}
