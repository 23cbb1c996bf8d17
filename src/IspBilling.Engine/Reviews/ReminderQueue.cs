using System.Threading.Channels;
using IspBilling.Domain;
using IspBilling.Engine.Telemetry;

namespace IspBilling.Engine.Reviews;

/// <summary>Where the reminders of accounts are kept.</summary>
public interface IReminderStore
{
    /// <summary>From now on these accounts are reminded once a day, each in its turn; who already is stays as it is.</summary>
    Task Set(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation);

    /// <summary>From now on these accounts are not reminded.</summary>
    Task Remove(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation);
}

/// <summary>Takes changes of reminders that are written later.</summary>
public interface IReminderChanges
{
    /// <returns>False when there is no room for the change; nothing will be written then.</returns>
    bool TryChange(AccountId account, bool needed);
}

public sealed record ReminderQueueOptions
{
    /// <summary>Changes that may wait.</summary>
    public int Capacity { get; init; } = 32_768;

    /// <summary>Changes written together.</summary>
    public int BatchSize { get; init; } = 1_024;

    /// <summary>How often a batch is tried.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Before the second attempt; doubled before each later one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>
/// Takes reminders that accounts of this process need or no longer need, and writes them in batches, one at a time. Whoever finds the
/// queue full, or cannot be written after some attempts, is found by the look by date.
/// </summary>
public sealed class ReminderQueue(IReminderStore store, TimeProvider clock, ReminderQueueOptions options) : IReminderChanges
{
    private readonly record struct Change(AccountId Account, bool Needed);

    private readonly Channel<Change> _waiting = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(options.Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <inheritdoc/>
    public bool TryChange(AccountId account, bool needed)
    {
        if (_waiting.Writer.TryWrite(new Change(account, needed))) return true;
        EngineTelemetry.ReminderGivenUp(1);
        return false;
    }

    /// <summary>Takes no more changes; <see cref="Work"/> ends when those that wait are written.</summary>
    public void Close() => _waiting.Writer.TryComplete();

    /// <summary>Writes what comes, until the queue is closed and empty.</summary>
    /// <param name="failed">Told of every failed attempt.</param>
    public async Task Work(Action<Exception> failed, CancellationToken cancellation)
    {
        var batch = new Dictionary<AccountId, bool>(options.BatchSize);
        while (await _waiting.Reader.WaitToReadAsync(cancellation))
        {
            batch.Clear();
            // Of two changes to one account the later one counts.
            while (batch.Count < options.BatchSize && _waiting.Reader.TryRead(out var change)) batch[change.Account] = change.Needed;
            await Write(batch, failed, cancellation);
        }
    }

    private async Task Write(Dictionary<AccountId, bool> batch, Action<Exception> failed, CancellationToken cancellation)
    {
        AccountId[] needed = [.. batch.Where(change => change.Value).Select(change => change.Key)];
        AccountId[] notNeeded = [.. batch.Where(change => !change.Value).Select(change => change.Key)];
        var pause = options.FirstPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                if (needed.Length > 0) await store.Set(needed, cancellation);
                if (notNeeded.Length > 0) await store.Remove(notNeeded, cancellation);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                failed(failure);
            }

            if (attempt == options.Attempts) break;
            await Task.Delay(pause, clock, cancellation);
        }

        EngineTelemetry.ReminderGivenUp(batch.Count);
    }
}
