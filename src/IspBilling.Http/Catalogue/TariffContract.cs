using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Catalogue;

/// <summary>A priced product. Price mode, VAT category and currency stay what they first were: documents are compared with them.</summary>
/// <example>{"name":"Internet 300 Mb/s","versions":[{"validFrom":"2026-01-01","monthlyPrice":{"amount":"499.00","currency":"CZK"}}]}</example>
/// <param name="Versions">
/// Each date once. A version that is left out stays: charges were made from it. One that is named can be corrected; the price before stays
/// for what was invoiced at it.
/// </param>
/// <param name="Reason">
/// Why, for whoever asks later; at most 500 characters. Needed when a tariff that exists gets another price.
/// </param>
public sealed record TariffRequest(
    string Name,
    IReadOnlyList<TariffVersionView> Versions,
    ServiceKind Kind = ServiceKind.Internet,
    PriceMode PriceMode = PriceMode.Gross,
    VatCategory VatCategory = VatCategory.Standard,
    string? Reason = null)
{
    public TariffTerms Read(string code, Faults faults)
    {
        code = faults.Reference("code", code);
        if (Versions.Count is 0 or > TariffTerms.MaxVersions) faults.Add("versions", $"1 to {TariffTerms.MaxVersions} versions expected");
        var versions = Versions.Select((version, i) => version.Read($"versions[{i}]", faults)).OrderBy(version => version.ValidFrom).ToImmutableArray();
        if (versions.DistinctBy(version => version.ValidFrom).Count() != versions.Length) faults.Add("versions", "each date once");
        if (versions.DistinctBy(version => version.MonthlyPrice.Currency).Count() > 1) faults.Add("versions", "one currency");
        return new TariffTerms(code, faults.PrintedText("name", Name), Kind, PriceMode, VatCategory, versions);
    }
}

/// <param name="ValidFrom">First day the price applies to everyone on the tariff without a special price.</param>
/// <param name="MonthlyPrice">Of one unit for one whole month, in the tariff's price mode.</param>
/// <param name="RepriceInvoiced">
/// Whether the price also applies to periods that were invoiced before it was entered, so that the next bill credits or charges the
/// difference. Left out, those keep the price they were invoiced at. Ask for the effect first.
/// </param>
/// <param name="Revision">In an answer: which change of the settings entered the price. It is ignored when it is sent.</param>
public sealed record TariffVersionView(DateOnly ValidFrom, MoneyAmount MonthlyPrice, bool RepriceInvoiced = false, long? Revision = null)
{
    public TariffVersion Read(string field, Faults faults)
    {
        var price = faults.Amount($"{field}.monthlyPrice", MonthlyPrice);
        if (price.IsNegative || price.Minor > AccountLimits.MaxUnitPriceMinor) faults.Add($"{field}.monthlyPrice", "0 to 10000000 expected");
        return new TariffVersion(faults.Date($"{field}.validFrom", ValidFrom), price, Reprices: RepriceInvoiced);
    }

    public static TariffVersionView Of(TariffVersion version) => new(version.ValidFrom, MoneyAmount.Of(version.MonthlyPrice), version.Reprices, version.Revision);
}

/// <param name="Versions">What prices periods that are not invoiced yet; each date once, as it can be put again.</param>
/// <param name="CorrectedVersions">Prices that were corrected: they still stand for what was invoiced at them.</param>
public sealed record TariffView(
    string Code, string Name, ServiceKind Kind, PriceMode PriceMode, VatCategory VatCategory, IReadOnlyList<TariffVersionView> Versions,
    IReadOnlyList<TariffVersionView> CorrectedVersions)
{
    public static TariffView Of(Tariff tariff)
    {
        var inForce = tariff.Versions.GroupBy(version => version.ValidFrom).Select(of => of.Last()).ToList();
        return new TariffView(
            tariff.Code, tariff.Name, tariff.Kind, tariff.PriceMode, tariff.VatCategory,
            [.. inForce.Select(TariffVersionView.Of)], [.. tariff.Versions.Except(inForce).Select(TariffVersionView.Of)]);
    }
}

/// <summary>What putting a tariff so would mean for what is invoiced already.</summary>
public sealed record TariffPreview(string Code, bool IsNew, IReadOnlyList<TariffVersionPreview> Versions);

/// <param name="InvoicedClients">Clients who have been invoiced, on this tariff, for days that the price is for.</param>
/// <param name="InvoicedServices">Their services. With <c>repriceInvoiced</c> each is billed the difference with its client's next bill,
/// unless a special price stands in for the tariff's; without, none of it changes.</param>
/// <param name="InvoicedUpTo">First day after all that is invoiced; null when nothing is.</param>
public sealed record TariffVersionPreview(
    DateOnly ValidFrom, MoneyAmount MonthlyPrice, bool RepriceInvoiced, long InvoicedClients, long InvoicedServices, DateOnly? InvoicedUpTo);
