namespace IspBilling.Grains;

/// <summary>
/// Leads work that goes on elsewhere back to the turns of its grain. A grain does one thing at a time: what asks thousands of accounts is not
/// to pass through that, but the grain's storage is.
/// </summary>
internal sealed class GrainTurns
{
    private readonly TaskScheduler _grain;

    private GrainTurns(TaskScheduler grain) => _grain = grain;

    /// <summary>Asked in one of the grain's turns.</summary>
    public static GrainTurns Current => new(TaskScheduler.Current);

    public Task Run(Func<Task> turn) => Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.None, _grain).Unwrap();
}
