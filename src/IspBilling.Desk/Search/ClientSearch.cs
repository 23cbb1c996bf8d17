using IspBilling.Domain;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Terms;

namespace IspBilling.Desk.Search;

/// <summary>Finds the clients that a text may mean, and says of each why.</summary>
public sealed class ClientSearch(ClientFinding finding)
{
    public const int LimitDefault = 20;
    public const int LimitMax = ClientFinding.ClientsMax;

    /// <returns>Null when it took too long: the database is overloaded.</returns>
    public async Task<SearchAnswer?> Find(ClientQuery query, int limit, CancellationToken cancellation)
    {
        if (await finding.Find(query, limit, cancellation) is not { } found) return null;
        return new SearchAnswer([.. found.Clients.Select(Hit).Where(hit => hit.Why.Count > 0)], found.More, found.Unfinished);
    }

    private static SearchHit Hit(FoundClient client) => new(
        client.Reference, client.Profile.Name, client.Profile.Address.City, (AccountStatus)client.Status,
        [.. client.Identifiers.Select(identifier => Reason(identifier, client)).Concat(ByWords(client)).Distinct()]);

    private static SearchReason Reason(FoundIdentifier found, FoundClient client)
    {
        var profile = client.Profile;
        return found.Identifier switch
        {
            Identifier.Reference => new SearchReason(SearchField.Reference, client.Reference),
            Identifier.DocumentNumber => new SearchReason(SearchField.DocumentNumber, found.Written),
            Identifier.Contract => new SearchReason(SearchField.ContractNumber, ContractNumber(found, client)),
            Identifier.Symbol => new SearchReason(SearchField.Symbol, found.Written),
            Identifier.CompanyNumber => new SearchReason(SearchField.CompanyNumber, profile.CompanyNumber ?? found.Written),
            Identifier.VatNumber => new SearchReason(SearchField.VatNumber, profile.VatNumber ?? found.Written),
            Identifier.Phone => new SearchReason(SearchField.Phone, profile.Phone ?? found.Written),
            Identifier.Email or Identifier.EmailDomain => new SearchReason(SearchField.Email, profile.Email ?? found.Written),
            Identifier.DocumentSymbol => new SearchReason(SearchField.DocumentSymbol, found.Written),
            Identifier.BankAccount => new SearchReason(SearchField.BankAccount, found.Written),
            _ => new SearchReason(SearchField.PaymentSymbol, found.Written),
        };
    }

    /// <summary>As it stands on the contract.</summary>
    private static string ContractNumber(FoundIdentifier found, FoundClient client) =>
        client.Contracts.FirstOrDefault(number => ClientTerms.OfContract(number).Any(term => term.Term == found.Written)) ?? found.Written;

    /// <summary>For each word the term that it is, or else one that it begins.</summary>
    private static IEnumerable<SearchReason> ByWords(FoundClient client)
    {
        if (client.Words.Count == 0) return [];
        var terms = ClientTerms.Of(client.Profile).Concat(ClientTerms.OfReference(client.Reference)).ToList();
        return client.Words
            .Select(word => terms.Where(term => term.Term.StartsWith(word, StringComparison.Ordinal)).OrderByDescending(term => term.Term == word).FirstOrDefault())
            .Where(term => term.Term is not null)
            .Select(term => new SearchReason(FieldOf(term.Kind), term.Written));
    }

    private static SearchField FieldOf(TermKind kind) => kind switch
    {
        TermKind.Name => SearchField.Name,
        TermKind.Address => SearchField.Address,
        TermKind.Reference => SearchField.Reference,
        TermKind.Email or TermKind.EmailDomain => SearchField.Email,
        TermKind.Phone => SearchField.Phone,
        TermKind.CompanyNumber => SearchField.CompanyNumber,
        TermKind.VatNumber => SearchField.VatNumber,
        TermKind.Contract => SearchField.ContractNumber,
        _ => SearchField.Symbol,
    };
}
