namespace IspBilling.Grains.Storage;

/// <summary>
/// Leads work that goes on elsewhere back to the turns of its grain. A grain does one thing at a time: work that asks thousands of accounts
/// must not pass through its turns, but writes to its storage must.
/// </summary>
internal sealed class GrainTurns
{
    private readonly TaskScheduler _grain;

    private GrainTurns(TaskScheduler grain) => _grain = grain;

    /// <summary>Of the grain in one of whose turns this is asked.</summary>
    public static GrainTurns Current => new(TaskScheduler.Current);

    public Task Run(Func<Task> turn) => Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.None, _grain).Unwrap();
}
