using System.Collections.Concurrent;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;

namespace IspBilling.Local;

public sealed record LocalAccountsOptions
{
    /// <summary>Accounts kept live; beyond it the longest idle ones are let go.</summary>
    public int LiveMax { get; init; } = 50_000;

    /// <summary>Commands that may wait for one account; one that gets more is being flooded.</summary>
    public int MailboxMax { get; init; } = 1_000;

    /// <summary>Commands taken and not answered, over all accounts; callers wait beyond it.</summary>
    public int InFlightMax { get; init; } = 32_768;
}

/// <summary>All accounts on one machine: a mailbox per live account, run on the thread pool, one command at a time.</summary>
public sealed class LocalAccounts : IAccounts, IAsyncDisposable
{
    private readonly ConcurrentDictionary<AccountId, Mailbox> _live = new();
    private readonly IJournal _journal;
    private readonly IContextSource _contexts;
    private readonly LocalAccountsOptions _options;
    private readonly SemaphoreSlim _inFlight;
    private readonly Lock _eviction = new();
    private long _tick;
    private int _count;
    private volatile bool _stopping;
    private int _disposed;

    public LocalAccounts(IJournal journal, IContextSource contexts, LocalAccountsOptions options)
    {
        (_journal, _contexts, _options) = (journal, contexts, options);
        _inFlight = new SemaphoreSlim(options.InFlightMax, options.InFlightMax);
    }

    /// <summary>Accounts in memory now.</summary>
    public int Live => Volatile.Read(ref _count);

    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        if (_stopping) throw new HostStoppingException();

        // Usually there is room at once, and then the order of asking is the order of the mailbox.
        if (!_inFlight.Wait(0, cancellation)) return AskWhenThereIsRoom(account, envelope, cancellation);
        RefuseWhenStopping();
        return Post(account, envelope, cancellation);
    }

    /// <summary>Takes no more commands and returns when every command taken has been answered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _stopping = true;
        for (var i = 0; i < _options.InFlightMax; i++) await _inFlight.WaitAsync();
        // Whoever asks at this very moment waits for room: with room they find the host stopping, without it they would wait for ever.
        _inFlight.Release(_options.InFlightMax);
    }

    private async ValueTask<AccountReply> AskWhenThereIsRoom(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        await _inFlight.WaitAsync(cancellation);
        RefuseWhenStopping();
        return await Post(account, envelope, cancellation);
    }

    /// <summary>Asked again with room in hand: the stop waits for all room, so nothing is posted behind its back.</summary>
    private void RefuseWhenStopping()
    {
        if (!_stopping) return;
        _inFlight.Release();
        throw new HostStoppingException();
    }

    private ValueTask<AccountReply> Post(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        var letter = new Letter(envelope, cancellation);
        while (true)
        {
            var mailbox = FindOrOpen(account);
            switch (mailbox.TryPost(letter, Interlocked.Increment(ref _tick), _options.MailboxMax))
            {
                case Posting.Accepted:
                    if (Live > _options.LiveMax) LetIdleOnesGo();
                    return new ValueTask<AccountReply>(letter.Task);
                case Posting.Full:
                    _inFlight.Release();
                    throw new AccountBusyException(account);
                case Posting.Closed:
                    // Let go between the look-up and the posting: the next look-up makes a new one.
                    LetGo(account, mailbox);
                    break;
            }
        }
    }

    internal void Answered() => _inFlight.Release();

    /// <summary>Forgets a closed mailbox; whoever is first counts it.</summary>
    internal void LetGo(AccountId account, Mailbox closed)
    {
        if (_live.TryRemove(new KeyValuePair<AccountId, Mailbox>(account, closed))) Interlocked.Decrement(ref _count);
    }

    /// <remarks>Counted here, because the dictionary counts itself by taking all its locks.</remarks>
    private Mailbox FindOrOpen(AccountId account)
    {
        if (_live.TryGetValue(account, out var open)) return open;
        var opened = new Mailbox(this, new AccountActor(account, _journal, _contexts));
        var mailbox = _live.GetOrAdd(account, opened);
        if (ReferenceEquals(mailbox, opened)) Interlocked.Increment(ref _count);
        return mailbox;
    }

    /// <summary>Lets go of a tenth of the live accounts, the longest idle first, so that the search is paid rarely.</summary>
    private void LetIdleOnesGo()
    {
        if (!_eviction.TryEnter()) return;
        try
        {
            var idle = _live.Where(pair => pair.Value.IsIdle).Select(pair => (pair.Key, Mailbox: pair.Value, pair.Value.LastUsed)).ToList();
            idle.Sort(static (a, b) => a.LastUsed.CompareTo(b.LastUsed));
            var surplus = Live - (_options.LiveMax - (_options.LiveMax / 10));
            foreach (var (id, mailbox, _) in idle.Take(Math.Max(surplus, 0)))
            {
                if (mailbox.TryClose()) LetGo(id, mailbox);
            }
        }
        finally
        {
            _eviction.Exit();
        }
    }
}
