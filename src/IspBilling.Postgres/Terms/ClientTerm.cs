namespace IspBilling.Postgres.Terms;

/// <summary>What a term is of. The numbers are stored and never change.</summary>
public enum TermKind : short
{
    Name = 1,
    Address = 2,
    Reference = 3,
    Email = 4,
    EmailDomain = 5,
    Phone = 6,
    CompanyNumber = 7,
    VatNumber = 8,
    Symbol = 9,

    /// <summary>The number of a contract.</summary>
    Contract = 10,
}

/// <summary>Something that a client is found by.</summary>
/// <param name="Term">Folded; at most <see cref="Folding.TermMax"/> characters.</param>
/// <param name="Written">As it stands in the client's particulars.</param>
public readonly record struct ClientTerm(TermKind Kind, string Term, string Written);
