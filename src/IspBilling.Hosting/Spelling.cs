namespace IspBilling.Hosting;

/// <summary>How far two words are apart, so that a misspelt one can be answered with the one that was meant.</summary>
internal static class Spelling
{
    /// <summary>Letters to insert, remove or replace (Levenshtein), ignoring case and separators within words.</summary>
    public static int Distance(string one, string other)
    {
        var (a, b) = (Letters(one), Letters(other));
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
