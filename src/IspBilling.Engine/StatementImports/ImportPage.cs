using System.Text.RegularExpressions;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>Entries that are looked up and recorded together, with whom their symbols name: that does not depend on what is booked.</summary>
/// <param name="BySymbol">Of the entries' symbols and, for those that name nobody, of the numbers in their messages.</param>
internal sealed partial record ImportPage(IReadOnlyList<StoredEntry> Entries, ILookup<long, Candidate> BySymbol, ILookup<long, Candidate> ByNumber)
{
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

    private static List<long> NumbersIn(string? message)
    {
        var numbers = new List<long>();
        if (message is null) return numbers;
        foreach (var match in SymbolInText().EnumerateMatches(message))
        {
            if (VariableSymbol.Read(message.AsSpan(match.Index, match.Length)) is { } symbol) numbers.Add(symbol.Value);
        }

        return numbers;
    }

    /// <summary>A run of four to ten digits that is not part of a longer one.</summary>
    [GeneratedRegex(@"(?<!\d)\d{4,10}(?!\d)", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex SymbolInText();
}
