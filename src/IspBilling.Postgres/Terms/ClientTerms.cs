using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Postgres.Terms;

/// <summary>
/// The terms that follow from a client's particulars and from the CRM's reference. Documents' numbers and symbols and the accounts that paid
/// are looked up where they stand, so that no invoice and no payment writes a term.
/// </summary>
public static class ClientTerms
{
    /// <summary>Each term once.</summary>
    public static IReadOnlyList<ClientTerm> Of(AccountProfile profile)
    {
        var terms = new TermList();
        foreach (var chunk in Folding.Chunks(profile.Name)) terms.AddName(chunk);
        foreach (var chunk in Folding.Chunks($"{profile.Address.Street} {profile.Address.City} {profile.Address.PostalCode}")) terms.AddWords(TermKind.Address, chunk);
        terms.Add(TermKind.Address, Folding.Squeezed(Folding.Fold(profile.Address.PostalCode)), profile.Address.PostalCode);
        if (profile.Email is { } email) terms.AddEmail(email);
        if (profile.Phone is { } phone)
        {
            foreach (var digits in PhoneDigits.Of(phone, profile.Address.Country)) terms.Add(TermKind.Phone, digits, phone);
        }

        if (profile.CompanyNumber is { } company)
        {
            foreach (var form in NumberForms.OfCompany(company)) terms.Add(TermKind.CompanyNumber, form, company);
        }

        if (profile.VatNumber is { } vat)
        {
            foreach (var form in NumberForms.OfVat(vat)) terms.Add(TermKind.VatNumber, form, vat);
        }

        if (profile.AccountSymbol is { } symbol) terms.Add(TermKind.Symbol, symbol.ToString(), symbol.ToString());
        return terms.All;
    }

    /// <summary>The reference as a whole, folded, and its letters and digits in one.</summary>
    public static IReadOnlyList<ClientTerm> OfReference(string reference)
    {
        var terms = new TermList();
        terms.AddWhole(TermKind.Reference, reference);
        return terms.All;
    }

    /// <summary>The number as a whole, folded, and its letters and digits in one.</summary>
    public static IReadOnlyList<ClientTerm> OfContract(string number)
    {
        var terms = new TermList();
        terms.AddWhole(TermKind.Contract, number);
        return terms.All;
    }

    /// <summary>Of all contracts of a client, each term once.</summary>
    public static IReadOnlyList<ClientTerm> Of(ImmutableArray<Contract> contracts)
    {
        var terms = new TermList();
        foreach (var contract in contracts) terms.AddWhole(TermKind.Contract, contract.Number);
        return terms.All;
    }

    private sealed class TermList
    {
        private readonly HashSet<(TermKind, string)> _known = [];
        private readonly List<ClientTerm> _all = [];

        public IReadOnlyList<ClientTerm> All => _all;

        /// <summary>Its words, and all its letters in one: <c>O'Brien</c> is also looked for as <c>obrien</c>, <c>s.r.o.</c> as <c>sro</c>.</summary>
        public void AddName(string chunk)
        {
            AddWords(TermKind.Name, chunk);
            Add(TermKind.Name, Folding.Squeezed(Folding.Fold(chunk)), chunk);
        }

        public void AddWords(TermKind kind, string chunk)
        {
            foreach (var word in Folding.Words(Folding.Fold(chunk))) Add(kind, word, chunk);
        }

        /// <summary>The part before the at sign is a beginning of the whole, which finds it.</summary>
        public void AddEmail(string email)
        {
            var folded = Folding.Fold(email).Trim();
            Add(TermKind.Email, folded, email);
            if (folded.LastIndexOf('@') is var at and >= 0) Add(TermKind.EmailDomain, folded[(at + 1)..], email);
        }

        public void AddWhole(TermKind kind, string identifier)
        {
            var folded = Folding.Fold(identifier).Trim();
            Add(kind, folded, identifier);
            Add(kind, Folding.Squeezed(folded), identifier);
        }

        public void Add(TermKind kind, string term, string written)
        {
            term = Folding.Cut(term);
            if (term.Length > 0 && _known.Add((kind, term))) _all.Add(new ClientTerm(kind, term, written.Trim()));
        }
    }
}
