using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;

namespace IspBilling.Engine.Tests.BillingRuns;

public sealed class RunsInMemory : BillingRunConformance
{
    private readonly InMemoryJournal _journal = new();
    private readonly MemoryRunStore _store;

    public RunsInMemory() => _store = new MemoryRunStore(_journal);

    protected override Task CutConnections() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    protected override Task<(IJournal Journal, IBillingRunStore Store)> Open() => Task.FromResult<(IJournal, IBillingRunStore)>((_journal, _store));

    protected override Task<IReadOnlyList<(AccountId Account, RunOutcome Outcome, ulong Hash)>> ItemsOf(RunId run) =>
        Task.FromResult<IReadOnlyList<(AccountId, RunOutcome, ulong)>>([.. _store.ItemsOf(run).Select(item => (item.Account, item.Outcome, item.Hash))]);

    protected override Task<IReadOnlyList<(AccountId Account, int Service, Period Period)>> Charges() =>
        Task.FromResult<IReadOnlyList<(AccountId, int, Period)>>([..
            from account in _journal.Accounts
            from document in MemoryRunStore.DocumentsOf(_journal, account)
            from line in document.Lines
            select (account, line.Service!.Value, line.Period!.Value)]);
}

/// <summary>Runs of one test; due is what the accounts' states and documents say.</summary>
internal sealed class MemoryRunStore(InMemoryJournal journal) : IBillingRunStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunId, BillingRun> _runs = [];
    private readonly Dictionary<RunId, SortedDictionary<AccountId, RunItem>> _items = [];

    public static IEnumerable<Document> DocumentsOf(InMemoryJournal journal, AccountId account) =>
        from entry in journal.EntriesOf(account)
        where entry.Name == "document-issued.v1"
        select ((DocumentIssued)JournalJson.ReadEvent(entry.Name, entry.Payload)).Document;

    public IReadOnlyList<RunItem> ItemsOf(RunId run)
    {
        lock (_gate) return [.. _items[run].Values];
    }

    public ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_runs.TryAdd(run.Id, run)) _items.Add(run.Id, []);
            return ValueTask.FromResult(_runs[run.Id]);
        }
    }

    public ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult(_runs.GetValueOrDefault(run));
    }

    public ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<BillingRun>>([.. _runs.Values.Where(run => run.Status == RunStatus.Running)]);
    }

    public async ValueTask<IReadOnlyList<AccountId>> DueAfter(BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation)
    {
        var due = new List<AccountId>();
        foreach (var account in journal.Accounts.Where(account => account.CompareTo(after) > 0))
        {
            if (due.Count < max && await IsDue(run, account)) due.Add(account);
        }

        return due;
    }

    public ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _runs[run.Id] = run;
            foreach (var item in items) _items[run.Id].Add(item.Account, item);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask Finish(BillingRun run, CancellationToken cancellation)
    {
        lock (_gate) _runs[run.Id] = run;
        return ValueTask.CompletedTask;
    }

    public async ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation)
    {
        var items = ItemsOf(run.Id);
        var missed = new List<AccountId>();
        foreach (var account in journal.Accounts.Except(items.Select(item => item.Account)))
        {
            if (await IsDue(run, account)) missed.Add(account);
        }

        return new CompletenessProof(run.Counts, items.Count + missed.Count, missed, [.. items.Where(item => item.Outcome is RunOutcome.Skipped or RunOutcome.Parked)]);
    }

    /// <summary>By its state; or billed by this run already, so that only the outcome is missing.</summary>
    private async ValueTask<bool> IsDue(BillingRun run, AccountId account)
    {
        var loaded = await journal.Load(account, default, bulk: false, CancellationToken.None);
        return BillingProposal.NextDueOn(loaded.State) <= run.Through || DocumentsOf(journal, account).Any(document => document.Run == run.Id);
    }
}
