using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;

namespace IspBilling.Local;

internal enum Posting { Accepted, Full, Closed }

/// <summary>A command on its way to an account, and the caller waiting for the answer.</summary>
internal sealed class Letter(Envelope envelope, CancellationToken cancellation)
    : TaskCompletionSource<AccountReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Envelope Envelope { get; } = envelope;

    public CancellationToken Cancellation { get; } = cancellation;

    public void Fail(Exception exception)
    {
        if (exception is OperationCanceledException cancelled) TrySetCanceled(cancelled.CancellationToken);
        else TrySetException(exception);
    }
}

/// <summary>The queue of one live account. Whoever posts into an idle one starts its turn; the turn goes on until the queue is empty.</summary>
/// <remarks>
/// An account that was only asked in bulk closes when its queue is empty: a state kept for a while and then dropped is what a
/// garbage collector pays most for.
/// </remarks>
internal sealed class Mailbox(LocalAccounts host, AccountActor actor) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private Letter? _first;
    private Queue<Letter>? _others;
    private bool _running;
    private bool _closed;
    private bool _kept;

    /// <summary>A count of postings over the whole host, not a time.</summary>
    public long LastUsed { get; private set; }

    public bool IsIdle
    {
        get
        {
            lock (_gate) return !_running;
        }
    }

    public Posting TryPost(Letter letter, long tick, int max)
    {
        lock (_gate)
        {
            if (_closed) return Posting.Closed;
            if (_others?.Count >= max) return Posting.Full;
            LastUsed = tick;
            _kept |= !letter.Envelope.Bulk;
            if (_first is null) _first = letter;
            else (_others ??= new Queue<Letter>()).Enqueue(letter);
            if (_running) return Posting.Accepted;
            _running = true;
        }

        // In bulk the turn begins on the asking thread, up to where it waits for the journal: a work item each would cost more.
        if (letter.Envelope.Bulk) Execute();
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return Posting.Accepted;
    }

    /// <summary>Only an idle mailbox closes; its account's state is in the journal.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            if (_running) return false;
            _closed = true;
            return true;
        }
    }

    public void Execute() => _ = RunTurns();

    private async Task RunTurns()
    {
        while (Next() is { } letter)
        {
            try
            {
                letter.Cancellation.ThrowIfCancellationRequested();
                letter.TrySetResult(await actor.Run(letter.Envelope, letter.Cancellation));
            }
            catch (Exception failure)
            {
                letter.Fail(failure);
            }
            finally
            {
                host.Answered();
            }
        }
    }

    private Letter? Next()
    {
        lock (_gate)
        {
            var letter = _first;
            if (letter is not null)
            {
                _first = _others is { Count: > 0 } ? _others.Dequeue() : null;
                return letter;
            }

            _running = false;
            if (_kept) return null;
            _closed = true;
        }

        host.LetGo(actor.Id, this);
        return null;
    }
}
