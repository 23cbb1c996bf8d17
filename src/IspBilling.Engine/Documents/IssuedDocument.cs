using IspBilling.Domain;

namespace IspBilling.Engine.Documents;

/// <summary>A document as it was issued, with the particulars that were printed on it, and what is open of it now.</summary>
/// <param name="Reference">The CRM's, of the client.</param>
/// <param name="Version">Of the event that issued it.</param>
/// <param name="SettledAtIssue">Credit that settled an invoice, or what a credit note settled, in the turn that issued it.</param>
/// <param name="Open">What is left to pay of an invoice, or to use of a credit note (then negative); zero when settled.</param>
public sealed record IssuedDocument(
    AccountId Account, string Reference, long Version, Document Document, Money SettledAtIssue, AccountProfile Customer, Issuer Issuer, Money Open, bool Disputed);

/// <summary>What settles an invoice, or what a credit note settles.</summary>
/// <param name="Other">The payment's entry, or the number of the document on the other side.</param>
public sealed record DocumentSettlement(CreditSource Source, string Other, Money Amount);
