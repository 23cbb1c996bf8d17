using System.Text;

namespace IspBilling.Domain;

/// <summary>Whether a document could be printed, asked before it is issued: afterwards nobody could change it any more.</summary>
internal static class Printing
{
    /// <summary>Which text has a character that cannot be printed, in words; null when all can.</summary>
    public static string? Problem(Issuer issuer, AccountProfile client, List<Document> drafts)
    {
        if (OfParty(client.Name, client.Address, client.CompanyNumber, client.VatNumber) is { } inClient) return $"the client's particulars have {inClient.Character}";
        if (OfParty(issuer.Name, issuer.Address, issuer.CompanyNumber, issuer.VatNumber) is { } inIssuer) return $"the issuer's particulars have {inIssuer.Character}";
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

    /// <summary>Which of the particulars cannot be printed, and its first such character in words; null when all can.</summary>
    public static (string Member, string Character)? OfParty(string name, PostalAddress address, string? companyNumber, string? vatNumber)
    {
        const string Address = nameof(AccountProfile.Address);
        return In(nameof(AccountProfile.Name), name)
            ?? In($"{Address}.{nameof(PostalAddress.Street)}", address.Street)
            ?? In($"{Address}.{nameof(PostalAddress.City)}", address.City)
            ?? In($"{Address}.{nameof(PostalAddress.PostalCode)}", address.PostalCode)
            ?? In($"{Address}.{nameof(PostalAddress.Country)}", address.Country)
            ?? In(nameof(AccountProfile.CompanyNumber), companyNumber)
            ?? In(nameof(AccountProfile.VatNumber), vatNumber);

        static (string, string)? In(string member, string? text) =>
            text is not null && PrintableText.FirstUnprintable(text) is { } rune ? (member, PrintableText.Name(rune)) : null;
    }

    private static Rune? First(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null && PrintableText.FirstUnprintable(text) is { } rune) return rune;
        }

        return null;
    }
}
