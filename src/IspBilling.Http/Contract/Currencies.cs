using IspBilling.Engine.Accounts;

namespace IspBilling.Http.Contract;

internal static class Currencies
{
    /// <summary>The one currency that all issuers invoice in; null when there are several, because then a sum means nothing.</summary>
    public static string? OfAll(LiveContext contexts)
    {
        var currencies = contexts.Settings.Issuers.Values.Select(issuer => issuer.Currency).Distinct().Take(2).ToArray();
        return currencies.Length == 1 ? currencies[0].Code : null;
    }
}
