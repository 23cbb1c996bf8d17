using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Files that documents are exported to.</summary>
[Flags]
public enum DocumentExports
{
    None = 0,

    /// <summary>The accounting program's file and the journal of postings.</summary>
    Accounting = 1,

    /// <summary>VAT summary, VAT return and control statement.</summary>
    Tax = 2,

    /// <summary>ISDOC and invoices by EN 16931.</summary>
    ElectronicInvoice = 4,
}

/// <summary>What stands at the top of a printed document, in one language.</summary>
/// <param name="Taxed">As a tax document.</param>
/// <param name="Plain">Where it is none: the issuer pays no VAT, or a credit corrects no document.</param>
public sealed record DocumentTitle(string Taxed, string Plain);

/// <summary>Everything that differs by a document's kind.</summary>
/// <param name="Series">The kind whose series numbers it; its own, unless it shares another's.</param>
/// <param name="NumberPrefix">In front of the number's digits; nothing where the number is a variable symbol as it stands.</param>
/// <param name="IsReceivable">The client owes it: it falls due, is paid, reminded of and disputed.</param>
/// <param name="IsTaxed">A tax document where the issuer pays VAT.</param>
/// <param name="Sign">1 where its total is charged, -1 where it is credited.</param>
/// <param name="Titles">By language, as <see cref="AccountProfile.Language"/>.</param>
public sealed record DocumentKindTraits(
    DocumentKind Kind,
    DocumentKind Series,
    string NumberPrefix,
    bool IsReceivable,
    bool IsTaxed,
    int Sign,
    DocumentExports Exports,
    ImmutableDictionary<string, DocumentTitle> Titles)
{
    /// <summary>What is unused of it is the client's credit.</summary>
    public bool IsCredit => !IsReceivable && Sign < 0;

    /// <summary>The number is the document's variable symbol, unless the account has one of its own.</summary>
    public bool IsNumberedBySymbol => IsReceivable && NumberPrefix.Length == 0;
}

/// <summary>
/// The one place that tells kinds of documents apart: a kind that is new gets a row here, and everybody who has to know what it means asks
/// for a trait.
/// </summary>
public static class DocumentKinds
{
    /// <summary>A row for each kind, in the order of their stored numbers.</summary>
    public static readonly ImmutableArray<DocumentKindTraits> All =
    [
        new(
            DocumentKind.Invoice, Series: DocumentKind.Invoice, NumberPrefix: "", IsReceivable: true, IsTaxed: true, Sign: 1,
            DocumentExports.Accounting | DocumentExports.Tax | DocumentExports.ElectronicInvoice,
            Titles(cs: new("Faktura – daňový doklad", "Faktura"), en: new("Invoice – tax document", "Invoice"), sk: new("Faktúra – daňový doklad", "Faktúra"))),
        new(
            DocumentKind.CreditNote, Series: DocumentKind.CreditNote, NumberPrefix: "D", IsReceivable: false, IsTaxed: true, Sign: -1,
            DocumentExports.Accounting | DocumentExports.Tax | DocumentExports.ElectronicInvoice,
            Titles(cs: new("Opravný daňový doklad", "Dobropis"), en: new("Corrective tax document", "Credit note"), sk: new("Opravný daňový doklad", "Dobropis"))),
    ];

    /// <exception cref="InvariantBrokenException">There is no such kind.</exception>
    public static DocumentKindTraits Traits(this DocumentKind kind)
    {
        Invariant.Require((uint)kind < (uint)All.Length);
        return All[(int)kind];
    }

    /// <summary>The kinds with a trait, as the database stores them.</summary>
    public static short[] Stored(Func<DocumentKindTraits, bool> have) => [.. All.Where(have).Select(traits => (short)traits.Kind)];

    private static ImmutableDictionary<string, DocumentTitle> Titles(DocumentTitle cs, DocumentTitle en, DocumentTitle sk) =>
        ImmutableDictionary<string, DocumentTitle>.Empty.Add(ClientLanguages.Czech, cs).Add(ClientLanguages.English, en).Add(ClientLanguages.Slovak, sk);
}
