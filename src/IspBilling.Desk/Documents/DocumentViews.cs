using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Postgres.Reading;

namespace IspBilling.Http.Documents;

/// <summary>Puts a document and what became of it into the interface's words.</summary>
internal sealed class DocumentComposition(DocumentReading documents, AccountReading accounts)
{
    public async Task<DocumentView> View(IssuedDocument issued, CancellationToken cancellation)
    {
        var document = issued.Document;
        var services = await ServiceReferences(issued.Account, cancellation);
        var corrected = await documents.NumbersOf(
            issued.Account, document.Corrected(), cancellation);
        var settlements = await documents.SettlementsOf(issued.Account, document.Ordinal, cancellation);
        var currency = document.Currency.Code;
        return new DocumentView(
            document.Number, document.Kind, issued.Reference, document.IssuedOn, document.SuppliedOn, document.DueOn,
            new PartyView(issued.Issuer.Name, Address.Of(issued.Issuer.Address), issued.Issuer.CompanyNumber, issued.Issuer.VatNumber),
            new PartyView(issued.Customer.Name, Address.Of(issued.Customer.Address), issued.Customer.CompanyNumber, issued.Customer.VatNumber),
            [.. document.Lines.Select(line => Line(document, line, services, corrected))],
            [.. document.Vat.Select(total => new VatView(
                total.Category, Percent(total.Rate), total.PriceMode, MoneyAmount.Of(total.Base), MoneyAmount.Of(total.Tax), MoneyAmount.Of(total.Gross)))],
            MoneyAmount.Of(document.Rounding),
            MoneyAmount.Of(document.Total),
            MoneyAmount.Of(issued.Open, currency),
            issued.Disputed,
            document.Correction,
            document.Corrections(),
            Payment(issued),
            [.. settlements.Select(settlement => Settlement(settlement, currency))],
            document.Run?.Value);
    }

    public async Task<IReadOnlyDictionary<int, string>> ServiceReferences(AccountId account, CancellationToken cancellation) =>
        await accounts.Find(account, cancellation) is { } snapshot
            ? snapshot.State.Services.ToDictionary(service => service.Number, service => service.Reference)
            : new Dictionary<int, string>();

    public static decimal Percent(VatRate rate) => rate.BasisPoints / 100m;

    private static LineView Line(
        Document document, DocumentLine line, IReadOnlyDictionary<int, string> services, IReadOnlyDictionary<int, string> corrected)
    {
        var factors = line.Factors();
        return new LineView(
            line.Number, line.Reason,
            line.Service is { } service ? services.GetValueOrDefault(service) : null,
            line.OneOff, line.Text, PeriodView.Of(line.Period), factors.Quantity.Value, MoneyAmount.Of(factors.UnitPrice), line.PriceMode,
            line.VatCategory, Percent(line.VatRate), MoneyAmount.Of(line.Amount),
            line.Corrects is { } original ? new LinePointer(corrected[original.Document], original.Line) : null,
            factors.Share is { } share ? LineFormula.Months(share) : null,
            factors.DiscountBasisPoints / 100m,
            line.SuppliedOn ?? document.SuppliedOn,
            document.CorrectionOf(line));
    }

    private static PaymentDetailsView? Payment(IssuedDocument issued)
    {
        if (issued.Document.Kind != DocumentKind.Invoice || issued.Open <= 0) return null;
        var account = issued.Issuer.BankAccount;
        return new PaymentDetailsView(
            account.Local, account.Iban, account.Bic, issued.Document.Symbol?.ToString(),
            MoneyAmount.Of(issued.Open, issued.Document.Currency.Code), issued.Document.DueOn);
    }

    private static SettlementView Settlement(DocumentSettlement settlement, string currency)
    {
        var source = (CreditSource)settlement.Source;
        return new SettlementView(
            source,
            source == CreditSource.CreditNote ? settlement.Other : null,
            source == CreditSource.Payment ? settlement.Other : null,
            MoneyAmount.Of(settlement.Amount, currency));
    }
}
