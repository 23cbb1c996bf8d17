using System.Text;
using AnyAscii;

namespace IspBilling.Postgres.Terms;

/// <summary>Texts as a search compares them: without diacritics and ligatures, in lower case, in ASCII.</summary>
public static class Folding
{
    /// <summary>Letters of a term; what is longer is found by its beginning.</summary>
    public const int TermMax = 64;

    /// <summary><c>Žluťoučký</c> → <c>zlutoucky</c>, <c>Straße</c> → <c>strasse</c>. What cannot be printed becomes a space.</summary>
    public static string Fold(string text)
    {
        var ascii = Ascii.IsValid(text) ? text : text.Transliterate();
        return string.Create(ascii.Length, ascii, static (folded, from) =>
        {
            for (var i = 0; i < folded.Length; i++) folded[i] = from[i] is >= ' ' and <= '~' ? char.ToLowerInvariant(from[i]) : ' ';
        });
    }

    /// <summary>The runs of letters and digits in a folded text.</summary>
    public static IEnumerable<string> Words(string folded)
    {
        for (var from = 0; from < folded.Length;)
        {
            if (!char.IsAsciiLetterOrDigit(folded[from]))
            {
                from++;
                continue;
            }

            var to = from + 1;
            while (to < folded.Length && char.IsAsciiLetterOrDigit(folded[to])) to++;
            yield return Cut(folded[from..to]);
            from = to;
        }
    }

    /// <summary>The letters and digits of a folded text in one: <c>s.r.o.</c> → <c>sro</c>.</summary>
    public static string Squeezed(string folded) => string.Concat(folded.Where(char.IsAsciiLetterOrDigit));

    /// <summary>The parts of a text that stand apart.</summary>
    public static string[] Chunks(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public static string Cut(string term) => term.Length <= TermMax ? term : term[..TermMax];
}
