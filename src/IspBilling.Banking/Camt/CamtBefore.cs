using IspBilling.Domain;

namespace IspBilling.Banking.Camt;

/// <summary>
/// How the release before read what the name of an entry was made of: zeros as a reference, symbols in fewer shapes, the counterparty in
/// one role only. Nothing is booked by it: it finds again, in a database of that release, what is there already.
/// </summary>
internal static class CamtBefore
{
    /// <param name="reference">As that release would have taken it.</param>
    /// <param name="isReversal">As the entry tells it; a return told by its transaction does not count here.</param>
    /// <returns>Null where the name is the same.</returns>
    public static StatementEntry? Of(StatementEntry line, CamtDetail detail, string? reference, bool isReversal)
    {
        // A reference made the name alone; nothing else of these was in it.
        if (reference is not null) return reference == line.EntryReference ? null : line with { EntryReference = reference };
        var symbols = Symbols(detail);
        var counter = CounterParty(line, detail, isReversal);
        var before = line with
        {
            EntryReference = null,
            CounterAccount = Account(counter),
            CounterName = counter.Name,
            VariableSymbol = symbols.Variable,
            ConstantSymbol = symbols.Constant,
            SpecificSymbol = symbols.Specific,
        };
        return before == line ? null : before;
    }

    private static CamtParty CounterParty(StatementEntry line, CamtDetail detail, bool isReversal)
    {
        var isDebtor = (line.Direction == EntryDirection.Credit) != isReversal;
        var (counter, own) = isDebtor ? (detail.Debtor, detail.Creditor) : (detail.Creditor, detail.Debtor);
        return Account(counter) is { } account && account == line.OwnAccount ? own : counter;
    }

    /// <summary>A number without a bank lost its leading zeros and got the dash of a Czech one, of whatever country it was.</summary>
    private static string? Account(CamtParty party)
    {
        if (party.Iban is not null) return CounterAccounts.Normal(party.Iban, bankCode: null);
        var account = CounterAccounts.Normal(party.OtherAccount, party.LocalBankCode);
        return party.LocalBankCode is null or "0000" && CzechAccount.TryParse($"{account}/0000", out var local)
            ? local.ToString()[..^"/0000".Length]
            : account;
    }

    private static (VariableSymbol? Variable, string? Constant, string? Specific) Symbols(CamtDetail detail)
    {
        var symbols = new Found();
        foreach (var reference in detail.Structured)
        {
            var colon = reference.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) symbols.Take(reference.AsSpan(0, colon).Trim(), reference.AsSpan(colon + 1));
            if (reference.Length > 2 && reference[..3].ToUpperInvariant() is "/VS" or "/SS" or "/KS") symbols.TakeSlashed(reference);
        }

        if (detail.EndToEndId is ['/', ..]) symbols.TakeSlashed(detail.EndToEndId);
        foreach (var (type, value) in detail.Proprietary) symbols.Take(type, value);
        symbols.TakeFromMessage(detail.Unstructured);
        symbols.TakeFromMessage(detail.StructuredText);
        return (symbols.Variable, symbols.Constant, symbols.Specific);
    }

    private struct Found
    {
        public VariableSymbol? Variable { get; private set; }
        public string? Constant { get; private set; }
        public string? Specific { get; private set; }

        public void Take(ReadOnlySpan<char> name, ReadOnlySpan<char> digits)
        {
            if (VariableSymbol.Read(digits) is not { } symbol) return;
            if (name.Equals("VS", StringComparison.OrdinalIgnoreCase)) Variable ??= symbol;
            else if (name.Equals("KS", StringComparison.OrdinalIgnoreCase)) Constant ??= symbol.ToString();
            else if (name.Equals("SS", StringComparison.OrdinalIgnoreCase)) Specific ??= symbol.ToString();
        }

        public void TakeSlashed(ReadOnlySpan<char> text)
        {
            foreach (var range in text.Split('/'))
            {
                var part = text[range].Trim();
                if (part.Length > 2) Take(part[..2], part[2..].TrimStart(':'));
            }
        }

        public void TakeFromMessage(ReadOnlySpan<char> text)
        {
            for (var i = 0; i + 2 < text.Length; i++)
            {
                if (text[i + 1] is not ('S' or 's') || (i > 0 && char.IsLetterOrDigit(text[i - 1]))) continue;
                var rest = text[(i + 2)..].TrimStart(" :./=");
                var digits = rest.IndexOfAnyExceptInRange('0', '9');
                Take(text.Slice(i, 2), digits < 0 ? rest : rest[..digits]);
            }
        }
    }
}
