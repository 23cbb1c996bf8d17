using IspBilling.Domain;

namespace IspBilling.Desk.Documents;

/// <summary>A document as it was issued, and what became of it since.</summary>
/// <param name="Client">The CRM's reference.</param>
/// <param name="SuppliedOn">Date of taxable supply (DUZP).</param>
/// <param name="Correction">Why a credit note was issued, where all its lines have one cause; null where they have several: see <c>corrections</c>.</param>
/// <param name="Corrections">Every cause of a credit note, each once; its lines say which is whose.</param>
/// <param name="Open">What is left to pay, or, of a credit note, to use.</param>
/// <param name="Payment">Null where nothing is to be paid.</param>
/// <param name="Settlements">What settles an invoice; on a credit note, what it settles.</param>
/// <param name="Run">The billing run that issued it.</param>
public sealed record DocumentView(
    string Number,
    DocumentKind Kind,
    string Client,
    DateOnly IssuedOn,
    DateOnly SuppliedOn,
    DateOnly DueOn,
    PartyView Issuer,
    PartyView Customer,
    IReadOnlyList<LineView> Lines,
    IReadOnlyList<VatView> Vat,
    Money Rounding,
    Money Total,
    Money Open,
    bool Disputed,
    string? Correction,
    IReadOnlyList<string> Corrections,
    PaymentDetailsView? Payment,
    IReadOnlyList<SettlementView> Settlements,
    Guid? Run);

public sealed record PartyView(string Name, PostalAddress Address, string? CompanyNumber, string? VatNumber);

/// <param name="Service">The CRM's reference of the service; null on a one-off item.</param>
/// <param name="UnitPrice">
/// Of one unit, for one month on a service's line; in the line's price mode. Quantity × unit price × share, less the discount, is the amount.
/// </param>
/// <param name="Share">How many months, or how much of one; null on a line that is no part of a month's price.</param>
/// <param name="SuppliedOn">Date of taxable supply of the line; the document's is the latest.</param>
/// <param name="VatRatePercent">21 is 21 %.</param>
/// <param name="Corrects">The line this one corrects or adds to.</param>
/// <param name="Correction">Why a credit note credits the line; null on an invoice.</param>
public sealed record LineView(
    int Number,
    LineReason Reason,
    string? Service,
    string? OneOffItem,
    string Text,
    Period? Period,
    decimal Quantity,
    Money UnitPrice,
    PriceMode PriceMode,
    VatCategory VatCategory,
    decimal VatRatePercent,
    Money Amount,
    LinePointer? Corrects,
    string? Share,
    decimal DiscountPercent,
    DateOnly SuppliedOn,
    string? Correction);

public sealed record LinePointer(string Document, int Line);

public sealed record VatView(VatCategory Category, decimal RatePercent, PriceMode PriceMode, Money Base, Money Tax, Money Gross);

/// <param name="Account">As people of the country write it.</param>
/// <param name="Amount">What is still to be paid.</param>
public sealed record PaymentDetailsView(string? Account, string Iban, string? Bic, string? VariableSymbol, Money Amount, DateOnly DueOn);

/// <param name="Document">Number of the document on the other side; null for a payment.</param>
/// <param name="Entry">Identity of the payment's statement entry; null for a document.</param>
public sealed record SettlementView(CreditSource Source, string? Document, string? Entry, Money Amount);

/// <summary>A document in a list.</summary>
/// <param name="Issuer">Whose document it is: numbers run per issuer.</param>
public sealed record DocumentListRow(
    int Issuer, string Number, DocumentKind Kind, DateOnly IssuedOn, DateOnly SuppliedOn, DateOnly DueOn, Money Net, Money Tax, Money Total,
    Money Open, bool Disputed);
