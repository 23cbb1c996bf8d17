using IspBilling.Domain;

namespace IspBilling.Engine.BillingRuns;

/// <summary>Accounts due in a run, in the order of their ids, read ahead: the next are looked for while these are asked.</summary>
internal sealed class DueAccounts
{
    private readonly IBillingRunStore _store;
    private readonly BillingRun _run;
    private readonly long _catalogueRevision;
    private readonly int _readAtOnce;
    private readonly CancellationToken _cancellation;
    private IReadOnlyList<AccountId> _read = [];
    private int _taken;
    private Task<IReadOnlyList<AccountId>> _reading;

    public DueAccounts(IBillingRunStore store, BillingRun run, long catalogueRevision, int readAtOnce, CancellationToken cancellation)
    {
        (_store, _run, _catalogueRevision, _readAtOnce, _cancellation) = (store, run, catalogueRevision, readAtOnce, cancellation);
        _reading = Read(run.Cursor);
    }

    /// <summary>Ends with what was being read.</summary>
    public Task AtRest => _reading;

    /// <summary>The next ones: none at the end, else at most so many. What was read together is divided into equal parts.</summary>
    public async ValueTask<IReadOnlyList<AccountId>> Take(int max)
    {
        if (_taken == _read.Count)
        {
            (_read, _taken) = (await _reading, 0);
            if (_read.Count == 0) return [];
            _reading = _read.Count == _readAtOnce ? Read(_read[^1]) : Task.FromResult<IReadOnlyList<AccountId>>([]);
        }

        var left = _read.Count - _taken;
        var parts = (left + max - 1) / max;
        var page = new AccountId[(left + parts - 1) / parts];
        for (var i = 0; i < page.Length; i++) page[i] = _read[_taken++];
        return page;
    }

    private Task<IReadOnlyList<AccountId>> Read(AccountId after) =>
        _store.DueAfter(_run, after, _catalogueRevision, _readAtOnce, _cancellation).AsTask();
}
