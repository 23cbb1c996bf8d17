namespace IspBilling.Hosting;

/// <summary>Finds what was meant by a misspelt word, ignoring case and separators.</summary>
internal static class Spelling
{
    /// <summary>A word that holds all of the misspelt one, or else the one with the fewest different letters.</summary>
    public static string Nearest(IEnumerable<string> known, string word)
    {
        var letters = Letters(word);
        return known.MinBy(one => (!Letters(one).Contains(letters, StringComparison.Ordinal), Distance(Letters(one), letters)))!;
    }

    /// <summary>Letters to insert, remove or replace (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }

    private static string Letters(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
