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
    public static MoneyAmount Of(Money money) =>
        new(money.Major.ToString("0.00", CultureInfo.InvariantCulture), money == default ? "" : money.Currency.Code);

    public static MoneyAmount Of(long minor, string currency) => Of((decimal)minor, currency);

    /// <summary>For sums over many accounts, which may be more than one account's money can be.</summary>
    public static MoneyAmount Of(decimal minor, string currency) =>
        new((minor / Domain.Currency.MinorPerMajor).ToString("0.00", CultureInfo.InvariantCulture), currency);

    public Money? Read()
    {
        if (Amount.Length > 20 || !DecimalAmount().IsMatch(Amount) || !KnownCurrencies.Contains(Currency)) return null;
        return Money.FromMajor(decimal.Parse(Amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture), Domain.Currency.Parse(Currency));
    }

    [GeneratedRegex(@"^-?[0-9]{1,13}(\.[0-9]{1,2})?\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex DecimalAmount();
}
