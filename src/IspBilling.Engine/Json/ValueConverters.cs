using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IspBilling.Domain;

namespace IspBilling.Engine.Json;

/// <summary>
/// Money as <c>"499.00 CZK"</c>: exact, self-describing and readable in a journal that is kept for ten years. The balance of an
/// account that has no currency yet is <c>"0.00 XXX"</c>, the code of ISO 4217 for none.
/// </summary>
public sealed class MoneyConverter : JsonConverter<Money>
{
    private const int MaxLength = 32;

    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueSpan.Length > MaxLength) throw Unreadable();
        var text = reader.ValueSpan;
        if (text.Length < 8 || text[^4] != ' ' || text[^7] != '.') throw Unreadable();
        Span<char> code = [(char)text[^3], (char)text[^2], (char)text[^1]];
        if (!Utf8Parser.TryParse(text[..^7], out long major, out var used) || used != text.Length - 7) throw Unreadable();
        if (!Utf8Parser.TryParse(text[^6..^4], out uint cents, out used) || used != 2) throw Unreadable();
        if (!Currency.TryParse(code, out var currency)) throw Unreadable();
        if (code is "XXX") return default;
        var minor = checked((major * Currency.MinorPerMajor) + (text[0] == '-' ? -cents : cents));
        return new Money(minor, currency);
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        var magnitude = value.Minor < 0 ? unchecked((ulong)-value.Minor) : (ulong)value.Minor;
        var (major, cents) = Math.DivRem(magnitude, (ulong)Currency.MinorPerMajor);
        var at = 0;
        if (value.Minor < 0) text[at++] = (byte)'-';
        Utf8Formatter.TryFormat(major, text[at..], out var written);
        at += written;
        text[at++] = (byte)'.';
        text[at++] = (byte)('0' + (int)(cents / 10));
        text[at++] = (byte)('0' + (int)(cents % 10));
        text[at++] = (byte)' ';
        foreach (var letter in value == default ? "XXX" : value.Currency.Code) text[at++] = (byte)letter;
        writer.WriteStringValue(text[..at]);
    }

    private static JsonException Unreadable() => new("an amount such as \"499.00 CZK\" expected");
}

/// <summary>The three letters: <c>"CZK"</c>.</summary>
public sealed class CurrencyConverter : JsonConverter<Currency>
{
    public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Currency.TryParse(reader.GetString(), out var currency) ? currency : throw new JsonException("a currency such as \"CZK\" expected");

    public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
}

/// <summary>A value that is one whole number in JSON.</summary>
public abstract class NumberConverter<T> : JsonConverter<T>
{
    protected abstract long ToNumber(T value);

    protected abstract T FromNumber(long number);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => FromNumber(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(ToNumber(value));
}

public sealed class AccountIdConverter : NumberConverter<AccountId>
{
    protected override long ToNumber(AccountId value) => value.Value;
    protected override AccountId FromNumber(long number) => new(number);
}

public sealed class IssuerIdConverter : NumberConverter<IssuerId>
{
    protected override long ToNumber(IssuerId value) => value.Value;
    protected override IssuerId FromNumber(long number) => new(checked((int)number));
}

public sealed class TariffIdConverter : NumberConverter<TariffId>
{
    protected override long ToNumber(TariffId value) => value.Value;
    protected override TariffId FromNumber(long number) => new(checked((int)number));
}

/// <summary>In thousandths.</summary>
public sealed class QuantityConverter : NumberConverter<Quantity>
{
    protected override long ToNumber(Quantity value) => value.Thousandths;
    protected override Quantity FromNumber(long number) => new(number);
}

/// <summary>In hundredths of a percent.</summary>
public sealed class VatRateConverter : NumberConverter<VatRate>
{
    protected override long ToNumber(VatRate value) => value.BasisPoints;
    protected override VatRate FromNumber(long number) => new(checked((int)number));
}

public sealed class VariableSymbolConverter : NumberConverter<VariableSymbol>
{
    protected override long ToNumber(VariableSymbol value) => value.Value;
    protected override VariableSymbol FromNumber(long number) => new(number);
}

public sealed class RunIdConverter : JsonConverter<RunId>
{
    public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary><c>"2026-01-17/2026-02-01"</c>: first day and first day after (ISO 8601 interval, half-open).</summary>
public sealed class PeriodConverter : JsonConverter<Period>
{
    private const int DateLength = 10;

    public override Period Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[(DateLength * 2) + 1];
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueSpan.Length != text.Length || reader.CopyString(text) != text.Length
            || text[DateLength] != '/' || !TryDate(text[..DateLength], out var from) || !TryDate(text[(DateLength + 1)..], out var to) || from >= to)
        {
            throw new JsonException("a period such as \"2026-01-17/2026-02-01\" expected");
        }

