using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Clients;

/// <summary>A client as the CRM has them. The whole of it: what is left out falls back to the default.</summary>
/// <example>
/// {"name":"Jan Novák","address":{"street":"Dlouhá 1","city":"Praha","postalCode":"110 00"},"email":"jan@example.com","symbolPolicy":"perAccount","accountSymbol":"7000123"}
/// </example>
/// <param name="Issuer">The legal entity that invoices this client; it cannot change.</param>
/// <param name="CompanyNumber">IČO.</param>
/// <param name="VatNumber">DIČ.</param>
/// <param name="Language"><c>cs</c>, <c>sk</c> or <c>en</c>.</param>
/// <param name="AccountSymbol">The client's own variable symbol; needed by <c>perAccount</c>.</param>
/// <param name="DueDays">Days from issue to due date.</param>
/// <param name="Group">Whom the client is reminded like: the name of a group with a dunning policy of its own. Whoever is of no such group is reminded like everybody.</param>
/// <param name="Revision">Grows with each change in the CRM: what comes with a lower one than came before is out of date and changes nothing.</param>
public record ClientRequest(
    string Name,
    Address Address,
    int Issuer = 1,
    string? CompanyNumber = null,
    string? VatNumber = null,
    string? Email = null,
    string? Phone = null,
    string Language = "cs",
    DeliveryPreference Delivery = DeliveryPreference.Email,
    SymbolPolicy SymbolPolicy = SymbolPolicy.PerDocument,
    string? AccountSymbol = null,
    AllocationPolicy AllocationPolicy = AllocationPolicy.NamedThenOldest,
    int DueDays = 14,
    long? Revision = null,
    string? Group = null)
{
    private const int NumberMax = 20;
    private const int PhoneMax = 30;

    /// <param name="stored">The client as they stand: particulars that would be refused today may stay as they are. Null when nobody is known.</param>
    public AccountProfile Read(Faults faults, AccountProfile? stored)
    {
        if (!ClientLanguages.IsKnown(Language)) faults.Add("language", "cs, sk or en expected");
        if (Revision < 0) faults.Add("revision", "0 or more expected");
        if (DueDays is < 0 or > 365) faults.Add("dueDays", "0 to 365 expected");
        var symbol = faults.Symbol("accountSymbol", AccountSymbol);
        if (SymbolPolicy == SymbolPolicy.PerAccount && string.IsNullOrWhiteSpace(AccountSymbol)) faults.Add("accountSymbol", "needed by symbolPolicy perAccount");
        return new AccountProfile(
            new IssuerId(Issuer),
            faults.Text("name", Name),
            faults.Address("address", Address, stored?.Address),
            faults.OptionalText("companyNumber", CompanyNumber, NumberMax),
            faults.VatNumber("vatNumber", VatNumber, Address.Country, stored?.VatNumber),
            faults.Email("email", Email),
            faults.OptionalText("phone", Phone, PhoneMax),
            Language, Delivery, SymbolPolicy, symbol, AllocationPolicy, DueDays)
        {
            Group = string.IsNullOrWhiteSpace(Group) ? null : faults.OptionalText("group", Group, AccountProfile.MaxGroup),
        };
    }

    public static ClientRequest Of(AccountProfile profile, long? revision) => new(
        profile.Name, Address.Of(profile.Address), profile.Issuer.Value, profile.CompanyNumber, profile.VatNumber, profile.Email, profile.Phone,
        profile.Language, profile.Delivery, profile.SymbolPolicy, profile.AccountSymbol?.ToString(), profile.AllocationPolicy, profile.DueDays, revision, profile.Group);
}

/// <summary>The client as the push left them.</summary>
public sealed record PushedClient : ClientRequest
{
    private PushedClient(ClientRequest client)
        : base(client)
    {
    }

    /// <summary>Nothing was changed, because something newer was said before: this is what is known. There is nothing to repeat and nothing to mend.</summary>
    public bool Stale { get; private init; }

    /// <summary>The highest revision that came so far, when it made this push out of date; else null.</summary>
    public long? KnownRevision { get; private init; }

    /// <param name="revision">That the push gave; null when it gave none.</param>
    internal static PushedClient Applied(AccountProfile profile, long? revision) => new(ClientRequest.Of(profile, revision));

    internal static PushedClient OutOfDate(AccountProfile profile, Stale stale) =>
        new(ClientRequest.Of(profile, stale.Known)) { Stale = true, KnownRevision = stale.Known };
}
