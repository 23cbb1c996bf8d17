using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Catalogue;

/// <summary>A priced product. Price mode, VAT category and currency stay what they first were: documents are compared with them.</summary>
/// <param name="Versions">Each date once. A version that is left out stays: charges were made from it; one that is named can be corrected.</param>
public sealed record TariffRequest(
    string Name,
    IReadOnlyList<TariffVersionView> Versions,
    ServiceKind Kind = ServiceKind.Internet,
    PriceMode PriceMode = PriceMode.Gross,
    VatCategory VatCategory = VatCategory.Standard)
{
    public TariffTerms Read(string code, Faults faults)
    {
        faults.Reference("code", code);
        if (Versions.Count is 0 or > TariffTerms.MaxVersions) faults.Add("versions", $"1 to {TariffTerms.MaxVersions} versions expected");
        var versions = Versions.Select((version, i) => version.Read($"versions[{i}]", faults)).OrderBy(version => version.ValidFrom).ToImmutableArray();
        if (versions.DistinctBy(version => version.ValidFrom).Count() != versions.Length) faults.Add("versions", "each date once");
        if (versions.DistinctBy(version => version.MonthlyPrice.Currency).Count() > 1) faults.Add("versions", "one currency");
        return new TariffTerms(code, faults.Text("name", Name), Kind, PriceMode, VatCategory, versions);
    }
}

/// <param name="ValidFrom">First day the price applies to everyone on the tariff without a special price.</param>
/// <param name="MonthlyPrice">Of one unit for one whole month, in the tariff's price mode.</param>
public sealed record TariffVersionView(DateOnly ValidFrom, MoneyAmount MonthlyPrice)
{
    public TariffVersion Read(string field, Faults faults)
    {
        var price = faults.Amount($"{field}.monthlyPrice", MonthlyPrice);
        if (price.IsNegative || price.Minor > AccountLimits.MaxUnitPriceMinor) faults.Add($"{field}.monthlyPrice", "0 to 10000000 expected");
        return new TariffVersion(faults.Date($"{field}.validFrom", ValidFrom), price);
    }
}

public sealed record TariffView(
    string Code, string Name, ServiceKind Kind, PriceMode PriceMode, VatCategory VatCategory, IReadOnlyList<TariffVersionView> Versions)
{
    public static TariffView Of(Tariff tariff) => new(
        tariff.Code, tariff.Name, tariff.Kind, tariff.PriceMode, tariff.VatCategory,
        [.. tariff.Versions.Select(version => new TariffVersionView(version.ValidFrom, MoneyAmount.Of(version.MonthlyPrice)))]);
}
