using IspBilling.Domain;

namespace IspBilling.Http.Contract;

/// <summary>A postal address.</summary>
/// <example>{"street":"Dlouhá 1","city":"Praha","postalCode":"110 00","country":"CZ"}</example>
/// <param name="Country">ISO 3166-1, two letters.</param>
public sealed record Address(string Street, string City, string PostalCode, string Country = "CZ")
{
    public static Address Of(PostalAddress address) => new(address.Street, address.City, address.PostalCode, address.Country);
}
