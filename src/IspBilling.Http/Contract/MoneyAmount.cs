using System.Globalization;
using System.Text.RegularExpressions;
using IspBilling.Domain;

namespace IspBilling.Http.Contract;

/// <summary>Money in JSON: <c>{"amount":"499.00","currency":"CZK"}</c>. A string, because JSON numbers pass through floating point.</summary>
/// <example>{"amount":"499.00","currency":"CZK"}</example>
/// <param name="Amount">Up to two decimals behind a point; a minus sign in front of a credit.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed partial record MoneyAmount(string Amount, string Currency)
{
    public static MoneyAmount Of(Money money) => new(Text(money.Major), money == default ? "" : money.Currency.Code);

    public static MoneyAmount Of(MoneyTotal total) => new(Text(total.Major), total.Currency.Code);

    public static MoneyAmount Of(long minor, string currency) => Of(new Money(minor, Domain.Currency.Parse(currency)));

    public Money? Read()
    {
        if (Amount.Length > 20 || !DecimalAmount().IsMatch(Amount) || !KnownCurrencies.Contains(Currency)) return null;
        return Money.FromMajor(decimal.Parse(Amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture), Domain.Currency.Parse(Currency));
    }

    private static string Text(decimal major) => major.ToString("0.00", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?[0-9]{1,13}(\.[0-9]{1,2})?\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex DecimalAmount();
}
