namespace IspBilling.Banking.Fio;

/// <summary>
/// The head of an export from Fio's internet banking: sentences instead of names and values, such as
/// <c>Výpis č. 7/2026 z účtu "2801387443/2010"</c> and <c>Počáteční stav účtu k 01.11.2026: 100,00 CZK</c>.
/// </summary>
internal static class FioWebHead
{
    /// <summary>The first words of the first line, in Czech and in Slovak.</summary>
    public static bool Recognises(string firstLine) => Title(firstLine) is not null;

    /// <summary>Adds what the line says to the head; false for a line that says nothing that is read.</summary>
    public static bool TryTake(string line, FioInfo info)
    {
        if (Title(line) is { } title) return TakeTitle(title, info);
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return false;
        var (what, value) = (line[..colon], line[(colon + 1)..].Trim());
        if (StartsWith(what, "Období", "Obdobie")) return TakePeriod(value, info);
        if (StartsWith(what, "Počáteční stav", "Počiatočný stav")) return TakeBalance(value, "openingBalance", info);
        if (StartsWith(what, "Koncový stav", "Konečný stav", "Konečný zůstatek")) return TakeBalance(value, "closingBalance", info);
        return false;
    }

    private static string? Title(string line)
    {
        foreach (var start in (ReadOnlySpan<string>)["Výpis č.", "Výpis vybraných", "Výpis z účtu", "Přehled pohybů", "Prehľad pohybov"])
            if (line.StartsWith(start, StringComparison.OrdinalIgnoreCase)) return line[start.Length..];
        return null;
    }

    /// <summary>The number, where there is one, and the account between quotes or at the end.</summary>
    private static bool TakeTitle(string title, FioInfo info)
    {
        var words = title.Split([' ', '"', '„', '“', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            var slash = word.IndexOf('/', StringComparison.Ordinal);
            if (slash <= 0) continue;
            var (before, behind) = (word[..slash], word[(slash + 1)..]);
            if (behind == "2010")
            {
                info.Take("accountId", before);
                info.Take("bankId", behind);
            }
            else if (before.All(char.IsAsciiDigit) && behind.Length == 4 && behind.All(char.IsAsciiDigit))
            {
                info.Take("idList", before);
                info.Take("yearList", behind);
            }
        }

        return true;
    }

    private static bool TakePeriod(string value, FioInfo info)
    {
        var days = value.Split(['-', '–'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (days.Length != 2) return false;
        info.Take("dateStart", days[0]);
        info.Take("dateEnd", days[1]);
        return true;
    }

    /// <summary>The amount and, behind it, the currency of the account.</summary>
    private static bool TakeBalance(string value, string name, FioInfo info)
    {
        var blank = value.LastIndexOfAny([' ', '\u00A0']);
        if (blank < 0) return false;
        info.Take(name, value[..blank]);
        info.Take("currency", value[(blank + 1)..]);
        return true;
    }

    private static bool StartsWith(string text, params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
            if (text.StartsWith(start, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
