namespace IspBilling.Domain;

/// <summary>What a service brings a month on a day.</summary>
/// <param name="Agreed">The special price of the whole quantity, in the tariff's price mode; null where the tariff's own price applies.</param>
/// <param name="ListUnits">Quantity × (1 − discount), in units of <see cref="RecurringRevenue.ListUnit"/>.</param>
public readonly record struct RecurringAmount(TariffId Tariff, Money? Agreed, long ListUnits);

/// <summary>The revenue that comes back every month, whatever the billing cycle.</summary>
public static class RecurringRevenue
{
    /// <summary>One unit of quantity without a discount: thousandths of a unit times hundredths of a percent.</summary>
    public const long ListUnit = Quantity.PerUnit * (long)VatRate.Whole;

    /// <summary>Null while a free pause lasts.</summary>
    public static RecurringAmount? On(Service service, DateOnly day)
    {
        foreach (var pause in service.Pauses)
        {
            if (!pause.Bills && pause.From <= day && (pause.To is null || day < pause.To)) return null;
        }

        var terms = service.TermsOn(day);
        SpecialPrice? price = null, discount = null;
        foreach (var special in service.SpecialPrices)
        {
            if (!special.AppliesOn(day)) continue;
            if (special.MonthlyPrice is not null && (price is null || special.Cause >= price.Cause)) price = special;
            if (special.DiscountBasisPoints is not null && (discount is null || special.Cause >= discount.Cause)) discount = special;
        }

        var units = terms.Quantity.Thousandths * (long)(VatRate.Whole - (discount?.DiscountBasisPoints ?? 0));
        return new RecurringAmount(terms.Tariff, price?.MonthlyPrice?.Times(units, ListUnit), units);
    }

    /// <summary>What all services of a tariff bring a month without VAT; null while the tariff has no price that day in the currency that the issuer invoices in.</summary>
    /// <param name="listUnits">Sum of <see cref="RecurringAmount.ListUnits"/> of services at the tariff's own price.</param>
    /// <param name="agreedMinor">Sum of what the others bring at agreed prices, in the tariff's price mode.</param>
    public static MoneyTotal? NetOf(Tariff tariff, decimal listUnits, decimal agreedMinor, Issuer issuer, VatRates rates, DateOnly day)
    {
        if (tariff.Currency != issuer.Currency) return null;
        try
        {
            var atList = listUnits == 0 ? 0 : tariff.VersionOn(day).MonthlyPrice.Minor * (listUnits / ListUnit);
            var sum = Rounded(atList) + agreedMinor;
            // Who is no VAT payer charges none of it.
            var net = tariff.PriceMode == PriceMode.Net || !issuer.IsVatPayer
                ? sum
                : Rounded(sum * VatRate.Whole / (VatRate.Whole + rates.On(issuer.Address.Country, tariff.VatCategory, day).BasisPoints));
            return new MoneyTotal(net, issuer.Currency);
        }
        catch (BrokenReferenceException)
        {
            return null;
        }
    }

    private static decimal Rounded(decimal minor) => Math.Round(minor, MidpointRounding.AwayFromZero);
}
