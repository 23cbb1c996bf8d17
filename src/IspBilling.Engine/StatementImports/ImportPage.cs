using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>Entries that are looked up and recorded together, with whom their symbols name: that does not depend on what is booked.</summary>
/// <param name="BySymbol">By the entries' symbols.</param>
/// <param name="ByNumber">By the numbers in the messages of those whose symbol names nobody.</param>
internal sealed record ImportPage(IReadOnlyList<StoredEntry> Entries, ILookup<ReceivedSymbol, Candidate> BySymbol, ILookup<ReceivedSymbol, Candidate> ByNumber)
{
    private const int MinDigitsInText = 4;

    public static async Task<ImportPage> Read(
        IStatementImportStore store, ImportId import, long after, int size, CancellationToken cancellation)
    {
        var entries = await store.PendingAfter(import, after, size, cancellation);
        var bySymbol = await store.BySymbol(SymbolsOf(entries), cancellation);
        var numbers = new HashSet<ReceivedSymbol>();
        foreach (var stored in entries)
        {
            if (IsIncoming(stored.Entry) && !IsNamed(stored, bySymbol)) numbers.UnionWith(NumbersIn(stored));
        }

        return new ImportPage(entries, bySymbol, await store.BySymbol(numbers, cancellation));
    }

    /// <summary>Accounts of the receiver that carry the entry's symbol.</summary>
    public List<Candidate> Named(StoredEntry stored) => [.. WithSymbol(stored).Where(candidate => !candidate.IsSuggestion).DistinctBy(candidate => candidate.Account)];

    /// <summary>Accounts of the receiver that carry a number in the entry's message.</summary>
    public List<Candidate> Mentioned(StoredEntry stored) => [.. WithNumber(stored).Where(candidate => !candidate.IsSuggestion)];

    /// <summary>Accounts that the entry names although their issuer did not receive the money.</summary>
    public IEnumerable<Candidate> Suggested(StoredEntry stored) => WithSymbol(stored).Concat(WithNumber(stored)).Where(candidate => candidate.IsSuggestion);

    private IEnumerable<Candidate> WithSymbol(StoredEntry stored) =>
        stored.Entry.VariableSymbol is { } symbol ? BySymbol[new ReceivedSymbol(stored.Receiver, symbol.Value)] : [];

    private IEnumerable<Candidate> WithNumber(StoredEntry stored) =>
        NumbersIn(stored).SelectMany(number => ByNumber[number]).DistinctBy(candidate => candidate.Account)
            .Select(candidate => candidate with { Rule = MatchRule.NumberInMessage });

    public static bool IsIncoming(StatementEntry entry) => entry is { Direction: EntryDirection.Credit, IsReversal: false };

    /// <summary>Money that the bank takes back; an outgoing payment that comes back is no client's.</summary>
    public static bool TakesBack(StatementEntry entry) => entry is { Direction: EntryDirection.Debit, IsReversal: true };

    public bool IsUnnamed(StoredEntry stored) => IsIncoming(stored.Entry) && !IsNamed(stored, BySymbol);

    private static bool IsNamed(StoredEntry stored, ILookup<ReceivedSymbol, Candidate> bySymbol) =>
        stored.Entry.VariableSymbol is { } symbol && bySymbol[new ReceivedSymbol(stored.Receiver, symbol.Value)].Any(candidate => !candidate.IsSuggestion);

    private static HashSet<ReceivedSymbol> SymbolsOf(IReadOnlyList<StoredEntry> entries)
    {
        var symbols = new HashSet<ReceivedSymbol>();
        foreach (var stored in entries)
        {
            if (IsIncoming(stored.Entry) && stored.Entry.VariableSymbol is { } symbol) symbols.Add(new ReceivedSymbol(stored.Receiver, symbol.Value));
        }

        return symbols;
    }

    /// <summary>Runs of four to ten digits that are not part of a longer one.</summary>
    /// <remarks>Found by hand: a regular expression needs a time limit, and a busy machine then refuses a sound file.</remarks>
    private static List<ReceivedSymbol> NumbersIn(StoredEntry stored)
    {
        var numbers = new List<ReceivedSymbol>();
        if (stored.Entry.Message is not { } message) return numbers;
        for (var from = 0; from < message.Length;)
        {
            var to = from;
            while (to < message.Length && char.IsAsciiDigit(message[to])) to++;
            if (to - from is >= MinDigitsInText and <= VariableSymbol.MaxDigits && VariableSymbol.Read(message.AsSpan(from, to - from)) is { } symbol)
                numbers.Add(new ReceivedSymbol(stored.Receiver, symbol.Value));
            from = Math.Max(to, from + 1);
        }

        return numbers;
    }
}
