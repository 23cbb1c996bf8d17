namespace IspBilling.Desk.Checks;

/// <summary>What is looked for before a run.</summary>
public enum BillingCheck
{
    /// <summary>The account cannot decide until someone mends something.</summary>
    Parked,

    /// <summary>A service's tariff is missing, or has no price on a day that is to be billed.</summary>
    NoPrice,

    /// <summary>Billing would be refused.</summary>
    Refused,

    /// <summary>The client's services run by different cycles, so that one month brings several documents, or none.</summary>
    OddCycle,

    /// <summary>The address has no street, town or postal code that a letter could be sent to.</summary>
    NoAddress,

    /// <summary>Documents are to be sent by a way that is not there: by e-mail without an address, or to one from which mails come back.</summary>
    NoDelivery,

    /// <summary>The country is none of ISO 3166-1.</summary>
    UnknownCountry,

    /// <summary>The VAT number cannot be one, by form or check digits.</summary>
    MalformedVatNumber,

    /// <summary>
    /// The client's own variable symbol lies among the numbers that invoices get in this year or one of the next ten: a payment with it will
    /// name two clients, and wait for a person.
    /// </summary>
    SymbolIsDocumentNumber,
}

/// <param name="Client">The CRM's reference.</param>
/// <param name="Service">The CRM's reference of the service it is about; null when it is about the client.</param>
/// <param name="Detail">For people: what it is and what would be right.</param>
public sealed record BillingCheckFinding(string Client, string Name, BillingCheck Check, string? Service, string Detail);
