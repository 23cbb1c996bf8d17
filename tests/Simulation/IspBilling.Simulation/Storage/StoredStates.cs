using IspBilling.Engine.Coordination;
using IspBilling.Simulation.Faults;

namespace IspBilling.Simulation.Storage;

/// <summary>What coordinators keep durable, each value with a version: whoever writes has to name the version read last.</summary>
public sealed class StoredStates
{
    private readonly Dictionary<string, (long Version, object Value)> _states = [];

    internal (long Version, object? Value) Read(string key) => _states.TryGetValue(key, out var state) ? state : (0, null);

    /// <returns>The new version; null when another one is stored than the writer names.</returns>
    internal long? Write(string key, long version, object value)
    {
        if (Read(key).Version != version) return null;
        _states[key] = (version + 1, value);
        return version + 1;
    }
}

/// <summary>Another activation of the coordinator wrote since this one read.</summary>
public sealed class StaleStateException(string key) : Exception($"simulated: {key} was written by another activation");

/// <summary>One activation's view of a stored value.</summary>
public sealed class SimulatedState<T>(string key, StoredStates states, StoreCalls calls, Weather weather) : IStoredState<T>
    where T : class, new()
{
    private long _version;

    public T Value { get; private set; } = new();

    public async Task Read(CancellationToken cancellation)
    {
        var (version, value) = await calls.Call(() => ValueTask.FromResult(states.Read(key)));
        (_version, Value) = (version, (T?)value ?? new T());
    }

    public async Task Write(T value)
    {
        var written = await calls.Call(() => ValueTask.FromResult(states.Write(key, _version, value)));
        if (written is null)
        {
            weather.Counts.Fired(Fault.StaleCoordinator);
            throw new StaleStateException(key);
        }

        (_version, Value) = (written.Value, value);
    }
}