        return new Period(from, to);
    }

    public override void Write(Utf8JsonWriter writer, Period value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[(DateLength * 2) + 1];
        value.From.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[DateLength] = (byte)'/';
        value.To.TryFormat(text[(DateLength + 1)..], out _, "O", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text);
    }

    private static bool TryDate(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}

/// <summary><c>"1"</c> by the calendar, <c>"3@15"</c> quarterly from the 15th.</summary>
public sealed class BillingCycleConverter : JsonConverter<BillingCycle>
{
    public override BillingCycle Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = (reader.GetString() ?? "").Split('@');
        int anchor = 0;
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var months)
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out anchor))
            || !BillingCycle.IsValid(months, parts.Length == 2 ? anchor : null))
        {
            throw new JsonException("a cycle such as \"1\" or \"3@15\" expected");
        }

        return new BillingCycle(months, parts.Length == 2 ? anchor : null);
    }

    public override void Write(Utf8JsonWriter writer, BillingCycle value, JsonSerializerOptions options) => writer.WriteStringValue(
        value.AnchorDay is { } anchor
            ? string.Create(CultureInfo.InvariantCulture, $"{value.Months}@{anchor}")
            : value.Months.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Leading broken month, whole months, trailing broken month: <c>"1"</c>, <c>"15/31"</c>, <c>"19/28+1"</c>, <c>"2+10/30"</c>, <c>"5/31+0+2/28"</c>.</summary>
public sealed class MonthShareConverter : JsonConverter<MonthShare>
{
    public override MonthShare Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = (reader.GetString() ?? "").Split('+');
        (int Days, int Of) leading = (0, 1), trailing = (0, 1);
        var (whole, at) = (0, 0);
        var readable = parts.Length is >= 1 and <= 3;
        if (readable && parts[0].Contains('/')) readable = TryBroken(parts[at++], out leading);
        if (readable && at < parts.Length) readable = int.TryParse(parts[at++], NumberStyles.None, CultureInfo.InvariantCulture, out whole);
        if (readable && at < parts.Length) readable = TryBroken(parts[at++], out trailing);
        return readable && at == parts.Length
            ? new MonthShare(whole, leading.Days, leading.Of, trailing.Days, trailing.Of)
            : throw new JsonException("a number of months such as \"19/28+1\" expected");
    }

    public override void Write(Utf8JsonWriter writer, MonthShare value, JsonSerializerOptions options)
    {
        if (value.IsWhole && value.Whole == 1)
        {
            writer.WriteStringValue("1"u8);
            return;
        }

        var leading = value.LeadingDays == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{value.LeadingDays}/{value.LeadingOf}");
        var trailing = value.TrailingDays == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"+{value.TrailingDays}/{value.TrailingOf}");
        var needsWhole = value.Whole > 0 || leading.Length == 0 || trailing.Length > 0;
        var whole = needsWhole ? string.Create(CultureInfo.InvariantCulture, $"{(leading.Length > 0 ? "+" : "")}{value.Whole}") : "";
        writer.WriteStringValue(leading + whole + trailing);
    }

    private static bool TryBroken(string text, out (int Days, int Of) month)
    {
        month = (0, 1);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var of) || of is < 28 or > 31)
        {
            return false;
        }

        month = (days, of);
        return true;
    }
}

/// <summary>A list as any other.</summary>
public sealed class ValueListConverter<T> : JsonConverter<ValueList<T>>
{
    public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ValueList.Of<T>(JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T[]>)options.GetTypeInfo(typeof(T[]))));

    public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
    {
        var one = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value.AsSpan()) JsonSerializer.Serialize(writer, item, one);
        writer.WriteEndArray();
    }
}

/// <summary>One amount as it always was, <c>"50.00 CZK"</c>; several as a list of such.</summary>
public sealed class CurrencyAmountsConverter : JsonConverter<CurrencyAmounts>
{
    private const int MaxCurrencies = 200;

    private static readonly MoneyConverter One = new();

    public override CurrencyAmounts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return [One.Read(ref reader, typeof(Money), options)];
        var amounts = new List<Money>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (amounts.Count == MaxCurrencies) throw new JsonException($"at most {MaxCurrencies} amounts expected");
            amounts.Add(One.Read(ref reader, typeof(Money), options));
        }

        return amounts.DistinctBy(amount => amount.Currency).Count() == amounts.Count
            ? [.. amounts]
            : throw new JsonException("each currency once expected");
    }

    public override void Write(Utf8JsonWriter writer, CurrencyAmounts value, JsonSerializerOptions options)
    {
        if (value.Count != 1) writer.WriteStartArray();
        foreach (var amount in value) One.Write(writer, amount, options);
        if (value.Count != 1) writer.WriteEndArray();
    }
}
