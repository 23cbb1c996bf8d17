namespace IspBilling.Engine.Coordination;

/// <summary>
/// How many shards a node works off at once. Towards its end a shard only waits for its last commits, so several shards with little in hand
/// each use the time better than a few with much.
/// </summary>
public sealed class RunPlaces
{
    public const int AtOnce = 4;

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _free = AtOnce;

    /// <summary>Waits for a place, in the order asked; disposed, it is free again.</summary>
    public async Task<IDisposable> Take(CancellationToken cancellation)
    {
        // Waited for where the caller runs, so that a host with a thread of its own keeps everything on it.
        if (Queued() is { } place)
        {
            await using var givingUp = cancellation.UnsafeRegister(static waiting => ((TaskCompletionSource)waiting!).TrySetCanceled(), place);
            await place.Task;
        }

        return new Place(this);
    }

    /// <summary>Null when a place was free and is taken now.</summary>
    private TaskCompletionSource? Queued()
    {
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return null;
            }

            var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
            return place;
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult()) return;
            }

            _free++;
        }
    }

    private sealed class Place(RunPlaces places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
