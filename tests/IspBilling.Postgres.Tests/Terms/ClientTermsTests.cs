using IspBilling.Domain;
using IspBilling.Postgres.Terms;

namespace IspBilling.Postgres.Tests.Terms;

public sealed class ClientTermsTests
{
    private static readonly AccountProfile Client = new(
        IssuerId.Default, "Jan Novák", new PostalAddress("Dlouhá 12/4", "Praha 5", "110 00", "CZ"), null, null, null, null, "cs", DeliveryPreference.Email,
        SymbolPolicy.PerDocument, null, AllocationPolicy.NamedThenOldest, 14);

    [Theory]
    [InlineData("Žluťoučký KŮŇ", "zlutoucky kun")]
    [InlineData("Straße Øster Łódź", "strasse oster lodz")]
    [InlineData("ﬁsh Ǆ", "fish dz")]
    [InlineData("R\u030ci\u0301ha", "riha")]
    [InlineData("a\u00a0b\tc\u0000d", "a b c d")]
    [InlineData("", "")]
    public void Texts_are_folded_to_plain_letters(string text, string folded) => Assert.Equal(folded, Folding.Fold(text));

    [Theory]
    [InlineData("Jan Novák", "jan novak")]
    [InlineData("O'Brien Pat", "brien o obrien pat")]
    [InlineData("Novák s.r.o.", "novak o r s sro")]
    [InlineData("Anna Nováková-Dvořáková", "anna dvorakova novakova novakovadvorakova")]
    [InlineData("  –  ", "")]
    public void A_name_is_found_by_each_word_and_by_what_is_written_without_signs(string name, string terms) =>
        Assert.Equal(terms, Terms(Client with { Name = name }, TermKind.Name));

    [Fact]
    public void An_address_is_found_by_street_number_city_and_code() => Assert.Equal("00 110 11000 12 4 5 dlouha praha", Terms(Client, TermKind.Address));

    [Theory]
    [InlineData("+420 777 123 456", "CZ", "420777123456 777123456")]
    [InlineData("00420 777-123-456", "CZ", "420777123456 777123456")]
    [InlineData("777123456", "CZ", "420777123456 777123456")]
    [InlineData("0905 123 456", "SK", "0905123456 421905123456 905123456")]
    [InlineData("777 123 456, 602 111 222", "CZ", "420602111222 420777123456 602111222 777123456")]
    [InlineData("linka 1234", "CZ", "1234")]
    [InlineData("nemá", "CZ", "")]
    public void A_phone_is_one_number_however_it_is_written(string phone, string country, string terms) =>
        Assert.Equal(terms, Terms(Client with { Phone = phone, Address = Client.Address with { Country = country } }, TermKind.Phone));

    [Theory]
    [InlineData("12345678", "12345678")]
    [InlineData("1234567", "01234567")]
    [InlineData("012 34 567", "01234567")]
    [InlineData("CZ01234567", "01234567 cz01234567")]
    public void A_company_number_has_its_eight_digits(string number, string terms) =>
        Assert.Equal(terms, Terms(Client with { CompanyNumber = number }, TermKind.CompanyNumber));

    [Fact]
    public void A_vat_number_is_found_with_its_country_and_without() =>
        Assert.Equal("8001011234 cz8001011234", Terms(Client with { VatNumber = "CZ8001011234" }, TermKind.VatNumber));

    [Fact]
    public void An_address_of_mail_is_found_whole_and_by_its_domain()
    {
        var client = Client with { Email = "Jan.Novak@Example.com" };

        Assert.Equal("jan.novak@example.com", Terms(client, TermKind.Email));
        Assert.Equal("example.com", Terms(client, TermKind.EmailDomain));
    }

    [Fact]
    public void A_reference_is_found_as_it_is_written_and_without_its_signs() =>
        Assert.Equal(["crm/a-12", "crma12"], ClientTerms.OfReference("CRM/Á-12").Select(term => term.Term));

    [Fact]
    public void A_term_is_never_longer_than_an_index_can_hold()
    {
        var terms = ClientTerms.Of(Client with { Name = new string('x', AccountLimits.MaxTextLength), Email = new string('y', 150) + "@example.com" });

        Assert.All(terms, term => Assert.InRange(term.Term.Length, 1, Folding.TermMax));
        Assert.Contains(terms, term => term.Term == new string('x', Folding.TermMax));
    }

    private static string Terms(AccountProfile profile, TermKind kind) =>
        string.Join(' ', ClientTerms.Of(profile).Where(term => term.Kind == kind).Select(term => term.Term).Order(StringComparer.Ordinal));
}
