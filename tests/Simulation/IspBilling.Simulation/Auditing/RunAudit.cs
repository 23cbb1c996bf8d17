using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Simulation.Storage;

namespace IspBilling.Simulation.Auditing;

/// <summary>
/// What a run says it did is what its accounts did: the auditor adds up the documents that name the run, from the accounts' events, and
/// counts the outcomes one by one.
/// </summary>
internal sealed class RunAudit(MemoryRunStore store, Action<Check, AccountId?, string> complain)
{
    private sealed class Billed
    {
        public Dictionary<AccountId, (int Documents, long Minor)> Accounts { get; } = [];
    }

    /// <summary>Who asked for runs that accounts fill in their turns.</summary>
    private const string Turns = "reminders";

    private readonly Dictionary<RunId, Billed> _billed = [];
    private readonly HashSet<RunId> _compared = [];

    public void Read(AccountId account, AccountEvent happened)
    {
        if (happened is not DocumentIssued { Document: { Run: { } run } document }) return;
        if (_compared.Contains(run)) complain(Check.Runs, account, $"{document.Number} names run {run.Value:N}, which has ended");
        if (!_billed.TryGetValue(run, out var billed)) _billed.Add(run, billed = new Billed());
        var (documents, minor) = billed.Accounts.GetValueOrDefault(account);
        billed.Accounts[account] = (documents + 1, minor + document.Total.Minor);
    }

    /// <summary>Compares every run that has ended since the last time.</summary>
    /// <param name="isQuiet">Nothing is under way: whatever was begun has ended, and what documents name is recorded for good.</param>
    public void Compare(bool isQuiet)
    {
        foreach (var run in store.Runs)
        {
            var hasEnded = run.Status == RunStatus.Finished && _compared.Add(run.Id);
            if (hasEnded || (isQuiet && run.RequestedBy.Name == Turns)) Compare(run);
            if (isQuiet && run.Status is RunStatus.Open or RunStatus.Running) complain(Check.Runs, null, $"run {run.Id.Value:N} through {run.Through:yyyy-MM-dd} has not ended");
        }
    }

    private void Compare(BillingRun run)
    {
        var items = store.ItemsOf(run.Id);
        Same("accounts", items.Count, run.Counts.Accounts);
        Same("accounts without a bill", items.Count(item => item.Outcome == RunOutcome.NothingToBill), run.Counts.NothingToBill);
        Same("accounts skipped", items.Count(item => item.Outcome == RunOutcome.Skipped), run.Counts.Skipped);
        Same("accounts parked", items.Count(item => item.Outcome == RunOutcome.Parked), run.Counts.Parked);
        if (run.Mode == RunMode.Preview)
        {
            if (_billed.TryGetValue(run.Id, out var issued)) complain(Check.Runs, issued.Accounts.Keys.First(), $"preview {run.Id.Value:N} issues documents");
            return;
        }

        var billed = _billed.GetValueOrDefault(run.Id)?.Accounts ?? [];
        Same("accounts billed", billed.Count, run.Counts.Issued);
        Same("documents", billed.Values.Sum(account => account.Documents), run.Counts.Documents);
        Same("minor units", billed.Values.Sum(account => account.Minor), run.Counts.TotalMinor);
        var recorded = items.Where(item => item.Outcome == RunOutcome.Issued).ToDictionary(item => item.Account, item => (item.Documents, item.TotalMinor));
        foreach (var (account, documents) in billed)
        {
            if (!recorded.TryGetValue(account, out var outcome) || outcome != documents)
                complain(Check.Runs, account, $"run {run.Id.Value:N} issued {documents} and records {outcome}");
        }

        void Same(string what, long counted, long told)
        {
            if (counted != told) complain(Check.Runs, null, $"run {run.Id.Value:N} tells {told} {what}, and there are {counted}");
        }
    }
}
