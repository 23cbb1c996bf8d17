namespace IspBilling.Postgres.Terms;

/// <summary>Numbers of companies and taxpayers as they are compared, however they were written.</summary>
public static class NumberForms
{
    /// <summary>A Czech or Slovak IČO has eight digits; spreadsheets lose the zeros in front.</summary>
    private const int CompanyDigits = 8;

    private const int CountryLetters = 2;

    /// <summary><c>12 34 567</c> → <c>01234567</c>; <c>CZ01234567</c> → as it is, and without the country.</summary>
    public static IEnumerable<string> OfCompany(string number)
    {
        var compact = Folding.Squeezed(Folding.Fold(number));
        yield return Padded(compact);
        if (WithoutCountry(compact) is { } rest) yield return Padded(rest);
    }

    /// <summary><c>CZ 1234 5678</c> → <c>cz12345678</c> and <c>12345678</c>.</summary>
    public static IEnumerable<string> OfVat(string number)
    {
        var compact = Folding.Squeezed(Folding.Fold(number));
        yield return compact;
        if (WithoutCountry(compact) is { } rest) yield return rest;
    }

    private static string Padded(string number) => number.Length is > 0 and < CompanyDigits && number.All(char.IsAsciiDigit) ? number.PadLeft(CompanyDigits, '0') : number;

    private static string? WithoutCountry(string number) =>
        number.Length > CountryLetters && char.IsAsciiLetter(number[0]) && char.IsAsciiLetter(number[1]) && char.IsAsciiDigit(number[CountryLetters]) ? number[CountryLetters..] : null;
}
