using IspBilling.Domain;
using IspBilling.Engine.Documents;
using IspBilling.Postgres.Reading;

namespace IspBilling.Desk.Documents;

/// <summary>Documents as people look at them, with what became of them.</summary>
public sealed class DocumentViews(DocumentReading documents, AccountReading accounts)
{
    public async Task<DocumentView> Of(IssuedDocument issued, CancellationToken cancellation)
    {
        var document = issued.Document;
        var services = await ServiceReferences(issued.Account, cancellation);
        var corrected = await documents.NumbersOf(issued.Account, document.Corrected(), cancellation);
        var settlements = await documents.SettlementsOf(issued.Account, document, cancellation);
        return new DocumentView(
            document.Number, document.Kind, issued.Reference, document.IssuedOn, document.SuppliedOn, document.DueOn,
            new PartyView(issued.Issuer.Name, issued.Issuer.Address, issued.Issuer.CompanyNumber, issued.Issuer.VatNumber),
            new PartyView(issued.Customer.Name, issued.Customer.Address, issued.Customer.CompanyNumber, issued.Customer.VatNumber),
            [.. document.Lines.Select(line => Line(document, line, services, corrected))],
            [.. document.Vat.Select(total => new VatView(total.Category, total.Rate.Percent, total.PriceMode, total.Base, total.Tax, total.Gross))],
            document.Rounding,
            document.Total,
            issued.Open,
            issued.Disputed,
            document.Corrections() is [var only] ? only : null,
            document.Corrections(),
            Payment(issued),
            [.. settlements.Select(Settlement)],
            document.Run?.Value);
    }

    public static DocumentListRow Of(ListedDocument row)
    {
        var currency = Currency.Parse(row.Currency);
        return new DocumentListRow(
            row.Issuer, row.Number, (DocumentKind)row.Kind, row.IssuedOn, row.SuppliedOn, row.DueOn, new Money(row.Net, currency), new Money(row.Tax, currency),
            new Money(row.Total, currency), new Money(row.Open, currency), row.Disputed);
    }

    private async Task<IReadOnlyDictionary<int, string>> ServiceReferences(AccountId account, CancellationToken cancellation) =>
        await accounts.Find(account, cancellation) is { } snapshot
            ? snapshot.State.Services.ToDictionary(service => service.Number, service => service.Reference)
            : new Dictionary<int, string>();

    private static LineView Line(
        Document document, DocumentLine line, IReadOnlyDictionary<int, string> services, IReadOnlyDictionary<int, string> corrected)
    {
        var factors = line.Factors();
        return new LineView(
            line.Number, line.Reason,
            line.Service is { } service ? services.GetValueOrDefault(service) : null,
            line.OneOff, line.Text, line.Period, factors.Quantity.Value, factors.UnitPrice, line.PriceMode,
            line.VatCategory, line.VatRate.Percent, line.Amount,
            line.Corrects is { } original ? new LinePointer(corrected[original.Document], original.Line) : null,
            factors.Share?.ToString(),
            VatRate.PercentOf(factors.DiscountBasisPoints),
            line.SuppliedOn ?? document.SuppliedOn,
            document.CorrectionOf(line));
    }

    private static PaymentDetailsView? Payment(IssuedDocument issued)
    {
        if (!issued.Document.Kind.Traits().IsReceivable || !issued.Open.IsPositive) return null;
        var account = issued.Issuer.BankAccount;
        return new PaymentDetailsView(
            account.Local, account.Iban, account.Bic, issued.Document.Symbol?.ToString(), issued.Open, issued.Document.DueOn);
    }

    private static SettlementView Settlement(DocumentSettlement settlement) => new(
        settlement.Source,
        settlement.Source == CreditSource.CreditNote ? settlement.Other : null,
        settlement.Source == CreditSource.Payment ? settlement.Other : null,
        settlement.Amount);
}
