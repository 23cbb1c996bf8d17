using System.Collections.Concurrent;

namespace IspBilling.Engine.StatementImports;

/// <summary>Which imports this process is at, so that nobody resumes what has not stopped.</summary>
public sealed class ImportsUnderWay
{
    private readonly ConcurrentDictionary<ImportId, bool> _imports = new();

    /// <summary>Disposed when the work ends, however it ends; null when somebody is at it already.</summary>
    public IDisposable? Begin(ImportId import) => _imports.TryAdd(import, true) ? new Work(this, import) : null;

    private sealed class Work(ImportsUnderWay all, ImportId import) : IDisposable
    {
        public void Dispose() => all._imports.TryRemove(import, out _);
    }
}
