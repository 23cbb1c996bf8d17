namespace IspBilling.Domain;

public enum DeliveryPreference { Email, Portal, Post }

/// <summary>Which variable symbol documents carry.</summary>
public enum SymbolPolicy
{
    /// <summary>The document's own number.</summary>
    PerDocument,

    /// <summary>One symbol for everything the account ever owes.</summary>
    PerAccount,
}

/// <summary>How a payment settles documents after the one it names.</summary>
public enum AllocationPolicy
{
    /// <summary>The named document first, then the oldest due.</summary>
    NamedThenOldest,

    /// <summary>The oldest due, whatever the payment names.</summary>
    OldestFirst,
}

/// <summary>Who the client is and how they are billed, as the CRM last said.</summary>
/// <param name="Name">Person or company, as printed.</param>
/// <param name="CompanyNumber">IČO.</param>
/// <param name="VatNumber">DIČ.</param>
/// <param name="Language"><c>cs</c>, <c>sk</c> or <c>en</c>.</param>
/// <param name="AccountSymbol">The account's own variable symbol; required by <see cref="SymbolPolicy.PerAccount"/>.</param>
/// <param name="DueDays">Days from issue to due date.</param>
public sealed record AccountProfile(
    IssuerId Issuer,
    string Name,
    PostalAddress Address,
    string? CompanyNumber,
    string? VatNumber,
    string? Email,
    string? Phone,
    string Language,
    DeliveryPreference Delivery,
    SymbolPolicy SymbolPolicy,
    VariableSymbol? AccountSymbol,
    AllocationPolicy AllocationPolicy,
    int DueDays)
{
    public const int MaxGroup = 64;

    /// <summary>The clients whom another dunning policy may be for: <c>businesses</c>. Null for those who are of no group.</summary>
    public string? Group { get; init; }
}
