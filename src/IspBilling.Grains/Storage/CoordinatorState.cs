using IspBilling.Engine.Coordination;
using Orleans.Runtime;

namespace IspBilling.Grains.Storage;

/// <summary>The stored state of a grain, for work that goes on beside the grain's turns. Made in one of them.</summary>
internal sealed class CoordinatorState<T>(IPersistentState<T> state) : IStoredState<T>
{
    private readonly GrainTurns _turns = GrainTurns.Current;

    public T Value => state.State;

    public Task Read(CancellationToken cancellation) => _turns.Run(() => state.ReadStateAsync(cancellation));

    /// <remarks>Orleans compares the version (ETag) that was read last, and fails a write over another one.</remarks>
    public Task Write(T value) => _turns.Run(() =>
    {
        state.State = value;
        return state.WriteStateAsync();
    });
}
