using IspBilling.Domain;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Terms;

namespace IspBilling.Desk.Search;

/// <summary>What a text that somebody types may mean: any identifier of a client, and words of the name or the address.</summary>
public static class SearchText
{
    public const int LengthMax = 200;

    /// <summary>Letters and digits.</summary>
    public const int LettersMin = 2;

    public const int WordsMax = 8;

    private const int DigitsOfNumber = 7;

    /// <summary>What people write in front of a number; it is no part of it.</summary>
    private static readonly HashSet<string> Labels = new(StringComparer.Ordinal) { "ico", "ic", "dic", "vs", "tel", "mobil", "iban" };

    /// <param name="regions">Countries whose phone numbers are written without a country code.</param>
    /// <param name="fault">What was expected instead; null when the text can be looked for.</param>
    public static ClientQuery Read(string text, IReadOnlyCollection<string> regions, out string? fault)
    {
        fault = text.Length > LengthMax ? $"at most {LengthMax} characters expected" : null;
        if (fault is not null) return Nothing;
        var chunks = Folding.Chunks(text);
        var words = Words(chunks.SelectMany(chunk => Apart(Folding.Fold(chunk))));
        if (Folding.Squeezed(Folding.Fold(text)).Length < LettersMin) fault = $"at least {LettersMin} letters or digits expected";
        else if (words.Count > WordsMax) fault = $"at most {WordsMax} words expected";
        if (fault is not null) return Nothing;

        var kept = Words(KeptTogether(chunks));
        var whole = WithoutLabel(chunks);
        return new ClientQuery(
            CallerReference.IsValid(text.Trim()) ? text.Trim() : null,
            [.. Terms(whole, regions).Select(term => (term.Kind, Folding.Cut(term.Term))).Where(term => term.Item2.Length > 0).Distinct()],
            Symbol(whole), DocumentNumber.Read(string.Concat(Folding.Chunks(whole)).ToUpperInvariant()), BankAccountForms.Of(whole),
            kept.SequenceEqual(words) || IsNumber(kept) ? [kept] : [kept, words]);
    }

    private static readonly ClientQuery Nothing = new(null, [], null, null, [], []);

    /// <summary>Its words; an abbreviation such as <c>s.r.o.</c> is one, as names have it too.</summary>
    private static List<string> Apart(string folded)
    {
        var words = Folding.Words(folded).ToList();
        return words.Count > 1 && words.TrueForAll(word => word.Length == 1) ? [Folding.Squeezed(folded)] : words;
    }

    /// <summary>So many digits are never a house number or a postal code; apart, each group would be common.</summary>
    private static bool IsNumber(List<string> kept) => kept is [{ Length: >= DigitsOfNumber } digits] && digits.All(char.IsAsciiDigit);

    /// <summary>A word that begins another one says nothing more.</summary>
    private static List<string> Words(IEnumerable<string> words)
    {
        var distinct = words.Distinct(StringComparer.Ordinal).ToList();
        return distinct.FindAll(word => !distinct.Exists(other => other.Length > word.Length && other.StartsWith(word, StringComparison.Ordinal)));
    }

    /// <summary>
    /// Numbers that stand side by side in one, as <c>777 123 456</c> beside a name; and what has signs inside as a whole, as an e-mail address or
    /// a reference.
    /// </summary>
    private static IEnumerable<string> KeptTogether(string[] chunks)
    {
        var digits = "";
        foreach (var chunk in chunks)
        {
            var folded = Folding.Fold(chunk);
            if (IsNumberPart(folded))
            {
                digits += Folding.Squeezed(folded);
                continue;
            }

            if (digits.Length > 0) yield return Folding.Cut(PhoneDigits.WithoutExitCode(digits));
            digits = "";
            if (folded.Trim(Marks) is { Length: > 0 } word) yield return Folding.Cut(word);
        }

        if (digits.Length > 0) yield return Folding.Cut(PhoneDigits.WithoutExitCode(digits));
    }

    /// <summary>What may stand around a word; <c>jan@</c> begins an address.</summary>
    private static readonly char[] Marks = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '@')];

    private static bool IsNumberPart(string folded) =>
        folded.Any(char.IsAsciiDigit) && folded.All(letter => char.IsAsciiDigit(letter) || letter is '+' or '-' or '.' or '(' or ')' or '/');

    /// <summary><c>IČO: 12345678</c> → <c>12345678</c>; a name that begins alike has no digit behind it.</summary>
    private static string WithoutLabel(string[] chunks)
    {
        var whole = string.Join(' ', chunks);
        if (chunks.Length < 2 || !Labels.Contains(Folding.Squeezed(Folding.Fold(chunks[0])))) return whole;
        var rest = string.Join(' ', chunks[1..]);
        return rest.Any(char.IsAsciiDigit) ? rest : whole;
    }

    private static IEnumerable<(TermKind Kind, string Term)> Terms(string whole, IReadOnlyCollection<string> regions)
    {
        foreach (var reference in ClientTerms.OfReference(whole)) yield return (TermKind.Reference, reference.Term);
        foreach (var contract in ClientTerms.OfContract(whole)) yield return (TermKind.Contract, contract.Term);
        if (Symbol(whole) is { } symbol) yield return (TermKind.Symbol, symbol.ToString());
        foreach (var phone in PhoneDigits.Asked(whole, regions)) yield return (TermKind.Phone, phone);
        var folded = Folding.Fold(whole).Trim();
        if (folded.Contains(' ')) folded = folded.Any(char.IsAsciiDigit) ? string.Concat(folded.Where(letter => letter != ' ')) : "";
        if (folded.Any(char.IsAsciiDigit))
        {
            foreach (var form in NumberForms.OfCompany(folded)) yield return (TermKind.CompanyNumber, form);
            foreach (var form in NumberForms.OfVat(folded)) yield return (TermKind.VatNumber, form);
        }

        if (folded.IndexOf('@') > 0) yield return (TermKind.Email, folded);
        else if (folded.Contains('.') || folded.StartsWith('@')) yield return (TermKind.EmailDomain, folded.TrimStart('@'));
    }

    private static VariableSymbol? Symbol(string whole) => VariableSymbol.Read(string.Concat(Folding.Chunks(whole)));
}
