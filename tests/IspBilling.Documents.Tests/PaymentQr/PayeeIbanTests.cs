using IspBilling.Documents.PaymentQr;

namespace IspBilling.Documents.Tests.PaymentQr;

public sealed class PayeeIbanTests
{
    [Theory]
    [InlineData("CZ58 5500 0000 0012 6509 8001", "CZ5855000000001265098001")]
    [InlineData("sk4523585719461382368397", "SK4523585719461382368397")]
    [InlineData("BE72000000001616", "BE72000000001616")]
    public void Spaces_and_small_letters_are_how_people_write_it(string written, string value) => Assert.Equal(value, PayeeIban.Parse(written).Value);

    [Theory]
    [InlineData("")]
    [InlineData("CZ5855000000001265098002")]
    [InlineData("5855000000001265098001CZ")]
    [InlineData("CZ58-5500-0000-0012-6509-8001")]
    [InlineData("CZ585500000000126509800ř")]
    public void A_wrong_digit_or_form_is_refused(string written) => Assert.False(PayeeIban.TryParse(written, out _));

    [Theory]
    [InlineData("19-123/0800", "CZ2408000000190000000123")]
    [InlineData("19/5500", "CZ9755000000000000000019")]
    [InlineData("12-3456789012/0100", "CZ0301000000123456789012")]
    public void A_Czech_account_becomes_an_IBAN(string local, string iban)
    {
        Assert.Equal(iban, PayeeIban.OfCzechAccount(local).Value);
        Assert.True(PayeeIban.TryParse(iban, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("-/0800")]
    [InlineData("123")]
    [InlineData("123/08")]
    [InlineData("1234567-123/0800")]
    [InlineData("12345678901/0800")]
    [InlineData("0800/19-123")]
    public void What_is_not_a_Czech_account_is_refused(string local) => Assert.Throws<FormatException>(() => PayeeIban.OfCzechAccount(local));

    [Fact]
    public void People_read_it_in_groups_of_four() => Assert.Equal("CZ24 0800 0000 1900 0000 0123", PayeeIban.OfCzechAccount("19-123/0800").Grouped);
}
