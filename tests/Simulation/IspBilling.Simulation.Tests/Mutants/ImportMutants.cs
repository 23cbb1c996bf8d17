using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Tests.Mutants;

/// <summary>The last entry of a longer file is not stored.</summary>
internal sealed class ForgetsEntry : Sabotage
{
    public override IStatementImportStore Wrap(IStatementImportStore store) => new Careless(store);

    private sealed class Careless(IStatementImportStore store) : WrongImportStore(store)
    {
        public override Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation) =>
            Store.Stage(import, WithoutLast(items), cancellation);

        private static async IAsyncEnumerable<StatementItem> WithoutLast(IAsyncEnumerable<StatementItem> items)
        {
            var (entries, held) = (0, (StatementItem?)null);
            await foreach (var item in items)
            {
                if (item is StatementClosed && entries > 3) held = null;
                if (held is not null) yield return held;
                held = item;
                if (item is StatementEntryRead) entries++;
            }

            if (held is not null) yield return held;
        }
    }
}

/// <summary>Two movements of a statement that differ in the bank's reference only are taken for one.</summary>
internal sealed class IgnoresReference : Sabotage
{
    public override IStatementImportStore Wrap(IStatementImportStore store) => new Blind(store);

    private sealed class Blind(IStatementImportStore store) : WrongImportStore(store)
    {
        public override Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation) =>
            Store.Stage(import, WithoutTwins(items), cancellation);

        private static async IAsyncEnumerable<StatementItem> WithoutTwins(IAsyncEnumerable<StatementItem> items)
        {
            var seen = new HashSet<StatementEntry>();
            await foreach (var item in items)
                if (item is not StatementEntryRead { Entry: var entry } || seen.Add(entry with { EntryReference = null, Position = "" })) yield return item;
        }
    }
}

/// <summary>Nobody asks which company's bank account received the money.</summary>
internal sealed class IgnoresIssuer : Sabotage
{
    public override IStatementImportStore Wrap(IStatementImportStore store) => new Careless(store);

    private sealed class Careless(IStatementImportStore store) : WrongImportStore(store)
    {
        public override Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation) =>
            Store.Stage(import, OfAnybody(items), cancellation);

        private static async IAsyncEnumerable<StatementItem> OfAnybody(IAsyncEnumerable<StatementItem> items)
        {
            await foreach (var item in items) yield return item is StatementOpened opened ? opened with { Owner = null } : item;
        }
    }
}

/// <summary>What could not be matched is recorded as matched to the first candidate there is.</summary>
internal sealed class MatchesWithoutBooking : Sabotage
{
    public override IStatementImportStore Wrap(IStatementImportStore store) => new Optimist(store);

    private sealed class Optimist(IStatementImportStore store) : WrongImportStore(store)
    {
        public override ValueTask Resolve(ImportId import, IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation) => Store.Resolve(
            import,
            [.. outcomes.Select(outcome => outcome is { State: EntryState.Suspense, Candidates: [var first, ..] }
                ? outcome with { State = EntryState.Matched, Account = first.Account, Rule = first.Rule }
                : outcome)],
            cancellation);
    }
}

/// <summary>Nobody asks since when an account carries a symbol: an invoice that came after the money is paid by it.</summary>
internal sealed class ForgetsSinceWhen : Sabotage
{
    public override IStatementImportStore Wrap(IStatementImportStore store) => new Timeless(store);

    private sealed class Timeless(IStatementImportStore store) : WrongImportStore(store)
    {
        public override async ValueTask<ILookup<ReceivedSymbol, Candidate>> BySymbol(IReadOnlyCollection<ReceivedSymbol> symbols, CancellationToken cancellation)
        {
            var found = await Store.BySymbol(symbols, cancellation);
            return found.SelectMany(carrying => carrying.Select(candidate => (carrying.Key, Candidate: candidate with { Since = null })))
                .ToLookup(carrying => carrying.Key, carrying => carrying.Candidate);
        }

        public override ValueTask<IReadOnlyDictionary<AccountId, DateOnly>> SymbolsGiven(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
            ValueTask.FromResult<IReadOnlyDictionary<AccountId, DateOnly>>(new Dictionary<AccountId, DateOnly>());
    }
}

/// <summary>A store of imports in which one thing is wrong; everything else goes through.</summary>
internal abstract class WrongImportStore(IStatementImportStore store) : IStatementImportStore
{
    protected IStatementImportStore Store { get; } = store;

    public virtual Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation) =>
        Store.Stage(import, items, cancellation);

    public ValueTask<StatementImport?> Find(ImportId import, CancellationToken cancellation) => Store.Find(import, cancellation);

    public ValueTask<IReadOnlyList<StatementImport>> Unfinished(CancellationToken cancellation) => Store.Unfinished(cancellation);

    public ValueTask<IReadOnlyList<StoredEntry>> PendingAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        Store.PendingAfter(import, after, max, cancellation);

