using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>Entries that are looked up and recorded together, with whom their symbols name: that does not depend on what is booked.</summary>
/// <param name="BySymbol">By the entries' symbols.</param>
/// <param name="ByNumber">By the numbers in the texts of those whose symbol names nobody, and by labelled ones in the texts of the others.</param>
internal sealed record ImportPage(IReadOnlyList<StoredEntry> Entries, ILookup<ReceivedSymbol, Candidate> BySymbol, ILookup<ReceivedSymbol, Candidate> ByNumber)
{
    public static async Task<ImportPage> Read(
        IStatementImportStore store, ImportId import, long after, int size, CancellationToken cancellation) =>
        await Of(store, await store.PendingAfter(import, after, size, cancellation), cancellation);

    public static async Task<ImportPage> Of(IStatementImportStore store, IReadOnlyList<StoredEntry> entries, CancellationToken cancellation)
    {
        var bySymbol = await store.BySymbol(SymbolsOf(entries), cancellation);
        var numbers = new HashSet<ReceivedSymbol>();
        foreach (var stored in entries)
        {
            if (!IsIncoming(stored.Entry)) continue;
            foreach (var mention in MentionsIn(stored, IsNamed(stored, bySymbol))) numbers.Add(new ReceivedSymbol(stored.Receiver, mention.Number));
        }

        return new ImportPage(entries, bySymbol, await store.BySymbol(numbers, cancellation));
    }

    /// <summary>Accounts of the receiver that carry the entry's symbol.</summary>
    public List<Candidate> Named(StoredEntry stored) => [.. WithSymbol(stored).Where(candidate => !candidate.IsSuggestion).DistinctBy(candidate => candidate.Account)];

    /// <summary>Accounts of the receiver that carry a number in the entry's texts.</summary>
    /// <param name="counts">Which numbers count for which account.</param>
    public List<Candidate> Mentioned(StoredEntry stored, Func<MentionKind, AccountId, bool> counts) =>
        [.. WithNumber(stored, counts).Where(candidate => !candidate.IsSuggestion)];

    /// <summary>
    /// Accounts that the entry names although their issuer did not receive the money. Issuers may share a symbol: one that the receiver's own
    /// client carries names nobody else.
    /// </summary>
    /// <param name="counts">Which numbers count for which account.</param>
    public IEnumerable<Candidate> Suggested(StoredEntry stored, Func<MentionKind, AccountId, bool> counts)
    {
        var bySymbol = Named(stored).Count > 0 ? [] : WithSymbol(stored);
        return bySymbol.Concat(SuggestedByText(stored, counts)).Where(candidate => candidate.IsSuggestion);
    }

    /// <summary>The same by the entry's texts alone.</summary>
    public IEnumerable<Candidate> SuggestedByText(StoredEntry stored, Func<MentionKind, AccountId, bool> counts) =>
        Distinct(NumbersOf(stored).Where(found => found.Candidates.All(candidate => candidate.IsSuggestion)), counts);

    /// <summary>Whoever the entry's symbol and texts may mean, suggestions too.</summary>
    public IEnumerable<AccountId> Everybody(StoredEntry stored) =>
        WithSymbol(stored).Concat(WithNumber(stored, (_, _) => true)).Select(candidate => candidate.Account);

    private IEnumerable<Candidate> WithSymbol(StoredEntry stored) =>
        stored.Entry.VariableSymbol is { } symbol ? BySymbol[new ReceivedSymbol(stored.Receiver, symbol.Value)] : [];

    private IEnumerable<Candidate> WithNumber(StoredEntry stored, Func<MentionKind, AccountId, bool> counts) => Distinct(NumbersOf(stored), counts);

    private static IEnumerable<Candidate> Distinct(
        IEnumerable<(MentionKind Kind, IEnumerable<Candidate> Candidates)> mentions, Func<MentionKind, AccountId, bool> counts) =>
        mentions.SelectMany(found => found.Candidates.Where(candidate => counts(found.Kind, candidate.Account)))
            .DistinctBy(candidate => candidate.Account).Select(candidate => candidate with { Rule = MatchRule.NumberInMessage });

    private IEnumerable<(MentionKind Kind, IEnumerable<Candidate> Candidates)> NumbersOf(StoredEntry stored) =>
        MentionsIn(stored, isNamed: false).Select(mention => (mention.Kind, ByNumber[new ReceivedSymbol(stored.Receiver, mention.Number)]));

    /// <summary>Money that came in, and is no refund that came back.</summary>
    public static bool IsIncoming(StatementEntry entry) => entry is { Direction: EntryDirection.Credit, IsReversal: false };

    /// <summary>Money that went out and takes back nothing: a refund, or no client's.</summary>
    public static bool IsOutgoing(StatementEntry entry) => entry is { Direction: EntryDirection.Debit, IsReversal: false };

    public bool IsUnnamed(StoredEntry stored) => IsIncoming(stored.Entry) && !IsNamed(stored, BySymbol);

    private static bool IsNamed(StoredEntry stored, ILookup<ReceivedSymbol, Candidate> bySymbol) =>
        stored.Entry.VariableSymbol is { } symbol && bySymbol[new ReceivedSymbol(stored.Receiver, symbol.Value)].Any(candidate => !candidate.IsSuggestion);

    /// <summary>Beside a symbol that names somebody only another one is worth a look.</summary>
    private static IEnumerable<Mention> MentionsIn(StoredEntry stored, bool isNamed)
    {
        var (entry, symbol) = (stored.Entry, stored.Entry.VariableSymbol?.Value);
        if (entry.Message is null && stored.OtherTexts is null) return [];
        var mentions = Mentions.In(entry.Message, entry.BookedOn).Concat(Mentions.In(stored.OtherTexts, entry.BookedOn));
        return isNamed ? mentions.Where(mention => mention.Kind == MentionKind.Labelled && mention.Number != symbol) : mentions;
    }

    private static HashSet<ReceivedSymbol> SymbolsOf(IReadOnlyList<StoredEntry> entries)
    {
        var symbols = new HashSet<ReceivedSymbol>();
        foreach (var stored in entries)
        {
            if (!stored.Entry.IsReversal && stored.Entry.VariableSymbol is { } symbol) symbols.Add(new ReceivedSymbol(stored.Receiver, symbol.Value));
        }

        return symbols;
    }
}
