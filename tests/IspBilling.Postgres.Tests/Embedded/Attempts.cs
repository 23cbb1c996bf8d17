using Microsoft.Extensions.Logging;

namespace IspBilling.Postgres.Tests.Embedded;

/// <summary>Counts the attempts to start a server that the log tells of as failed.</summary>
internal sealed class Attempts : ILogger, IDisposable
{
    private const string Failure = "does not start";
    private readonly SemaphoreSlim failed = new(0);
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>Waits until so many more have failed.</summary>
    public async Task Failed(int times)
    {
        for (var i = 0; i < times; i++) await failed.WaitAsync();
    }

    public void Dispose() => failed.Dispose();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!formatter(state, exception).Contains(Failure, StringComparison.Ordinal)) return;
        Interlocked.Increment(ref count);
        failed.Release();
    }
}
