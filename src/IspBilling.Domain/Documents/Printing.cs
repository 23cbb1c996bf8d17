using System.Text;

namespace IspBilling.Domain;

/// <summary>Whether a document could be printed, asked before it is issued: afterwards nobody could change it any more.</summary>
internal static class Printing
{
    /// <summary>Which text has a character that cannot be printed, in words; null when all can.</summary>
    public static string? Problem(Issuer issuer, AccountProfile client, List<Document> drafts)
    {
        if (OfParty(client.Name, client.Address, client.CompanyNumber, client.VatNumber) is { } inClient) return $"the client's particulars have {inClient}";
        if (OfParty(issuer.Name, issuer.Address, issuer.CompanyNumber, issuer.VatNumber) is { } inIssuer) return $"the issuer's particulars have {inIssuer}";
        if (First(issuer.RegisterText, issuer.Email, issuer.Phone, issuer.Web) is { } below) return $"the issuer's particulars have {PrintableText.Name(below)}";
        foreach (var draft in drafts)
        {
            foreach (var line in draft.Lines)
            {
                if (PrintableText.FirstUnprintable(line.Text) is { } rune) return $"the text '{line.Text}' has {PrintableText.Name(rune)}";
            }
        }

        return null;
    }

    /// <summary>The character in words; null when all of the particulars can be printed.</summary>
    public static string? OfParty(string name, PostalAddress address, string? companyNumber, string? vatNumber) =>
        (First(name, address.Street, address.City, address.PostalCode) ?? First(address.Country, companyNumber, vatNumber)) is { } rune ? PrintableText.Name(rune) : null;

    private static Rune? First(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null && PrintableText.FirstUnprintable(text) is { } rune) return rune;
        }

        return null;
    }
}
