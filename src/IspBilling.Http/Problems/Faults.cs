using System.Buffers;
using System.Globalization;
using System.Net.Mail;
using System.Text;
using IspBilling.Domain;
using IspBilling.Http.Contract;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Problems;

/// <summary>What is wrong with a request, field by field; all of it at once, so that a caller mends it in one go.</summary>
/// <remarks>Readers return a value that is only meaningful while nothing was noted.</remarks>
public sealed class Faults
{
    private const int PostalCodeMax = 12;

    private readonly SortedDictionary<string, List<string>> _reasons = new(StringComparer.Ordinal);

    public bool Any => _reasons.Count > 0;

    public void Add(string field, string reason)
    {
        if (!_reasons.TryGetValue(field, out var reasons)) _reasons[field] = reasons = [];
        reasons.Add(reason);
    }

    public IResult Problem() => Problems.Problem.Invalid(_reasons.ToDictionary(fault => fault.Key, fault => fault.Value.ToArray(), StringComparer.Ordinal));

    /// <summary>Trimmed, not empty, printable.</summary>
    public string Text(string field, string value, int max = AccountLimits.MaxTextLength)
    {
        var text = value.Trim();
        if (text.Length == 0) Add(field, "must not be empty");
        else if (text.Length > max) Add(field, $"at most {max} characters");
        else if (text.Any(char.IsControl)) Add(field, "no control characters");
        else if (!IsWellFormed(text)) Add(field, "half of a character");
        return text;
    }

