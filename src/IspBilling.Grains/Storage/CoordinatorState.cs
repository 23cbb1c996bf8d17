using IspBilling.Engine.Coordination;
using Orleans.Runtime;

namespace IspBilling.Grains.Storage;

/// <summary>The stored state of a grain, for work that goes on beside the grain's turns. Made in one of them, once the state was read.</summary>
internal sealed class CoordinatorState<T>(IPersistentState<T> state) : IStoredState<T>
    where T : class
{
    private readonly GrainTurns _turns = GrainTurns.Current;

    // Orleans lets only the grain's turns look into its state.
    private volatile T _value = state.State;

    public T Value => _value;

    public Task Read(CancellationToken cancellation) => _turns.Run(async () =>
    {
        await state.ReadStateAsync(cancellation);
        _value = state.State;
    });

    /// <remarks>Orleans compares the version (ETag) that was read last, and fails a write over another one.</remarks>
    public Task Write(T value) => _turns.Run(async () =>
    {
        state.State = value;
        await state.WriteStateAsync();
        _value = value;
    });
}
