using IspBilling.Domain;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Contract;

/// <param name="Country">ISO 3166-1, two letters.</param>
public sealed record Address(string Street, string City, string PostalCode, string Country = "CZ")
{
    private const int PostalCodeMax = 12;

    public PostalAddress Read(string field, Faults faults)
    {
        if (Country.Length != 2 || !Country.All(char.IsAsciiLetterUpper)) faults.Add($"{field}.country", "a country such as CZ expected");
        return new PostalAddress(
            faults.Text($"{field}.street", Street), faults.Text($"{field}.city", City), faults.Text($"{field}.postalCode", PostalCode, PostalCodeMax), Country);
    }

    public static Address Of(PostalAddress address) => new(address.Street, address.City, address.PostalCode, address.Country);
}
