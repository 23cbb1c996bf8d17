using System.Buffers;
using IspBilling.Domain;

namespace IspBilling.Banking.Mt940;

/// <summary>
/// A <c>:61:</c> field: value date, booking day, direction, amount, kind and references.
/// <code>
/// 2602010202DCZK-3000,00NTRFNONREF//26714150488
/// └value┘└bk┘│└cur┘└─amount─┘└kind┘└customer's┘└─bank's─┘     R before the direction: it is taken back
/// </code>
/// </summary>
/// <param name="BankReference">As written; null where there is none.</param>
internal sealed record Mt940Movement(
    DateOnly BookedOn, DateOnly ValueOn, EntryDirection Direction, bool IsReversal, Money Amount, string? CustomerReference, string? BankReference, string? Text)
{
    /// <summary>What could not be read, for the refusal.</summary>
    public sealed record Fault(string Expected, string Found);

    /// <param name="field">The field's lines; what follows the first is the bank's free text.</param>
    /// <param name="day">A day of the statement: it gives the year where the value date does not.</param>
    public static Mt940Movement? TryRead(IReadOnlyList<string> field, Currency currency, DateOnly day, out Fault? fault)
    {
        var rest = field[0].AsSpan();
        fault = null;
        if (rest.Length < DateDigits || rest[..DateDigits].IndexOfAnyExceptInRange('0', '9') >= 0) return Fail(out fault, "a value date as yymmdd", rest);
        var valueOn = Mt940Dates.Day(rest[..DateDigits]);
        var bookedOn = BookingDay(ref rest, valueOn ?? day);
        if ((bookedOn ?? valueOn) is not { } booked) return Fail(out fault, "a booking day or a value date of the calendar", field[0]);

        if (!TryDirection(ref rest, out var direction, out var isReversal)) return Fail(out fault, "C, D, RC or RD", rest);
        var letters = Letters(ref rest);
        if (letters is not (0 or 1) && !(letters == 3 && IsCurrency(field[0], rest, currency)))
            return Fail(out fault, $"one letter of the funds code, or {currency}", field[0]);
        if (!TryAmount(ref rest, currency, direction, isReversal, out var amount))
            return Fail(out fault, $"{Amounts.Expected}, with a comma", rest);

        if (rest.Length > KindLength) rest = rest[KindLength..];
        else rest = default;
        var slashes = rest.IndexOf("//");
        var (customer, bank) = slashes < 0 ? (rest.ToString(), null) : (rest[..slashes].ToString(), rest[(slashes + 2)..].ToString());
        return new Mt940Movement(
            booked, valueOn ?? booked, direction, isReversal, amount,
            BankReferences.Provided(customer.Trim()), BankReferences.Provided(bank?.Trim()), FreeText(field));
    }

    private const int DateDigits = 6;
    private const int BookingDigits = 4;
    private const int KindLength = 4;
    private static readonly SearchValues<char> AmountLetters = SearchValues.Create("0123456789,");

    /// <summary>Month and day, or four blanks; null where there is none or it is no day of the calendar.</summary>
    private static DateOnly? BookingDay(ref ReadOnlySpan<char> rest, DateOnly near)
    {
        rest = rest[DateDigits..];
        if (rest.Length < BookingDigits) return null;
        var digits = rest[..BookingDigits];
        if (digits.IndexOfAnyExcept(' ') < 0)
        {
            rest = rest[BookingDigits..];
            return null;
        }

        if (digits.IndexOfAnyExceptInRange('0', '9') >= 0) return null;
        rest = rest[BookingDigits..];
        return Mt940Dates.DayNear(digits, near);
    }

    /// <summary>RC takes a credit back and RD a debit: the money really goes the other way.</summary>
    private static bool TryDirection(ref ReadOnlySpan<char> rest, out EntryDirection direction, out bool isReversal)
    {
        isReversal = rest.StartsWith("R");
        if (isReversal) rest = rest[1..];
        direction = rest.StartsWith("C") != isReversal ? EntryDirection.Credit : EntryDirection.Debit;
        if (!rest.StartsWith("C") && !rest.StartsWith("D")) return false;
        rest = rest[1..];
        return true;
    }

    /// <summary>The letters between the direction and the amount: how many there are.</summary>
    private static int Letters(ref ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAnyExceptInRange('A', 'Z');
        if (length < 0) length = rest.Length;
        rest = rest[length..];
        return length;
    }

    private static bool IsCurrency(string whole, ReadOnlySpan<char> behind, Currency currency) =>
        whole.AsSpan(whole.Length - behind.Length - 3, 3).SequenceEqual(currency.Code);

    /// <summary>Fio writes a debit with a sign as well; a sign anywhere else is something nobody has met.</summary>
    private static bool TryAmount(ref ReadOnlySpan<char> rest, Currency currency, EntryDirection direction, bool isReversal, out Money amount)
    {
        amount = default;
        var isNegative = rest.StartsWith("-");
        if (isNegative && (direction == EntryDirection.Credit || isReversal)) return false;
        if (isNegative) rest = rest[1..];
        var length = rest.IndexOfAnyExcept(AmountLetters);
        if (length < 0) length = rest.Length;
        var digits = rest[..length].ToString().Replace(',', '.');
        rest = rest[length..];
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && Amounts.TryRead(digits, currency, out amount);
    }

    private static string? FreeText(IReadOnlyList<string> field) =>
        field.Count > 1 && string.Join(' ', field.Skip(1)).Trim() is { Length: > 0 } text ? text : null;

    private static Mt940Movement? Fail(out Fault? fault, string expected, ReadOnlySpan<char> found)
    {
        fault = new Fault(expected, Printable.Quote(found));
        return null;
    }
}
