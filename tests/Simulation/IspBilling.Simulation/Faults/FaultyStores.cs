using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Hosting;
using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Faults;

/// <summary>A call of a process to a store: it takes a while, it may fail before or after, and it has no effect once the process is dead.</summary>
public sealed class StoreCalls(Node node, Loop loop, Weather weather)
{
    public async Task<T> Call<T>(Func<ValueTask<T>> call)
    {
        node.RequireAlive();
        await loop.Wait();
        node.RequireAlive();
        weather.ThrowWhenStruck(Fault.StoreFailed, weather.Plan.StoreFails);
        var result = await call();
        await loop.Wait();
        node.RequireAlive();
        weather.ThrowWhenStruck(Fault.StoreReplyLost, weather.Plan.StoreReplyLost);
        return result;
    }

    public async Task Call(Func<ValueTask> call) => await Call<object?>(async () =>
    {
        await call();
        return null;
    });
}

public sealed class FaultyRunStore(IBillingRunStore store, StoreCalls calls) : IBillingRunStore
{
    public async ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation) => await calls.Call(() => store.Create(run, cancellation));

    public async ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation) => await calls.Call(() => store.Find(run, cancellation));

    public async ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation) => await calls.Call(() => store.Unfinished(cancellation));

    public async ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.DueAfter(run, after, catalogueRevision, max, cancellation));

    public async ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation) =>
        await calls.Call(() => store.SavePage(run, items, cancellation));

    public async ValueTask Finish(BillingRun run, CancellationToken cancellation) => await calls.Call(() => store.Finish(run, cancellation));

    public async ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation) => await calls.Call(() => store.Prove(run, cancellation));
}

public sealed class FaultyShardedRunStore(IShardedRunStore store, StoreCalls calls) : IShardedRunStore
{
    public async ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountShard shard, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.DueAfter(run, shard, after, catalogueRevision, max, cancellation));

    public async ValueTask SaveItems(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation) =>
        await calls.Call(() => store.SaveItems(run, items, cancellation));

    public async ValueTask SaveProgress(RunId run, RunCounts counts, CancellationToken cancellation) =>
        await calls.Call(() => store.SaveProgress(run, counts, cancellation));

    public async ValueTask Finish(BillingRun run, CancellationToken cancellation) => await calls.Call(() => store.Finish(run, cancellation));
}

public sealed class FaultyDailyRunStore(IDailyRunStore store, StoreCalls calls) : IDailyRunStore
{
    public async ValueTask<IReadOnlyList<BillingRun>> Open(CancellationToken cancellation) => await calls.Call(() => store.Open(cancellation));

    public async ValueTask<IReadOnlyList<AccountId>> UnrecordedAfter(BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.UnrecordedAfter(run, withDue, after, max, cancellation));

    public async ValueTask Record(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation) =>
        await calls.Call(() => store.Record(run, items, cancellation));
}

public sealed class FaultyReviewStore(IReviewStore store, StoreCalls calls) : IReviewStore
{
    public async ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.DueAfter(today, after, max, cancellation));
}

