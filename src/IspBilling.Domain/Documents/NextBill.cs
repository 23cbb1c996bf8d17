namespace IspBilling.Domain;

/// <summary>What one account would be billed next.</summary>
/// <param name="Total">Of all documents; credit notes are negative.</param>
/// <param name="Tax">Of all documents.</param>
public readonly record struct NextBill(Money Total, Money Tax, int Documents)
{
    public static NextBill Nothing(Currency currency) => new(Money.Zero(currency), Money.Zero(currency), 0);

    public NextBill With(Document document) =>
        new(Total + document.Total, Tax + document.Vat.Sum(document.Currency, static total => total.Tax), Documents + 1);
}
