using IspBilling.Domain;

namespace IspBilling.Desk.Search;

/// <summary>Clients found by a text: by what identifies them first, then by words.</summary>
/// <param name="More">There are or may be more clients than these; a further word narrows the search.</param>
/// <param name="Unfinished">The engine was updated and is still reading the clients of before, some of whom are not found by words yet.</param>
public sealed record SearchAnswer(IReadOnlyList<SearchHit> Items, bool More, bool Unfinished);

/// <summary>A client that a text may mean; without any amount.</summary>
/// <param name="Reference">The CRM's.</param>
/// <param name="Why">What of the client matched; never empty.</param>
/// <example>{"reference":"K000001","name":"Jan Novák","city":"Praha","status":"open","why":[{"field":"name","matched":"Novák"}]}</example>
public sealed record SearchHit(string Reference, string Name, string City, AccountStatus Status, IReadOnlyList<SearchReason> Why);

/// <param name="Matched">As it stands in the client's particulars, on the document, the payment or the contract.</param>
public sealed record SearchReason(SearchField Field, string Matched);

/// <summary>What of a client a search looks at.</summary>
public enum SearchField
{
    /// <summary>The CRM's reference.</summary>
    Reference,

    Name,

    /// <summary>Street, city and postal code.</summary>
    Address,

    Email,
    Phone,
    CompanyNumber,
    VatNumber,

    /// <summary>The client's own variable symbol.</summary>
    Symbol,

    /// <summary>The number of one of the client's documents.</summary>
    DocumentNumber,

    /// <summary>The variable symbol of one of the client's documents.</summary>
    DocumentSymbol,

    /// <summary>The variable symbol of a payment that the client was given.</summary>
    PaymentSymbol,

    /// <summary>A bank account that paid for the client.</summary>
    BankAccount,

    /// <summary>The number of a contract.</summary>
    ContractNumber,
}
