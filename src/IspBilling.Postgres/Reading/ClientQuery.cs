using IspBilling.Domain;
using IspBilling.Postgres.Terms;

namespace IspBilling.Postgres.Reading;

/// <summary>What a client is looked for by; whoever is found by any of it counts.</summary>
/// <param name="Reference">The CRM's, as it stands; null when the text cannot be one.</param>
/// <param name="Terms">Whole terms that identify a client.</param>
/// <param name="Symbol">On documents and payments.</param>
/// <param name="Payers">Forms in which payments may have the bank account that paid.</param>
/// <param name="Words">Ways to read the text as words; the first that finds anybody stands. A client is found by all its words, each the beginning of a term.</param>
public sealed record ClientQuery(
    string? Reference,
    IReadOnlyList<(TermKind Kind, string Term)> Terms,
    VariableSymbol? Symbol,
    DocumentNumber? Document,
    IReadOnlyList<string> Payers,
    IReadOnlyList<IReadOnlyList<string>> Words);

/// <summary>The identifier that a client was found by, in the order in which hits are shown.</summary>
public enum Identifier
{
    Reference,
    DocumentNumber,
    Contract,
    Symbol,
    CompanyNumber,
    VatNumber,
    Phone,
    Email,
    DocumentSymbol,
    BankAccount,
    PaymentSymbol,
    EmailDomain,
}

/// <param name="Written">As it is stored, where it stands on a document or a payment; else as it was looked for.</param>
public readonly record struct FoundIdentifier(Identifier Identifier, string Written);

/// <param name="Status">Of <see cref="AccountStatus"/>.</param>
/// <param name="Contracts">Numbers of the client's contracts; empty unless one of them was looked for.</param>
/// <param name="Words">Those that all begin a term of the client; empty when it was found by identifiers alone.</param>
public sealed record FoundClient(
    long Account, string Reference, int Status, AccountProfile Profile, IReadOnlyList<FoundIdentifier> Identifiers, IReadOnlyList<string> Words,
    IReadOnlyList<string> Contracts);

/// <param name="More">There are or may be more clients than these.</param>
/// <param name="Unfinished">Some clients of an earlier release have no terms yet and are not found by words.</param>
public sealed record FoundClients(IReadOnlyList<FoundClient> Clients, bool More, bool Unfinished);
