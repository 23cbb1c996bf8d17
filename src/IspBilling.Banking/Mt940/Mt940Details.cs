using System.Text;
using IspBilling.Domain;

namespace IspBilling.Banking.Mt940;

/// <summary>
/// What a <c>:86:</c> field says of a movement. Czech and German banks divide it by <c>?20</c> and the like, and mean different things:
/// <code>
///        Czech              Czech, kind 030    German
/// ?20    account/bank       VS                 text, often EREF+… SVWZ+…
/// ?21    VS                 SS                 text
/// ?22    SS                 KS                 text
/// ?23    KS                                    text
/// ?24–29 note, message      note, message      text
/// ?30–33 bank, account, name                   bank, account, name
/// </code>
/// Which of them it is, is told by the shape of the fields; text that fits none of them is a message.
/// </summary>
internal sealed class Mt940Details
{
    private const int FullLine = 27;

    private readonly Dictionary<int, string> _fields = [];
    private string? _kind;

    public PaymentSymbols Symbols { get; } = new();
    public string? CounterAccount { get; private set; }
    public string? CounterName { get; private set; }
    public string? Message { get; private set; }

    /// <summary>The payer's own id of the order, which a return repeats.</summary>
    public string? OrderReference { get; private set; }

    public static Mt940Details Of(IReadOnlyList<string> lines)
    {
        var details = new Mt940Details();
        if (details.Divide(string.Concat(lines)))
        {
            if (details.IsCzech) details.ReadCzech(symbolsFrom: 21);
            else if (details.IsCzechKind030) details.ReadCzech(symbolsFrom: 20);
            else details.ReadGerman();
        }
        else
        {
            details.Message = string.Join(' ', lines.Where(line => line.Length > 0));
            details.Symbols.TakeLabelled(Where, details.Message);
        }

        return details;
    }

    private const string Where = ":86:";

    private string? this[int field] => _fields.GetValueOrDefault(field)?.Trim() is { Length: > 0 } text ? text : null;

    private bool IsCzech => CzechAccount.TryParse(this[20], out _) && IsSymbol(21) && IsSymbol(22) && IsSymbol(23);

    private bool IsCzechKind030 => _kind == "030" && IsSymbol(20) && IsSymbol(21) && IsSymbol(22) && (this[20] ?? this[21] ?? this[22]) is not null;

    /// <summary>Three digits of a kind, which may be missing, then a sign that divides and two digits. False for undivided text.</summary>
    private bool Divide(string text)
    {
        var start = text.Length > 3 && text.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0 ? 3 : 0;
        if (text.Length < start + 3 || char.IsLetterOrDigit(text[start]) || char.IsWhiteSpace(text[start]) || !IsField(text, start, text[start])) return false;
        var divider = text[start];
        _kind = start == 3 ? text[..3] : null;
        for (var at = start; at < text.Length;)
        {
            var number = ((text[at + 1] - '0') * 10) + (text[at + 2] - '0');
            var end = at + 3;
            while (end < text.Length && !IsField(text, end, divider)) end++;
            _fields.TryAdd(number, text[(at + 3)..end]);
            at = end;
        }

        return true;
    }

    private static bool IsField(string text, int at, char divider) =>
        at + 2 < text.Length && text[at] == divider && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]);

    /// <summary>Nothing, or up to ten digits, before which the symbol's name may stand.</summary>
    private bool IsSymbol(int field) => this[field] is not { } text || (Digits(text) is { Length: > 0 and <= VariableSymbol.MaxDigits } digits
        && digits.IndexOfAnyExceptInRange('0', '9') < 0);

    private static ReadOnlySpan<char> Digits(string text) =>
        text.Length > 2 && text[..2].ToUpperInvariant() is "VS" or "SS" or "KS" ? text.AsSpan(2).Trim(" :.") : text;

    private void ReadCzech(int symbolsFrom)
    {
        foreach (var (name, field) in (ReadOnlySpan<(string, int)>)[("VS", symbolsFrom), ("SS", symbolsFrom + 1), ("KS", symbolsFrom + 2)])
            if (this[field] is { } text) Symbols.Take($"?{field}", name, Digits(text));
        var account = symbolsFrom == 21 ? this[20] : this[31];
        CounterAccount = CounterAccounts.Normal(account, this[30] is { Length: 4 } bank && symbolsFrom != 21 ? bank : null);
        CounterName = Joined(32, 33);
        Message = Joined(28, 29) ?? Joined(24, 27);
        if (Joined(24, 29) is { } texts) Symbols.TakeLabelled(Where, texts);
    }

    private void ReadGerman()
    {
        var text = Wrapped();
        CounterAccount = this[31] is { } account ? CounterAccounts.Normal(account, this[30] is { Length: 4 } bank && bank.All(char.IsAsciiDigit) ? bank : null) : null;
        CounterName = Joined(32, 33);
        OrderReference = BankReferences.Provided(Keyed(text, "EREF+"));
        if (OrderReference is { } order && Symbols.TakeLabelled("EREF", order)) OrderReference = null;
        Message = Keyed(text, "SVWZ+") ?? (text.Length > 0 ? text : this[0]);
        if (Message is not null) Symbols.TakeLabelled(Where, Message);
    }

    /// <summary>?20–?29, and ?60–?63 where the text goes on. A line that fills its 27 letters runs on, a shorter one ends a word.</summary>
    private string Wrapped()
    {
        var text = new StringBuilder();
        foreach (var field in Enumerable.Range(20, 10).Concat(Enumerable.Range(60, 4)))
        {
            if (!_fields.TryGetValue(field, out var line)) continue;
            text.Append(line);
            if (line.Length < FullLine && !line.EndsWith(' ')) text.Append(' ');
        }

        return text.ToString().Trim();
    }

    /// <summary>What stands between a key and the next one: four capitals and a plus.</summary>
    private static string? Keyed(string text, string key)
    {
        var start = text.IndexOf(key, StringComparison.Ordinal);
        if (start < 0) return null;
        start += key.Length;
        var end = start;
        while (end < text.Length && !IsKey(text.AsSpan(end))) end++;
        return text[start..end].Trim() is { Length: > 0 } value ? value : null;
    }

    private static bool IsKey(ReadOnlySpan<char> text) =>
        text.Length > 5 && text[0] is ' ' && text[5] == '+' && text[1..5].IndexOfAnyExceptInRange('A', 'Z') < 0
        || text.Length > 4 && text[4] == '+' && text[..4] is "SVWZ" or "EREF" or "KREF" or "MREF" or "CRED" or "DEBT" or "ABWA" or "ABWE";

    private string? Joined(int first, int last)
    {
        var texts = new List<string>();
        for (var field = first; field <= last; field++)
            if (this[field] is { } text) texts.Add(text);
        return texts.Count == 0 ? null : string.Join(' ', texts);
    }
}
