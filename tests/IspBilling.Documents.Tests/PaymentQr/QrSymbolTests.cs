using IspBilling.Documents.PaymentQr;

namespace IspBilling.Documents.Tests.PaymentQr;

public sealed class QrSymbolTests
{
    private const string Payment = "SPD*1.0*ACC:CZ5855000000001265098001*AM:1234.50*CC:CZK*DT:20260715*MSG:FAKTURA 2600000012*X-KS:0308*X-VS:2600000012";

    [Fact]
    public void Capitals_make_a_smaller_symbol_than_small_letters() =>
        Assert.True(QrSymbol.Of(Payment).Size < QrSymbol.Of(Payment.Replace("FAKTURA", "Faktura", StringComparison.Ordinal)).Size);

    [Fact]
    public void The_drawing_is_one_path_inside_its_quiet_zone()
    {
        var symbol = QrSymbol.Of("TEST");
        var side = symbol.Size + 8;
        Assert.Equal(21, symbol.Size);
        Assert.StartsWith($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\"", symbol.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("d=\"M4 4h7v1h-7z", symbol.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_EPC_text_fits_the_version_that_its_standard_allows() =>
        Assert.Equal(17 + (4 * 13), QrSymbol.Of(new string('x', EpcPayload.MaxBytes)).Size);
}
