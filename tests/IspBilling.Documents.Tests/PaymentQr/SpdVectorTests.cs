using System.Globalization;
using System.Text.Json;
using IspBilling.Documents.PaymentQr;
using IspBilling.Documents.Tests.Support;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.PaymentQr;

/// <summary>Known-good strings of other implementations.</summary>
public sealed class SpdVectorTests
{
    private const string Vectors = "qr/spd-sid-vectors.json";

    [SampleFact(Vectors)]
    public void The_check_sum_ignores_the_order_of_fields_and_has_no_closing_star()
    {
        foreach (var vector in Section("spd_crc32"))
        {
            var accepted = Fields(vector.GetProperty("accept").GetString()!);
            Assert.Equal(vector.GetProperty("crc32").GetString(), SpdText.Checksum(accepted));
            Assert.Equal(accepted[SpdText.ChecksumKey], SpdText.Checksum(accepted));
            Assert.Equal(vector.GetProperty("input_canonical").GetString(), SpdText.Join(accepted.Where(field => field.Key != "CRC32")));

            var rejected = Fields(vector.GetProperty("reject").GetString()!);
            Assert.NotEqual(rejected[SpdText.ChecksumKey], SpdText.Checksum(rejected));
        }
    }

    [SampleFact(Vectors)]
    public void Payments_are_built_as_others_build_them()
    {
        foreach (var vector in Section("spd_build"))
        {
            var expected = Fields(vector.GetProperty("expect").GetString()!);
            var built = Fields(Payload(vector, expected).ToText());

            // AM:100.5 and AM:100.50 mean the same; the currency is always named here; accents are kept (escaped), not stripped.
            Assert.Equal(Amount(expected), Amount(built));
            foreach (var field in expected.Where(field => field.Key is not ("AM" or "MSG"))) Assert.Equal(field.Value, built[field.Key]);
            if (expected.ContainsKey("MSG")) Assert.Equal("D%C3%BCakr%C3%ADti%C4%8Ds", built["MSG"]);
            Assert.Equal(expected.Keys.Union(built.ContainsKey("AM") ? ["CC"] : [], StringComparer.Ordinal).Order(), built.Keys);
        }
    }

    [SampleFact(Vectors)]
    public void Texts_are_escaped_as_others_escape_them()
    {
        foreach (var vector in Section("spd_escape"))
        {
            var raw = vector.GetProperty("raw").GetString()!;
            foreach (var kept in Expected(vector, "expect", "expect_keep_case")) Assert.Equal(kept, SpdText.Escape(raw));
            foreach (var capitals in Expected(vector, "expect_uppercase")) Assert.Equal(capitals, SpdText.EscapeInCapitals(raw));
        }
    }

    [SampleFact(Vectors)]
    public void An_invoice_descriptor_travels_inside_the_payment()
    {
        foreach (var vector in Section("sid").Where(vector => vector.GetProperty("value").GetString()!.Contains("X-INV:", StringComparison.Ordinal)))
        {
            var expected = Fields(vector.GetProperty("value").GetString()!);
            var payload = new SpdPayload
            {
                Account = new SpdAccount(PayeeIban.Parse("CZ3103000000270016060243")),
                InvoiceDescriptor = Uri.UnescapeDataString(expected["X-INV"]),
            };
            Assert.Equal(expected["X-INV"], Fields(payload.ToText())["X-INV"]);
        }
    }

    [SampleFact(Vectors)]
    public void Texts_that_banks_accept_are_built_again_from_their_parts()
    {
        foreach (var text in Section("spd_parse_ok").Select(vector => vector.GetString()!))
        {
            var fields = Fields(text);
            var payload = new SpdPayload
            {
                Account = new SpdAccount(PayeeIban.Parse(fields["ACC"])),
                Amount = Money.FromMajor(decimal.Parse(fields["AM"], CultureInfo.InvariantCulture), Currency.Parse(fields["CC"])),
                Reference = fields.GetValueOrDefault("RF"),
                Message = fields.GetValueOrDefault("MSG"),
                VariableSymbol = VariableSymbol.Read(fields.GetValueOrDefault("X-VS", "")),
                SpecificSymbol = fields.GetValueOrDefault("X-SS"),
                DueDate = fields.TryGetValue("DT", out var date) ? DateOnly.ParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture) : null,
            };
            Assert.Equal(SpdText.Join(fields), payload.ToText());
        }
    }

    [SampleFact(Vectors)]
    public void No_text_that_readers_reject_is_ever_built()
    {
        var built = new SpdPayload { Account = new SpdAccount(PayeeIban.Parse("CZ5855000000001265098001")) }.ToText();
        Assert.StartsWith("SPD*1.0*", built, StringComparison.Ordinal);
        foreach (var rejected in Section("spd_parse_reject").Select(vector => vector.GetString()!))
            Assert.False(rejected.StartsWith(SpdText.Header + "*", StringComparison.Ordinal), rejected);
    }

    private static SpdPayload Payload(JsonElement vector, Dictionary<string, string> expected) => new()
    {
        Account = new SpdAccount(PayeeIban.OfCzechAccount(vector.GetProperty("account").GetString()!)),
        AlternativeAccounts = vector.TryGetProperty("alt", out var accounts)
            ? [.. accounts.EnumerateArray().Select(account => new SpdAccount(PayeeIban.OfCzechAccount(account.GetString()!)))]
            : [],
        Amount = vector.TryGetProperty("amount", out var amount)
            ? Money.Czk(decimal.Parse(amount.GetString()!, CultureInfo.InvariantCulture))
            : null,
        VariableSymbol = vector.TryGetProperty("vs", out var symbol) ? VariableSymbol.Read(symbol.GetString()) : null,
        Message = vector.TryGetProperty("msg", out var message) ? message.GetString() : null,
        InvoiceDescriptor = expected.TryGetValue("X-INV", out var descriptor) ? Uri.UnescapeDataString(descriptor) : null,
        LetterCase = SpdLetterCase.AsWritten,
    };

    private static IEnumerable<JsonElement> Section(string name) => SharedSamples.Json(Vectors).GetProperty(name).EnumerateArray();

    private static IEnumerable<string> Expected(JsonElement vector, params string[] names) =>
        names.Where(name => vector.TryGetProperty(name, out _)).Select(name => vector.GetProperty(name).GetString()!);

    private static decimal? Amount(Dictionary<string, string> fields) =>
        fields.TryGetValue("AM", out var amount) ? decimal.Parse(amount, CultureInfo.InvariantCulture) : null;

    private static Dictionary<string, string> Fields(string text) =>
        text.Split('*', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(field => field.Split(':', 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
