using IspBilling.Domain;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Contract;

/// <summary>A postal address.</summary>
/// <example>{"street":"Dlouhá 1","city":"Praha","postalCode":"110 00","country":"CZ"}</example>
/// <param name="Country">ISO 3166-1, two letters.</param>
public sealed record Address(string Street, string City, string PostalCode, string Country = "CZ")
{
    private const int PostalCodeMax = 12;

    /// <param name="stored">The address as it stands; null when there is none.</param>
    public PostalAddress Read(string field, Faults faults, PostalAddress? stored) => new(
        faults.Text($"{field}.street", Street), faults.Text($"{field}.city", City), faults.Text($"{field}.postalCode", PostalCode, PostalCodeMax),
        faults.Country($"{field}.country", Country, stored?.Country));

    public static Address Of(PostalAddress address) => new(address.Street, address.City, address.PostalCode, address.Country);
}
