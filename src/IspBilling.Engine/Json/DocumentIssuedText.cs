using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IspBilling.Domain;

namespace IspBilling.Engine.Json;

/// <summary>
/// Writes <see cref="DocumentIssued"/>, byte for byte as the serializer would by <see cref="JournalJson.Options"/>: the one event
/// that is written a million times in a row, and the serializer takes about three times as long. It is read like any other.
/// </summary>
internal sealed class DocumentIssuedText(JsonSerializerOptions options)
{
    private static readonly MoneyConverter MoneyText = new();
    private static readonly PeriodConverter PeriodText = new();
    private static readonly MonthShareConverter ShareText = new();

    private readonly JsonTypeInfo<ImmutableArray<Recharged>> _recharged =
        (JsonTypeInfo<ImmutableArray<Recharged>>)options.GetTypeInfo(typeof(ImmutableArray<Recharged>));

    public void Write(Utf8JsonWriter writer, DocumentIssued issued)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Names.Document);
        WriteDocument(writer, issued.Document);
        writer.WriteStartArray(Names.Settlements);
        foreach (var settlement in issued.Settlements) WriteSettlement(writer, settlement);
        writer.WriteEndArray();
        writer.WritePropertyName(Names.Recharged);
        JsonSerializer.Serialize(writer, issued.Recharged, _recharged);
        writer.WriteEndObject();
    }

    private void WriteDocument(Utf8JsonWriter writer, Document document)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Names.Ordinal, document.Ordinal);
        writer.WriteString(Names.Kind, EnumText<DocumentKind>.Of(document.Kind));
        writer.WriteStartObject(Names.Series);
        writer.WriteNumber(Names.Issuer, document.Series.Issuer.Value);
        writer.WriteString(Names.Kind, EnumText<DocumentKind>.Of(document.Series.Kind));
        writer.WriteNumber(Names.Year, document.Series.Year);
        writer.WriteEndObject();
        writer.WriteNumber(Names.Sequence, document.Sequence);
        WriteDate(writer, Names.IssuedOn, document.IssuedOn);
        WriteDate(writer, Names.SuppliedOn, document.SuppliedOn);
        WriteDate(writer, Names.DueOn, document.DueOn);
        writer.WriteString(Names.Currency, document.Currency.Code);
        if (document.Symbol is { } symbol) writer.WriteNumber(Names.Symbol, symbol.Value);
        writer.WriteStartArray(Names.Lines);
        foreach (var line in document.Lines) WriteLine(writer, line);
        writer.WriteEndArray();
        writer.WriteStartArray(Names.Vat);
        foreach (var total in document.Vat) WriteVat(writer, total);
        writer.WriteEndArray();
        WriteMoney(writer, Names.Rounding, document.Rounding);
        WriteMoney(writer, Names.Total, document.Total);
        writer.WriteNumber(Names.CustomerRevision, document.CustomerRevision);
        writer.WriteNumber(Names.IssuerRevision, document.IssuerRevision);
        if (document.Run is { } run) writer.WriteString(Names.Run, run.Value);
        if (document.Correction is { } correction) writer.WriteString(Names.Correction, correction);
        writer.WriteNumber(Names.BilledUnder, document.BilledUnder);
        writer.WriteEndObject();
    }

    private void WriteLine(Utf8JsonWriter writer, DocumentLine line)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Names.Number, line.Number);
        writer.WriteString(Names.Reason, EnumText<LineReason>.Of(line.Reason));
        if (line.Service is { } service) writer.WriteNumber(Names.Service, service);
        if (line.OneOff is { } oneOff) writer.WriteString(Names.OneOff, oneOff);
        if (line.Tariff is { } tariff) writer.WriteNumber(Names.Tariff, tariff.Value);
        writer.WriteString(Names.Text, line.Text);
        if (line.Period is { } period)
        {
            writer.WritePropertyName(Names.Period);
            PeriodText.Write(writer, period, options);
        }

        writer.WriteNumber(Names.Quantity, line.Quantity.Thousandths);
        WriteMoney(writer, Names.UnitPrice, line.UnitPrice);
        writer.WriteString(Names.PriceMode, EnumText<PriceMode>.Of(line.PriceMode));
        writer.WriteString(Names.VatCategory, EnumText<VatCategory>.Of(line.VatCategory));
        writer.WriteNumber(Names.VatRate, line.VatRate.BasisPoints);
        WriteMoney(writer, Names.Amount, line.Amount);
        if (line.Corrects is { } corrects)
        {
            writer.WriteStartObject(Names.Corrects);
            writer.WriteNumber(Names.Document, corrects.Document);
            writer.WriteNumber(Names.Line, corrects.Line);
            writer.WriteEndObject();
        }

        if (line.Basis is { } basis) WriteBasis(writer, Names.Basis, basis);
        if (line.Change is { } change) WriteChange(writer, change);
        if (line.SuppliedOn is { } suppliedOn) WriteDate(writer, Names.SuppliedOn, suppliedOn);
        if (line.Correction is { } correction) writer.WriteString(Names.Correction, correction);
        if (line.TariffRevision is { } revision) writer.WriteNumber(Names.TariffRevision, revision);
        writer.WriteEndObject();
    }

    private void WriteChange(Utf8JsonWriter writer, StretchChange change)
    {
        writer.WriteStartObject(Names.Change);
        if (change.Before is { } before) WriteBasis(writer, Names.Before, before);
        WriteMoney(writer, Names.Charged, change.Charged);
        WriteMoney(writer, Names.Owed, change.Owed);
        if (change.Share is { } share)
        {
            writer.WritePropertyName(Names.Share);
            ShareText.Write(writer, share, options);
        }

        writer.WriteNumber(Names.Cause, change.Cause);
        if (change.OtherCauses is { } others)
        {
            writer.WriteStartArray(Names.OtherCauses);
            foreach (var other in others.AsSpan()) writer.WriteNumberValue(other);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteBasis(Utf8JsonWriter writer, JsonEncodedText name, ChargeBasis basis)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber(Names.Tariff, basis.Tariff.Value);
        WriteDate(writer, Names.TariffVersion, basis.TariffVersion);
        WriteMoney(writer, Names.MonthlyPrice, basis.MonthlyPrice);
        writer.WriteNumber(Names.Quantity, basis.Quantity.Thousandths);
        if (basis.SpecialPrice is { } special) writer.WriteString(Names.SpecialPrice, special);
        if (basis.Discount is { } discount) writer.WriteString(Names.Discount, discount);
        writer.WriteNumber(Names.DiscountBasisPoints, basis.DiscountBasisPoints);
        writer.WritePropertyName(Names.Share);
        ShareText.Write(writer, basis.Share, options);
        writer.WriteNumber(Names.Cause, basis.Cause);
        if (basis.Contract is { } contract) writer.WriteString(Names.Contract, contract);
        writer.WriteEndObject();
    }

    private void WriteVat(Utf8JsonWriter writer, VatTotal total)
    {
        writer.WriteStartObject();
        writer.WriteString(Names.Category, EnumText<VatCategory>.Of(total.Category));
        writer.WriteNumber(Names.Rate, total.Rate.BasisPoints);
        writer.WriteString(Names.PriceMode, EnumText<PriceMode>.Of(total.PriceMode));
        WriteMoney(writer, Names.Base, total.Base);
        WriteMoney(writer, Names.Tax, total.Tax);
        writer.WriteEndObject();
    }

    private void WriteSettlement(Utf8JsonWriter writer, Settlement settlement)
    {
        writer.WriteStartObject();
        writer.WriteString(Names.Source, EnumText<CreditSource>.Of(settlement.Source));
        writer.WriteNumber(Names.SourceOrdinal, settlement.SourceOrdinal);
        writer.WriteNumber(Names.Document, settlement.Document);
        WriteMoney(writer, Names.Amount, settlement.Amount);
        writer.WriteEndObject();
    }

    private void WriteMoney(Utf8JsonWriter writer, JsonEncodedText name, Money amount)
    {
        writer.WritePropertyName(name);
        MoneyText.Write(writer, amount, options);
    }

    private static void WriteDate(Utf8JsonWriter writer, JsonEncodedText name, DateOnly date)
    {
        Span<byte> text = stackalloc byte[10];
        date.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        writer.WriteString(name, text);
    }

    /// <summary>The members' names, encoded once.</summary>
    private static class EnumText<T>
        where T : struct, Enum
    {
        private static readonly FrozenDictionary<T, JsonEncodedText> Known =
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonEncodedText.Encode(value.ToString()));

        public static JsonEncodedText Of(T value) => Known[value];
    }

    private static class Names
    {
        public static readonly JsonEncodedText
            Amount = JsonEncodedText.Encode("amount"),
            Base = JsonEncodedText.Encode("base"),
            Basis = JsonEncodedText.Encode("basis"),
            Before = JsonEncodedText.Encode("before"),
            BilledUnder = JsonEncodedText.Encode("billedUnder"),
            Category = JsonEncodedText.Encode("category"),
            Cause = JsonEncodedText.Encode("cause"),
            Change = JsonEncodedText.Encode("change"),
            Charged = JsonEncodedText.Encode("charged"),
            Contract = JsonEncodedText.Encode("contract"),
            Correction = JsonEncodedText.Encode("correction"),
            Corrects = JsonEncodedText.Encode("corrects"),
            Currency = JsonEncodedText.Encode("currency"),
            CustomerRevision = JsonEncodedText.Encode("customerRevision"),
            Discount = JsonEncodedText.Encode("discount"),
            DiscountBasisPoints = JsonEncodedText.Encode("discountBasisPoints"),
            Document = JsonEncodedText.Encode("document"),
            DueOn = JsonEncodedText.Encode("dueOn"),
            IssuedOn = JsonEncodedText.Encode("issuedOn"),
            Issuer = JsonEncodedText.Encode("issuer"),
            IssuerRevision = JsonEncodedText.Encode("issuerRevision"),
            Kind = JsonEncodedText.Encode("kind"),
            Line = JsonEncodedText.Encode("line"),
            Lines = JsonEncodedText.Encode("lines"),
            MonthlyPrice = JsonEncodedText.Encode("monthlyPrice"),
            Number = JsonEncodedText.Encode("number"),
            OneOff = JsonEncodedText.Encode("oneOff"),
            Ordinal = JsonEncodedText.Encode("ordinal"),
            OtherCauses = JsonEncodedText.Encode("otherCauses"),
            Owed = JsonEncodedText.Encode("owed"),
            Period = JsonEncodedText.Encode("period"),
            PriceMode = JsonEncodedText.Encode("priceMode"),
            Quantity = JsonEncodedText.Encode("quantity"),
            Rate = JsonEncodedText.Encode("rate"),
            Reason = JsonEncodedText.Encode("reason"),
            Recharged = JsonEncodedText.Encode("recharged"),
            Rounding = JsonEncodedText.Encode("rounding"),
            Run = JsonEncodedText.Encode("run"),
            Sequence = JsonEncodedText.Encode("sequence"),
            Series = JsonEncodedText.Encode("series"),
            Service = JsonEncodedText.Encode("service"),
            Settlements = JsonEncodedText.Encode("settlements"),
            Share = JsonEncodedText.Encode("share"),
            Source = JsonEncodedText.Encode("source"),
            SourceOrdinal = JsonEncodedText.Encode("sourceOrdinal"),
            SpecialPrice = JsonEncodedText.Encode("specialPrice"),
            SuppliedOn = JsonEncodedText.Encode("suppliedOn"),
            Symbol = JsonEncodedText.Encode("symbol"),
            Tariff = JsonEncodedText.Encode("tariff"),
            TariffRevision = JsonEncodedText.Encode("tariffRevision"),
            TariffVersion = JsonEncodedText.Encode("tariffVersion"),
            Tax = JsonEncodedText.Encode("tax"),
            Text = JsonEncodedText.Encode("text"),
            Total = JsonEncodedText.Encode("total"),
            UnitPrice = JsonEncodedText.Encode("unitPrice"),
            Vat = JsonEncodedText.Encode("vat"),
            VatCategory = JsonEncodedText.Encode("vatCategory"),
            VatRate = JsonEncodedText.Encode("vatRate"),
            Year = JsonEncodedText.Encode("year");
    }
}