    public ValueTask<IReadOnlyDictionary<string, AccountId>> BookedAlready(ImportId import, int first, CancellationToken cancellation) =>
        Store.BookedAlready(import, first, cancellation);

    public ValueTask<IReadOnlyDictionary<string, AccountId>> BookedOf(IReadOnlyCollection<string> identities, CancellationToken cancellation) =>
        Store.BookedOf(identities, cancellation);

    public virtual ValueTask<ILookup<ReceivedSymbol, Candidate>> BySymbol(IReadOnlyCollection<ReceivedSymbol> symbols, CancellationToken cancellation) => Store.BySymbol(symbols, cancellation);

    public ValueTask<ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)>> ByPayer(
        IReadOnlyCollection<ReceivedFrom> payers, IReadOnlyCollection<string> notYet, CancellationToken cancellation) => Store.ByPayer(payers, notYet, cancellation);

    public ValueTask<ILookup<long, Candidate>> ByOriginal(
        IReadOnlyCollection<StoredEntry> reversals, IReadOnlyCollection<string> notYet, CancellationToken cancellation) => Store.ByOriginal(reversals, notYet, cancellation);

    public virtual ValueTask Resolve(ImportId import, IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation) =>
        Store.Resolve(import, outcomes, cancellation);

    public ValueTask<StatementImport> Finish(ImportId import, DateTimeOffset at, CancellationToken cancellation) => Store.Finish(import, at, cancellation);

    public ValueTask<EntryView?> FindEntry(long entry, CancellationToken cancellation) => Store.FindEntry(entry, cancellation);

    public ValueTask<Assignment?> BeginAssignment(long entry, Actor by, Disposition disposition, CancellationToken cancellation) =>
        Store.BeginAssignment(entry, by, disposition, cancellation);

    public ValueTask<Assignment?> BeginTakingOff(long entry, Actor by, string reason, CancellationToken cancellation) =>
        Store.BeginTakingOff(entry, by, reason, cancellation);

    public ValueTask<Assignment?> NextStep(Assignment assignment, AssignmentStep step, int parts, string reason, CancellationToken cancellation) =>
        Store.NextStep(assignment, step, parts, reason, cancellation);

    public ValueTask<IReadOnlyList<Assignment>> UnfinishedAssignments(CancellationToken cancellation) => Store.UnfinishedAssignments(cancellation);

    public ValueTask<bool> EndAssignment(Assignment assignment, EntryOutcome outcome, CancellationToken cancellation) =>
        Store.EndAssignment(assignment, outcome, cancellation);

    public ValueTask<ILookup<long, Candidate>> NearOriginal(IReadOnlyCollection<StoredEntry> reversals, CancellationToken cancellation) =>
        Store.NearOriginal(reversals, cancellation);

    public ValueTask<IReadOnlyDictionary<AccountId, Standing>> StandingOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        Store.StandingOf(accounts, cancellation);

    public ValueTask<bool> Close(IReadOnlyList<long> entries, Actor by, string reason, CancellationToken cancellation) =>
        Store.Close(entries, by, reason, cancellation);

    public ValueTask<bool> Reopen(long entry, Actor by, string reason, CancellationToken cancellation) => Store.Reopen(entry, by, reason, cancellation);

    public ValueTask<IReadOnlyList<EntryView>> CounterpartsOf(long entry, CancellationToken cancellation) => Store.CounterpartsOf(entry, cancellation);

    public ValueTask<bool> TellApart(long entry, IReadOnlyList<long> others, Actor by, string reason, CancellationToken cancellation) =>
        Store.TellApart(entry, others, by, reason, cancellation);

    public ValueTask<IReadOnlyList<StoredEntry>> UnrankedAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        Store.UnrankedAfter(import, after, max, cancellation);

    public ValueTask<IReadOnlyList<EntryView>> ToldMoreAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        Store.ToldMoreAfter(import, after, max, cancellation);

    public ValueTask Flag(ImportId import, long entry, string why, CancellationToken cancellation) => Store.Flag(import, entry, why, cancellation);

    public virtual ValueTask<IReadOnlyDictionary<AccountId, DateOnly>> SymbolsGiven(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        Store.SymbolsGiven(accounts, cancellation);

    public ValueTask Reconsider(IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation) => Store.Reconsider(outcomes, cancellation);

    public ValueTask Propose(IReadOnlyDictionary<long, IReadOnlyList<Candidate>> candidates, CancellationToken cancellation) =>
        Store.Propose(candidates, cancellation);

    public ValueTask<IReadOnlyList<WaitingEntry>> WaitingAfter(long after, int max, CancellationToken cancellation) =>
        Store.WaitingAfter(after, max, cancellation);

    public ValueTask<IReadOnlyList<EntryPart>> PartsOf(long entry, CancellationToken cancellation) => Store.PartsOf(entry, cancellation);
}
