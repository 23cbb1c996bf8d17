namespace IspBilling.Engine.Coordination;

/// <summary>
/// The one durable value of a coordinator. It is written only over the value that was read or written last: when two activations of a
/// coordinator exist for a moment, the write of the slower one fails, and with it everything that activation goes on to do.
/// </summary>
public interface IStoredState<T>
{
    /// <summary>As read or written last.</summary>
    T Value { get; }

    Task Read(CancellationToken cancellation);

    /// <exception cref="Exception">Not written, or nobody knows: whoever goes on has to read it first.</exception>
    Task Write(T value);
}
