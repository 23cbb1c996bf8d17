using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>Entries that are looked up and recorded together, with whom their symbols name: that does not depend on what is booked.</summary>
/// <param name="BySymbol">By the entries' symbols.</param>
/// <param name="ByNumber">By the numbers in the messages of those whose symbol names nobody.</param>
internal sealed record ImportPage(IReadOnlyList<StoredEntry> Entries, ILookup<long, Candidate> BySymbol, ILookup<long, Candidate> ByNumber)
{
    private const int MinDigitsInText = 4;

    public static async Task<ImportPage> Read(
        IStatementImportStore store, ImportId import, long after, int size, CancellationToken cancellation)
    {
        var entries = await store.PendingAfter(import, after, size, cancellation);
        var bySymbol = await store.BySymbol(SymbolsOf(entries), cancellation);
        var numbers = new HashSet<long>();
        foreach (var stored in entries)
        {
            if (IsIncoming(stored.Entry) && !IsNamed(stored.Entry, bySymbol)) numbers.UnionWith(NumbersIn(stored.Entry.Message));
        }

        return new ImportPage(entries, bySymbol, await store.BySymbol(numbers, cancellation));
    }

    /// <summary>Accounts that carry the entry's symbol.</summary>
    public List<Candidate> Named(StatementEntry entry) =>
        entry.VariableSymbol is { } symbol ? [.. BySymbol[symbol.Value].DistinctBy(candidate => candidate.Account)] : [];

    /// <summary>Accounts that carry a number in the entry's message.</summary>
    public List<Candidate> Mentioned(StatementEntry entry) =>
    [
        .. NumbersIn(entry.Message).SelectMany(number => ByNumber[number]).DistinctBy(candidate => candidate.Account)
            .Select(candidate => candidate with { Rule = MatchRule.NumberInMessage }),
    ];

    public static bool IsIncoming(StatementEntry entry) => entry is { Direction: EntryDirection.Credit, IsReversal: false };

    /// <summary>Money that the bank takes back; an outgoing payment that comes back is no client's.</summary>
    public static bool TakesBack(StatementEntry entry) => entry is { Direction: EntryDirection.Debit, IsReversal: true };

    public bool IsUnnamed(StatementEntry entry) => IsIncoming(entry) && !IsNamed(entry, BySymbol);

    private static bool IsNamed(StatementEntry entry, ILookup<long, Candidate> bySymbol) =>
        entry.VariableSymbol is { } symbol && bySymbol.Contains(symbol.Value);

    private static HashSet<long> SymbolsOf(IReadOnlyList<StoredEntry> entries)
    {
        var symbols = new HashSet<long>();
        foreach (var stored in entries)
        {
            if (IsIncoming(stored.Entry) && stored.Entry.VariableSymbol is { } symbol) symbols.Add(symbol.Value);
        }

        return symbols;
    }

    /// <summary>Runs of four to ten digits that are not part of a longer one.</summary>
    /// <remarks>Found by hand: a regular expression needs a time limit, and a busy machine then refuses a sound file.</remarks>
    private static List<long> NumbersIn(string? message)
    {
        var numbers = new List<long>();
        if (message is null) return numbers;
        for (var from = 0; from < message.Length;)
        {
            var to = from;
            while (to < message.Length && char.IsAsciiDigit(message[to])) to++;
            if (to - from is >= MinDigitsInText and <= VariableSymbol.MaxDigits && VariableSymbol.Read(message.AsSpan(from, to - from)) is { } symbol)
                numbers.Add(symbol.Value);
            from = Math.Max(to, from + 1);
        }

        return numbers;
    }
}
