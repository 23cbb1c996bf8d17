using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IspBilling.Http.Tests.Support;

/// <summary>What the engine logs as errors, as lines.</summary>
public sealed class HeardLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _errors = new();

    public IReadOnlyCollection<string> Errors => _errors;

    public ILogger CreateLogger(string categoryName) => new Listener(_errors);

    public void Dispose()
    {
    }

    private sealed class Listener(ConcurrentQueue<string> errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) errors.Enqueue(formatter(state, exception));
        }
    }
}