public sealed class FaultyImportStore(IStatementImportStore store, StoreCalls calls) : IStatementImportStore
{
    public Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation) =>
        calls.Call(async () => await store.Stage(import, items, cancellation));

    public async ValueTask<StatementImport?> Find(ImportId import, CancellationToken cancellation) => await calls.Call(() => store.Find(import, cancellation));

    public async ValueTask<IReadOnlyList<StatementImport>> Unfinished(CancellationToken cancellation) => await calls.Call(() => store.Unfinished(cancellation));

    public async ValueTask<IReadOnlyList<StoredEntry>> PendingAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.PendingAfter(import, after, max, cancellation));

    public async ValueTask<IReadOnlyDictionary<string, AccountId>> BookedAlready(ImportId import, int first, CancellationToken cancellation) =>
        await calls.Call(() => store.BookedAlready(import, first, cancellation));

    public async ValueTask<IReadOnlyDictionary<string, AccountId>> BookedOf(IReadOnlyCollection<string> identities, CancellationToken cancellation) =>
        await calls.Call(() => store.BookedOf(identities, cancellation));

    public async ValueTask<ILookup<ReceivedSymbol, Candidate>> BySymbol(IReadOnlyCollection<ReceivedSymbol> symbols, CancellationToken cancellation) =>
        await calls.Call(() => store.BySymbol(symbols, cancellation));

    public async ValueTask<ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)>> ByPayer(
        IReadOnlyCollection<ReceivedFrom> payers, IReadOnlyCollection<string> notYet, CancellationToken cancellation) => await calls.Call(() => store.ByPayer(payers, notYet, cancellation));

    public async ValueTask<ILookup<long, Candidate>> ByOriginal(
        IReadOnlyCollection<StoredEntry> reversals, IReadOnlyCollection<string> notYet, CancellationToken cancellation) =>
        await calls.Call(() => store.ByOriginal(reversals, notYet, cancellation));

    public async ValueTask Resolve(ImportId import, IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation) =>
        await calls.Call(() => store.Resolve(import, outcomes, cancellation));

    public async ValueTask<StatementImport> Finish(ImportId import, DateTimeOffset at, CancellationToken cancellation) =>
        await calls.Call(() => store.Finish(import, at, cancellation));

    public async ValueTask<EntryView?> FindEntry(long entry, CancellationToken cancellation) => await calls.Call(() => store.FindEntry(entry, cancellation));

    public async ValueTask<Assignment?> BeginAssignment(long entry, Actor by, Disposition disposition, CancellationToken cancellation) =>
        await calls.Call(() => store.BeginAssignment(entry, by, disposition, cancellation));

    public async ValueTask<Assignment?> BeginTakingOff(long entry, Actor by, string reason, CancellationToken cancellation) =>
        await calls.Call(() => store.BeginTakingOff(entry, by, reason, cancellation));

    public async ValueTask<Assignment?> NextStep(Assignment assignment, AssignmentStep step, int parts, string reason, CancellationToken cancellation) =>
        await calls.Call(() => store.NextStep(assignment, step, parts, reason, cancellation));

    public async ValueTask<IReadOnlyList<Assignment>> UnfinishedAssignments(CancellationToken cancellation) =>
        await calls.Call(() => store.UnfinishedAssignments(cancellation));

    public async ValueTask<bool> EndAssignment(Assignment assignment, EntryOutcome outcome, CancellationToken cancellation) =>
        await calls.Call(() => store.EndAssignment(assignment, outcome, cancellation));

    public async ValueTask<ILookup<long, Candidate>> NearOriginal(IReadOnlyCollection<StoredEntry> reversals, CancellationToken cancellation) =>
        await calls.Call(() => store.NearOriginal(reversals, cancellation));

    public async ValueTask<IReadOnlyDictionary<AccountId, Standing>> StandingOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        await calls.Call(() => store.StandingOf(accounts, cancellation));

    public async ValueTask<bool> Close(IReadOnlyList<long> entries, Actor by, string reason, CancellationToken cancellation) =>
        await calls.Call(() => store.Close(entries, by, reason, cancellation));

    public async ValueTask<bool> Reopen(long entry, Actor by, string reason, CancellationToken cancellation) =>
        await calls.Call(() => store.Reopen(entry, by, reason, cancellation));

    public async ValueTask<IReadOnlyList<EntryView>> CounterpartsOf(long entry, CancellationToken cancellation) => await calls.Call(() => store.CounterpartsOf(entry, cancellation));

    public async ValueTask<bool> TellApart(long entry, IReadOnlyList<long> others, Actor by, string reason, CancellationToken cancellation) =>
        await calls.Call(() => store.TellApart(entry, others, by, reason, cancellation));

    public async ValueTask<IReadOnlyList<StoredEntry>> UnrankedAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.UnrankedAfter(import, after, max, cancellation));

    public async ValueTask<IReadOnlyList<EntryView>> ToldMoreAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.ToldMoreAfter(import, after, max, cancellation));

    public async ValueTask Flag(ImportId import, long entry, string why, CancellationToken cancellation) => await calls.Call(() => store.Flag(import, entry, why, cancellation));

    public async ValueTask<IReadOnlyDictionary<AccountId, DateOnly>> SymbolsGiven(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        await calls.Call(() => store.SymbolsGiven(accounts, cancellation));

    public async ValueTask Reconsider(IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation) =>
        await calls.Call(() => store.Reconsider(outcomes, cancellation));

    public async ValueTask Propose(IReadOnlyDictionary<long, IReadOnlyList<Candidate>> candidates, CancellationToken cancellation) =>
        await calls.Call(() => store.Propose(candidates, cancellation));

    public async ValueTask<IReadOnlyList<WaitingEntry>> WaitingAfter(long after, int max, CancellationToken cancellation) =>
        await calls.Call(() => store.WaitingAfter(after, max, cancellation));

    public async ValueTask<IReadOnlyList<EntryPart>> PartsOf(long entry, CancellationToken cancellation) => await calls.Call(() => store.PartsOf(entry, cancellation));
}
