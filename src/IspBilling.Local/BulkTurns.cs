namespace IspBilling.Local;

/// <summary>
/// Where turns of bulk work run: on half of the machine's cores and in small portions, so that a turn that somebody waits for
/// never stands behind thousands of others in the thread pool's queue.
/// </summary>
internal sealed class BulkTurns
{
    /// <summary>Turns after which the thread goes back to the pool for whoever waits.</summary>
    private const int Portion = 8;

    private readonly TaskScheduler _scheduler =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount / 2), Portion).ConcurrentScheduler;

    /// <summary>Whatever the turns await, they go on here.</summary>
    public void Run(Func<Task> turns) => _ = Task.Factory.StartNew(turns, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
}
