using IspBilling.Access.Rights;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.SettingsHistory;

/// <summary>
/// Lets one question about an effect be answered at a time: each reads the states of very many accounts and decides twice for each, which would
/// take the machine from those who wait for an answer about one.
/// </summary>
internal sealed class EffectTurn : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task<IResult> Take(HttpContext http, Func<Task<IResult>> answer)
    {
        if (!_one.Wait(0, CancellationToken.None)) return Busy(http);
        try
        {
            return await answer();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whoever may change settings need not see what clients owe: without that right sums are told and nobody is named.</summary>
    public static bool MayNameClients(HttpContext http) => CallerIdentity.Of(http.User).Rights.Has(Right.ReadMoney);

    public void Dispose() => _one.Dispose();

    private static IResult Busy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "effects-busy", "Another effect is being computed.", "Ask again later.");
    }
}