    /// <summary>As <see cref="Text"/>, of several lines; they are broken by a line feed alone.</summary>
    public string Lines(string field, string value, int max)
    {
        var text = value.ReplaceLineEndings("\n").Trim();
        if (text.Length == 0) Add(field, "must not be empty");
        else if (text.Length > max) Add(field, $"at most {max} characters");
        else if (text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t'))) Add(field, "no control characters but line breaks");
        else if (!IsWellFormed(text)) Add(field, "half of a character");
        return text;
    }

    /// <summary>A text that stands on documents: each of its characters can be printed.</summary>
    public string PrintedText(string field, string value, int max = AccountLimits.MaxTextLength)
    {
        var text = Text(field, value, max);
        Printed(field, text);
        return text;
    }

    /// <summary>Why somebody does something, for whoever asks later: a text that shows something, and can be printed.</summary>
    public string Reason(string field, string value, int max = AccountLimits.MaxTextLength)
    {
        var text = PrintedText(field, value, max);
        if (text.Length > 0 && !PrintableText.ShowsAnything(text)) Add(field, "characters that can be seen expected");
        return text;
    }

    /// <summary>Empty counts as absent; what only looks empty does not.</summary>
    public string? OptionalReason(string field, string? value, int max = AccountLimits.MaxTextLength) =>
        string.IsNullOrWhiteSpace(value) ? null : Reason(field, value, max);

    public void Printed(string field, params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null && PrintableText.FirstUnprintable(text) is { } rune) Add(field, $"{PrintableText.Name(rune)} cannot be printed");
        }
    }

    /// <summary>Half a surrogate pair has no UTF-8 form: neither the database nor a document could hold it.</summary>
    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done) return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>Empty counts as absent.</summary>
    public string? OptionalText(string field, string? value, int max = AccountLimits.MaxTextLength) =>
        string.IsNullOrWhiteSpace(value) ? null : Text(field, value, max);

    /// <summary>A caller's own name for something, as it stands in a path; returned in the one form in which it is stored.</summary>
    public string Reference(string field, string value)
    {
        var reference = CallerReference.Normal(value);
        if (!CallerReference.HasValidLength(value)) Add(field, $"1 to {CallerReference.MaxLength} characters");
        else if (!CallerReference.HasValidCharacters(value)) Add(field, "no control characters and no space at the ends");
        else if (!CallerReference.IsNormal(reference)) Add(field, "each letter and its accent as one character (Unicode NFC) expected");
        return reference;
    }

    /// <summary>A reference that names something new, and has to be found by its path afterwards.</summary>
    public string NewReference(string field, string value)
    {
        if (CallerReference.AddressFault(value) is { } fault) Add(field, fault);
        return Reference(field, value);
    }

    public string? Email(string field, string? value)
    {
        var text = OptionalText(field, value);
        if (text is not null && !(MailAddress.TryCreate(text, out var address) && address.Address == text)) Add(field, "an e-mail address expected");
        return text;
    }

    public Money Amount(string field, MoneyAmount value) => Amount(field, value, AccountLimits.AmountBoundMinor - 1);

    /// <param name="mostMinor">The largest amount, in either direction, in minor units.</param>
    public Money Amount(string field, MoneyAmount value, long mostMinor)
    {
        if (value.Read() is { } money && Math.Abs(money.Minor) <= mostMinor) return money;
        var bound = string.Create(CultureInfo.InvariantCulture, $"up to {(decimal)mostMinor / Domain.Currency.MinorPerMajor:0.00}");
        Add(field, value.Read() is null ? $"an amount such as {{\"amount\":\"499.00\",\"currency\":\"CZK\"}}, {bound}, expected" : $"{bound} expected");
        return default;
    }

    /// <summary>One amount for each of some currencies.</summary>
    public CurrencyAmounts Amounts(string field, IReadOnlyList<MoneyAmount> values)
    {
        var amounts = values.Select((value, i) => Amount($"{field}[{i}]", value)).ToList();
        if (Any) return CurrencyAmounts.None;
        if (amounts.DistinctBy(amount => amount.Currency).Count() == amounts.Count) return [.. amounts];
        Add(field, "each currency once");
        return CurrencyAmounts.None;
    }

    /// <param name="stored">The address as it stands; null when there is none.</param>
    public PostalAddress Address(string field, Address value, PostalAddress? stored) => new(
        Text($"{field}.street", value.Street), Text($"{field}.city", value.City), Text($"{field}.postalCode", value.PostalCode, PostalCodeMax),
        Country($"{field}.country", value.Country, stored?.Country));

    public Quantity Quantity(string field, decimal value)
    {
        if (value is > 0 and <= 1_000_000 && value * Domain.Quantity.PerUnit % 1 == 0) return Domain.Quantity.From(value);
        Add(field, "above 0, up to 1000000, with at most three decimals");
        return default;
    }

    public VariableSymbol? Symbol(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return null;
        if (VariableSymbol.Read(value) is { } symbol) return symbol;
        Add(field, "one to ten digits, not all zero");
        return null;
    }

    public Currency Currency(string field, string value)
    {
        if (KnownCurrencies.Contains(value)) return Domain.Currency.Parse(value);
        Add(field, "a currency of ISO 4217 with two decimals, such as CZK, expected");
        return default;
    }

    /// <param name="stored">What is accepted because it stands there already: nobody is kept from changing something else.</param>
    public string Country(string field, string value, string? stored = null)
    {
        if (!CountryCode.IsKnown(value) && value != stored) Add(field, "a country of ISO 3166-1 such as CZ expected");
        return value;
    }

    /// <param name="country">Of the number's holder, two letters.</param>
    /// <param name="stored">What is accepted because it stands there already.</param>
    /// <returns>In compact form; null when there is none.</returns>
    public string? VatNumber(string field, string? value, string country, string? stored = null)
    {
        const int max = 20;
        if (OptionalText(field, value, max) is not { } text) return null;
        if (text == stored) return text;
        var number = Domain.VatNumber.Compact(text);
        if (Domain.VatNumber.Fault(number, country) is { } fault) Add(field, fault);
        return number;
    }

    /// <summary>Keeps date arithmetic far from its edges.</summary>
    public DateOnly Date(string field, DateOnly value)
    {
        if (value < AccountLimits.EarliestDate || value > AccountLimits.LatestDate)
            Add(field, string.Create(CultureInfo.InvariantCulture, $"between {AccountLimits.EarliestDate:yyyy-MM-dd} and {AccountLimits.LatestDate:yyyy-MM-dd}"));
        return value;
    }

    public DateOnly? Date(string field, DateOnly? value) => value is { } date ? Date(field, date) : null;
}
