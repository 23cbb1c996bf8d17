using System.Text;
using IspBilling.Documents.Invoices;
using IspBilling.Documents.PaymentQr;
using IspBilling.Documents.Tests.Support;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.PaymentQr;

public sealed class EpcPayloadTests
{
    private const string Vectors = "qr/epc-vectors.json";

    private static readonly EpcPayload Invoice = new()
    {
        Name = "Síť Morava s.r.o.",
        Iban = PayeeIban.Parse("SK4523585719461382368397"),
        Amount = Money.Eur(12.34m),
        Text = "VS: 2600000012",
    };

    [SampleFact(Vectors)]
    public void The_guideline_s_example_is_built_from_its_lines()
    {
        foreach (var expected in SharedSamples.Json(Vectors).GetProperty("epc069_12").EnumerateArray().Select(vector => vector.GetProperty("value").GetString()!))
        {
            var lines = expected.Split('\n');
            var payload = new EpcPayload
            {
                Version = EpcVersion.V001,
                Bic = Bic.Parse(lines[4]),
                Name = lines[5],
                Iban = PayeeIban.Parse(lines[6]),
                Amount = Money.Eur(1),
                Purpose = lines[8],
                Text = lines[10],
                Information = lines[11],
            };
            Assert.Equal(expected, payload.ToText());
        }
    }

    [Fact]
    public void Values_take_one_line_each_and_empty_ones_at_the_end_are_left_out() =>
        Assert.Equal("BCD\n002\n1\nSCT\n\nSíť Morava s.r.o.\nSK4523585719461382368397\nEUR12.34\n\n\nVS: 2600000012", Invoice.ToText());

    [Theory]
    [InlineData("🚀", 35)]
    [InlineData("x🚀", 23)] // 69 units and the rocket's first half
    [InlineData("👨‍👩‍👧‍👦", 6)]
    [InlineData("e\u0301", 35)]
    public void A_long_name_of_a_payee_is_cut_between_letters(string letters, int fit)
    {
        var supplier = SampleInvoices.English.Supplier with { Name = string.Concat(Enumerable.Repeat(letters, 60)) };
        var text = InvoicePaymentQr.Of(SampleInvoices.English with { Supplier = supplier })!.Text;

        var name = text.Split('\n')[5];
        Assert.Equal(string.Concat(Enumerable.Repeat(letters, fit)), name[..(letters.Length * fit)]);
        Assert.InRange(name.Length, letters.Length * fit, 70);
        Assert.Equal(text, Encoding.UTF8.GetString(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text)));
    }

    [Fact]
    public void A_structured_reference_takes_the_place_of_the_text() =>
        Assert.EndsWith("\nEUR12.34\n\nRF18539007547034", (Invoice with { Text = null, Reference = "RF18539007547034" }).ToText(), StringComparison.Ordinal);

    public static TheoryData<string, EpcPayload> OverTheLimit() => new()
    {
        { "amount", Invoice with { Amount = Money.Czk(1) } },
        { "amount", Invoice with { Amount = Money.Eur(0) } },
        { "amount", Invoice with { Amount = Money.Eur(1_000_000_000) } },
        { "name", Invoice with { Name = " " } },
        { "name", Invoice with { Name = new string('n', 71) } },
        { "name", Invoice with { Name = "two\nlines" } },
        { "BIC", Invoice with { Version = EpcVersion.V001 } },
        { "purpose", Invoice with { Purpose = "CHARITY" } },
        { "reference", Invoice with { Text = null, Reference = "RF19539007547034" } },
        { "text", Invoice with { Reference = "RF18539007547034" } },
        { "text", Invoice with { Text = new string('t', 141) } },
        { "information", Invoice with { Information = new string('i', 71) } },
        { "payload", Invoice with { Text = new string('ř', 140), Information = new string('i', 70) } },
    };

    [Theory]
    [MemberData(nameof(OverTheLimit))]
    public void A_value_over_its_limit_is_refused_by_the_name_of_its_field(string field, EpcPayload payload) =>
        Assert.Equal(field, Assert.Throws<InvalidPaymentQrException>(payload.ToText).Field);

    [Fact]
    public void The_limit_of_the_whole_counts_bytes_not_letters()
    {
        var payload = Invoice with { Text = new string('ř', 130) };
        Assert.True(Encoding.UTF8.GetByteCount(payload.ToText()) is > 300 and <= EpcPayload.MaxBytes);
        Assert.Throws<InvalidPaymentQrException>((payload with { Information = "nebo až na konec července" }).ToText);
    }
}
