using System.Collections.ObjectModel;
using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>Entries that are looked up and recorded together, with whom their symbols name: that does not depend on what is booked.</summary>
/// <param name="BySymbol">By the entries' symbols.</param>
/// <param name="ByNumber">By the numbers in the texts of those whose symbol names nobody, and by labelled ones in the texts of the others.</param>
/// <param name="Given">Since when accounts have the symbol of their own, where an entry may be older than that.</param>
internal sealed record ImportPage(
    IReadOnlyList<StoredEntry> Entries, ILookup<ReceivedSymbol, Candidate> BySymbol, ILookup<ReceivedSymbol, Candidate> ByNumber,
    IReadOnlyDictionary<AccountId, DateOnly> Given)
{
    private static readonly ILookup<ReceivedSymbol, Candidate> NoNumbers = Array.Empty<Candidate>().ToLookup(_ => default(ReceivedSymbol));

    public static async Task<ImportPage> Read(
        IStatementImportStore store, ImportId import, long after, int size, CancellationToken cancellation) =>
        await Of(store, await store.PendingAfter(import, after, size, cancellation), cancellation);

    public static async Task<ImportPage> Of(IStatementImportStore store, IReadOnlyList<StoredEntry> entries, CancellationToken cancellation)
    {
        var bySymbol = await store.BySymbol(SymbolsOf(entries), cancellation);
        var page = new ImportPage(entries, bySymbol, NoNumbers, ReadOnlyDictionary<AccountId, DateOnly>.Empty);
        page = page with { Given = await store.SymbolsGiven(page.Undated(page.WithSymbol), cancellation) };
        var numbers = new HashSet<ReceivedSymbol>();
        foreach (var stored in entries)
        {
            if (!IsIncoming(stored.Entry)) continue;
            foreach (var mention in MentionsIn(stored, page.IsNamed(stored))) numbers.Add(new ReceivedSymbol(stored.Receiver, mention.Number));
        }

        if (numbers.Count == 0) return page;
        page = page with { ByNumber = await store.BySymbol(numbers, cancellation) };
        var given = await store.SymbolsGiven(page.Undated(stored => page.WithNumber(stored, (_, _) => true)), cancellation);
        return page with { Given = new Dictionary<AccountId, DateOnly>(page.Given.Concat(given.Where(known => !page.Given.ContainsKey(known.Key)))) };
    }

    /// <summary>Accounts of the receiver that carried the entry's symbol when it was booked.</summary>
    public List<Candidate> Named(StoredEntry stored) =>
        [.. Carrying(stored, WithSymbol(stored)).Where(candidate => !candidate.IsSuggestion).DistinctBy(candidate => candidate.Account)];

    /// <summary>
    /// Accounts of the receiver that were given the entry's symbol after it was booked, on a document or by a change: whoever paid cannot have
    /// meant it.
    /// </summary>
    public List<Candidate> NamedSince(StoredEntry stored) => [.. Since(stored, WithSymbol(stored))];

    /// <summary>Accounts of the receiver that carried a number in the entry's texts when it was booked.</summary>
    /// <param name="counts">Which numbers count for which account.</param>
    public List<Candidate> Mentioned(StoredEntry stored, Func<MentionKind, AccountId, bool> counts) =>
        [.. Carrying(stored, WithNumber(stored, counts)).Where(candidate => !candidate.IsSuggestion).DistinctBy(candidate => candidate.Account)];

    /// <summary>Whether the entry's texts say once more, in one run or in groups, the symbol that it has.</summary>
    public static bool SaysItsSymbol(StoredEntry stored) =>
        MentionsIn(stored, isNamed: false).Any(mention => mention.Kind is MentionKind.Labelled or MentionKind.Joined && mention.Number == stored.Entry.VariableSymbol?.Value);

    /// <summary>A symbol that the entry's texts call so, and that nobody carries; null where there is none.</summary>
    public VariableSymbol? NobodysSymbolInText(StoredEntry stored)
    {
        foreach (var mention in MentionsIn(stored, isNamed: false))
            if (mention.Kind == MentionKind.Labelled && !ByNumber.Contains(new ReceivedSymbol(stored.Receiver, mention.Number))) return new VariableSymbol(mention.Number);
        return null;
    }

    /// <summary>The same as <see cref="NamedSince"/> by the entry's texts.</summary>
    public List<Candidate> MentionedSince(StoredEntry stored, Func<MentionKind, AccountId, bool> counts) => [.. Since(stored, WithNumber(stored, counts))];

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
        Counting(NumbersOf(stored).Where(found => found.Candidates.All(candidate => candidate.IsSuggestion)), counts).DistinctBy(candidate => candidate.Account);

    /// <summary>Whoever the entry's symbol and texts may mean, suggestions too.</summary>
    public IEnumerable<AccountId> Everybody(StoredEntry stored) =>
        WithSymbol(stored).Concat(WithNumber(stored, (_, _) => true)).Select(candidate => candidate.Account);

    private IEnumerable<Candidate> WithSymbol(StoredEntry stored) =>
        stored.Entry.VariableSymbol is { } symbol ? BySymbol[new ReceivedSymbol(stored.Receiver, symbol.Value)] : [];

    private IEnumerable<Candidate> WithNumber(StoredEntry stored, Func<MentionKind, AccountId, bool> counts) => Counting(NumbersOf(stored), counts);

    /// <summary>As they are carried: an account may be there by its own symbol and by a document, or by several numbers.</summary>
    private static IEnumerable<Candidate> Counting(
        IEnumerable<(MentionKind Kind, IEnumerable<Candidate> Candidates)> mentions, Func<MentionKind, AccountId, bool> counts) =>
        mentions.SelectMany(found => found.Candidates.Where(candidate => counts(found.Kind, candidate.Account)))
            .Select(candidate => candidate with { Rule = MatchRule.NumberInMessage });

    private IEnumerable<(MentionKind Kind, IEnumerable<Candidate> Candidates)> NumbersOf(StoredEntry stored) =>
        MentionsIn(stored, isNamed: false).Select(mention => (mention.Kind, ByNumber[new ReceivedSymbol(stored.Receiver, mention.Number)]));

    /// <summary>Money that came in, and is no refund that came back.</summary>
    public static bool IsIncoming(StatementEntry entry) => entry is { Direction: EntryDirection.Credit, IsReversal: false };

    /// <summary>Money that went out and takes back nothing: a refund, or no client's.</summary>
    public static bool IsOutgoing(StatementEntry entry) => entry is { Direction: EntryDirection.Debit, IsReversal: false };

    public bool IsUnnamed(StoredEntry stored) => IsIncoming(stored.Entry) && !IsNamed(stored);

    private bool IsNamed(StoredEntry stored) => Carrying(stored, WithSymbol(stored)).Any(candidate => !candidate.IsSuggestion);

    private IEnumerable<Candidate> Carrying(StoredEntry stored, IEnumerable<Candidate> candidates) =>
        candidates.Where(candidate => !(SinceWhen(candidate) > stored.Entry.BookedOn));

    /// <summary>Of accounts that carry it now, those that did not then in any way.</summary>
    private IEnumerable<Candidate> Since(StoredEntry stored, IEnumerable<Candidate> candidates)
    {
        var carry = candidates.Where(candidate => !candidate.IsSuggestion).ToList();
        var carried = Carrying(stored, carry).Select(candidate => candidate.Account).ToHashSet();
        return carry.Where(candidate => !carried.Contains(candidate.Account)).DistinctBy(candidate => candidate.Account)
            .Select(candidate => candidate with { Why = string.Create(CultureInfo.InvariantCulture, $"{candidate.Why}, but only since {SinceWhen(candidate):yyyy-MM-dd}") });
    }

    /// <summary>Null where nobody knows the day, or nobody needs to: it is taken for long ago.</summary>
    private DateOnly? SinceWhen(Candidate candidate) => candidate.Since ?? (Given.TryGetValue(candidate.Account, out var given) ? given : null);

    /// <summary>Accounts whose own symbol an entry may name, and of which no document proves that they had it by then.</summary>
    private HashSet<AccountId> Undated(Func<StoredEntry, IEnumerable<Candidate>> found)
    {
        var undated = new HashSet<AccountId>();
        foreach (var stored in Entries)
        {
            var candidates = found(stored).Where(candidate => !candidate.IsSuggestion).ToList();
            undated.UnionWith(candidates.Where(candidate => candidate.Since is null).Select(candidate => candidate.Account)
                .Except(candidates.Where(candidate => candidate.Since <= stored.Entry.BookedOn).Select(candidate => candidate.Account)));
        }

        return undated;
    }

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
