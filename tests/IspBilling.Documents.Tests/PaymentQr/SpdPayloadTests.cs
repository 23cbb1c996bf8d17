using IspBilling.Documents.PaymentQr;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.PaymentQr;

public sealed class SpdPayloadTests
{
    private static readonly SpdPayload Invoice = new()
    {
        Account = new SpdAccount(PayeeIban.Parse("CZ58 5500 0000 0012 6509 8001"), Bic.Parse("RZBCCZPP")),
        Amount = Money.Czk(1234.5m),
        DueDate = new DateOnly(2026, 7, 15),
        VariableSymbol = new VariableSymbol(2600000012),
        ConstantSymbol = "0308",
        Message = "Faktura 2600000012",
    };

    [Fact]
    public void An_invoice_is_told_in_fields_sorted_by_key() =>
        Assert.Equal(
            "SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:1234.50*CC:CZK*DT:20260715*MSG:FAKTURA 2600000012*X-KS:0308*X-VS:2600000012",
            Invoice.ToText());

    [Fact]
    public void The_check_sum_is_a_field_among_the_others() =>
        Assert.Equal(
            "SPD*1.0*ACC:CZ5855000000001265098001*AM:100.00*CC:CZK*CRC32:AAD80227",
            new SpdPayload { Account = new SpdAccount(PayeeIban.Parse("CZ5855000000001265098001")), Amount = Money.Czk(100), WithChecksum = true }.ToText());

    [Theory]
    [InlineData("Příliš žluťoučký", "P%C5%98%C3%8DLI%C5%A0 %C5%BDLU%C5%A4OU%C4%8CK%C3%9D")]
    [InlineData("a*b", "A%2AB")]
    [InlineData("100 %", "100 %25")]
    [InlineData("1+1", "1%2B1")]
    [InlineData("Smith & son, ltd.", "SMITH %26 SON%2C LTD.")]
    [InlineData("poznámka: 5", "POZN%C3%81MKA: 5")]
    public void Any_message_stays_in_the_alphanumeric_mode(string message, string expected)
    {
        var text = (Invoice with { Message = message }).ToText();
        Assert.Contains($"*MSG:{expected}*", text, StringComparison.Ordinal);
        Assert.All(text, symbol => Assert.True(QrSymbol.IsAlphanumeric(symbol)));
    }

    [Fact]
    public void An_address_for_notices_keeps_its_letter_case() =>
        Assert.Contains(
            "*NT:E*NTA:Jana@example.com*",
            (Invoice with { Notification = new SpdNotification('E', "Jana@example.com") }).ToText(),
            StringComparison.Ordinal);

    public static TheoryData<string, SpdPayload> OverTheLimit() => new()
    {
        { "AM", Invoice with { Amount = Money.Czk(10_000_000) } },
        { "AM", Invoice with { Amount = Money.Czk(0) } },
        { "AM", Invoice with { Amount = Money.Czk(-1) } },
        { "RF", Invoice with { Reference = new string('1', 17) } },
        { "RF", Invoice with { Reference = "12A" } },
        { "RN", Invoice with { RecipientName = new string('n', 36) } },
        { "PT", Invoice with { PaymentType = "FAST" } },
        { "MSG", Invoice with { Message = new string('m', 61) } },
        { "MSG", Invoice with { Message = "two\nlines" } },
        { "NT", Invoice with { Notification = new SpdNotification('X', "a@example.com") } },
        { "NTA", Invoice with { Notification = new SpdNotification('E', "") } },
        { "X-SS", Invoice with { SpecificSymbol = new string('1', 11) } },
        { "X-KS", Invoice with { ConstantSymbol = "308a" } },
        { "X-PER", Invoice with { RetryDays = 31 } },
        { "X-ID", Invoice with { PayerReference = new string('i', 21) } },
        { "X-URL", Invoice with { Url = new string('u', 141) } },
        { "X-INV", Invoice with { InvoiceDescriptor = "SID1.0" } },
        { "ALT-ACC", Invoice with { AlternativeAccounts = [Invoice.Account, Invoice.Account, Invoice.Account] } },
    };

    [Theory]
    [MemberData(nameof(OverTheLimit))]
    public void A_value_over_its_limit_is_refused_by_the_name_of_its_field(string field, SpdPayload payload) =>
        Assert.Equal(field, Assert.Throws<InvalidPaymentQrException>(payload.ToText).Field);

    [Fact]
    public void Values_at_their_limits_are_accepted()
    {
        var text = (Invoice with
        {
            Amount = Money.Czk(9_999_999.99m),
            Reference = new string('1', 16),
            RecipientName = new string('n', 35),
            Message = new string('ř', 60),
            RetryDays = 30,
            AlternativeAccounts = [Invoice.Account, Invoice.Account],
        }).ToText();
        Assert.Contains("*AM:9999999.99*", text, StringComparison.Ordinal);
    }
}
