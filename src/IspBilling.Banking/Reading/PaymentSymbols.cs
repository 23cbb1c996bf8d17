using IspBilling.Domain;

namespace IspBilling.Banking;

/// <summary>
/// Variable, constant and specific symbol (VS, KS, SS), collected from several places of one movement. The first place that holds
/// a symbol wins; zeros and empty parts do not count.
/// </summary>
internal struct PaymentSymbols
{
    public VariableSymbol? Variable { get; private set; }
    public string? Constant { get; private set; }
    public string? Specific { get; private set; }

    /// <summary>One named symbol; other names are ignored.</summary>
    public void Take(ReadOnlySpan<char> name, ReadOnlySpan<char> digits)
    {
        if (VariableSymbol.Read(digits) is not { } symbol) return;
        if (name.Equals("VS", StringComparison.OrdinalIgnoreCase)) Variable ??= symbol;
        else if (name.Equals("KS", StringComparison.OrdinalIgnoreCase)) Constant ??= symbol.ToString();
        else if (name.Equals("SS", StringComparison.OrdinalIgnoreCase)) Specific ??= symbol.ToString();
    }

    /// <summary>A structured reference that is one symbol: <c>VS:123</c>.</summary>
    public void TakeReference(ReadOnlySpan<char> reference)
    {
        var colon = reference.IndexOf(':');
        if (colon > 0) Take(reference[..colon].Trim(), reference[(colon + 1)..]);
    }

    /// <summary>The slashed form of Slovak and Czech SEPA payments: <c>/VS123/SS/KS308</c>, parts in any order.</summary>
    public void TakeSlashed(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('/'))
        {
            var part = text[range].Trim();
            if (part.Length > 2) Take(part[..2], part[2..].TrimStart(':'));
        }
    }

    /// <summary>Symbols that a person wrote into a message: <c>VS: 123</c>, <c>vs123</c>, <c>/VS/123</c>.</summary>
    public void TakeFromMessage(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if ((text[i + 1] is not ('S' or 's')) || (i > 0 && char.IsLetterOrDigit(text[i - 1]))) continue;
            var rest = text[(i + 2)..].TrimStart(" :./=");
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            Take(text.Slice(i, 2), digits < 0 ? rest : rest[..digits]);
        }
    }

    /// <summary>True for an end-to-end id that carries symbols and therefore does not identify one payment.</summary>
    public static bool IsSlashed(ReadOnlySpan<char> text) =>
        text.StartsWith("/VS", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("/SS", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("/KS", StringComparison.OrdinalIgnoreCase);
}
