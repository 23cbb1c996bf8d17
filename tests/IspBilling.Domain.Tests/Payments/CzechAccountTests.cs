using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Payments;

public sealed class CzechAccountTests
{
    [Theory]
    [InlineData("19-2000145399/0800", 19, 2000145399, 800)]
    [InlineData("000019-2000145399/0800", 19, 2000145399, 800)]
    [InlineData("0000192000145399/0800", 19, 2000145399, 800)]
    [InlineData("2501129872/2010", 0, 2501129872, 2010)]
    [InlineData(" 2501129872 / 2010 ", 0, 2501129872, 2010)]
    [InlineData("CZ6508000000192000145399", 19, 2000145399, 800)]
    [InlineData("cz65 0800 0000 1920 0014 5399", 19, 2000145399, 800)]
    public void Given_an_account_in_any_form_then_it_is_one_account(string text, int prefix, long number, int bank)
    {
        Assert.True(CzechAccount.TryParse(text, out var account));
        Assert.Equal(new CzechAccount(prefix, number, bank), account);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/0800")]
    [InlineData("2501129872")]
    [InlineData("2501129872/")]
    [InlineData("2501129872/201")]
    [InlineData("2501129872/20100")]
    [InlineData("0/0800")]
    [InlineData("-2501129872/2010")]
    [InlineData("1234567-2501129872/2010")]
    [InlineData("19-12345678901/2010")]
    [InlineData("2501x29872/2010")]
    [InlineData("CZ6608000000192000145399")]
    [InlineData("CZ650800000019200014539")]
    [InlineData("SK3112000000198742637541")]
    public void Given_what_is_no_Czech_account_then_it_is_not_read(string text) => Assert.False(CzechAccount.TryParse(text, out _));

    [Theory]
    [InlineData("19-2000145399/0800", "CZ6508000000192000145399")]
    [InlineData("1265098001/5500", "CZ5855000000001265098001")]
    public void Given_an_account_then_its_IBAN_has_the_right_check_digits(string local, string iban)
    {
        Assert.True(CzechAccount.TryParse(local, out var account));
        Assert.Equal(iban, account.ToIban());
        Assert.Equal(local, account.ToString());
    }

    [Theory]
    [InlineData("19-2000145399/0800", true)]
    [InlineData("2501129872/2010", true)]
    [InlineData("1265098001/5500", true)]
    [InlineData("2501129873/2010", false)]
    [InlineData("18-2000145399/0800", false)]
    public void Given_an_account_then_both_parts_are_checked_modulo_11(string text, bool isValid)
    {
        Assert.True(CzechAccount.TryParse(text, out var account));
        Assert.Equal(isValid, account.HasValidCheckDigits);
    }

    [Theory]
    [InlineData("19-2000145399/0800", "CZ65 0800 0000 1920 0014 5399", true)]
    [InlineData("000000-1265098001/5500", "1265098001/5500", true)]
    [InlineData("sk31 1200 0000 1987 4263 7541", "SK3112000000198742637541", true)]
    [InlineData("198742637541/1200", "SK3112000000198742637541", false)]
    [InlineData("19-2000145399/0800", "19-2000145399/0100", false)]
    public void Given_two_texts_then_they_compare_as_accounts(string one, string other, bool isSame) =>
        Assert.Equal(isSame, CzechAccount.Comparable(one) == CzechAccount.Comparable(other));

    [Fact]
    public void Given_any_account_then_its_forms_lead_back_to_it()
    {
        var accounts =
            from prefix in Gen.Choose(0, 999_999)
            from high in Gen.Choose(0, 99_999)
            from low in Gen.Choose(1, 99_999)
            from bank in Gen.Choose(0, 9999)
            select new CzechAccount(prefix, (high * 100_000L) + low, bank);
        Prop.ForAll(accounts.ToArbitrary(), account =>
            CzechAccount.TryParse(account.ToString(), out var local) && local == account
            && CzechAccount.TryParse(account.ToIban(), out var iban) && iban == account
            && Iban.IsValid(account.ToIban())).QuickCheckThrowOnFailure();
    }
}
