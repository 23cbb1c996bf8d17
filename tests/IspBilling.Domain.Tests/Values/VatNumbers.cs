namespace IspBilling.Domain.Tests.Values;

/// <summary>Form and check digits of VAT numbers; nobody's registration is asked about.</summary>
public class VatNumbers
{
    [Theory]
    [InlineData("CZ12345679", "CZ")]
    [InlineData("CZ00006947", "CZ")]
    [InlineData("CZ45317054", "CZ")]
    [InlineData("CZ26168685", "CZ")]
    [InlineData("CZ7103192745", "CZ")] // a birth number
    [InlineData("CZ780123354", "CZ")] // nine digits carry no check digit
    [InlineData("SK2020273893", "SK")]
    [InlineData("DE136695976", "DE")]
    [InlineData("ATU13585627", "AT")]
    [InlineData("PL8567346215", "PL")]
    [InlineData("FRK7399859412", "FR")]
    [InlineData("NL123456782B90", "NL")]
    [InlineData("EL123456789", "GR")]
    [InlineData("CZ12345679", "DE")] // registered in another country than the address
    [InlineData("CHE-116.281.710", "CH")] // forms of other countries are not known here
    [InlineData("GB123456789", "GB")]
    public void A_number_that_can_be_one_is_accepted(string number, string country) => Assert.Null(VatNumber.Fault(number, country));

    [Theory]
    [InlineData("CZ12345678", "CZ", "the check digit does not fit the others")]
    [InlineData("CZ7103192746", "CZ", "the check digit does not fit the others")]
    [InlineData("CZ1234567", "CZ", "CZ and 8 to 10 digits expected")]
    [InlineData("CZ12345678901", "CZ", "CZ and 8 to 10 digits expected")]
    [InlineData("CZ1234567O", "CZ", "CZ and 8 to 10 digits expected")]
    [InlineData("12345679", "CZ", "CZ and 8 to 10 digits expected")]
    [InlineData("", "CZ", "CZ and 8 to 10 digits expected")]
    [InlineData("XX12345679", "CZ", "CZ and 8 to 10 digits expected")]
    [InlineData("SK2020273894", "SK", "the number is not divisible by 11")]
    [InlineData("SK0020273893", "SK", "SK and 10 digits expected")]
    [InlineData("DE13669597", "AT", "DE and 9 digits expected")]
    [InlineData("123456789", "GR", "EL and 9 digits expected")]
    [InlineData("GR123456789", "GR", "EL and 9 digits expected")]
    public void A_number_that_cannot_be_one_is_told_what_was_expected(string number, string country, string expected) =>
        Assert.Equal(expected, VatNumber.Fault(number, country));

    [Theory]
    [InlineData("cz 123 456 79", "CZ12345679")]
    [InlineData("CZ12345679", "CZ12345679")]
    [InlineData("CZ\u00A012345679", "CZ12345679")]
    public void Numbers_are_compared_without_blanks_and_in_capitals(string text, string compact) => Assert.Equal(compact, VatNumber.Compact(text));

    /// <summary>The oracle counts the other way: of the ten last digits exactly one fits.</summary>
    [Fact]
    public void Of_ten_last_digits_of_a_company_s_number_exactly_one_fits()
    {
        for (var first = 1_000_000; first < 1_001_000; first++)
            Assert.Single(Enumerable.Range(0, 10), last => VatNumber.Fault($"CZ{first}{last}", "CZ") is null);
    }
}
