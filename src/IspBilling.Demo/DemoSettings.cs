using IspBilling.Domain;
using IspBilling.Postgres.Settings;

namespace IspBilling.Demo;

/// <summary>Puts the made-up provider's issuer, tariffs and dunning policy into an engine's settings.</summary>
public static class DemoSettings
{
    /// <param name="at">UTC.</param>
    /// <returns>The catalogue's ids for those of <see cref="DemoProvider.Tariffs"/>.</returns>
    public static async Task<IReadOnlyDictionary<TariffId, TariffId>> Put(SettingsStore settings, DateTimeOffset at, CancellationToken cancellation)
    {
        var by = Authorship.OfSystem("demo", at);
        await settings.PutIssuer(DemoProvider.Issuer, by, cancellation);
        await settings.PutDunningPolicy(DemoProvider.DunningPolicy, by, cancellation);
        var tariffs = new Dictionary<TariffId, TariffId>();
        foreach (var tariff in DemoProvider.Tariffs)
        {
            var terms = new TariffTerms(tariff.Code, tariff.Name, tariff.Kind, tariff.PriceMode, tariff.VatCategory, tariff.Versions);
            tariffs[tariff.Id] = (await settings.PutTariff(terms, by, cancellation)).Id;
        }

        return tariffs;
    }
}
