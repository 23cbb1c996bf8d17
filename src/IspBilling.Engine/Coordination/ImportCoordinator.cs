using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Coordination;

/// <summary>How far an import is; stored. The name of its property is stored: never rename.</summary>
public sealed record ImportProgress
{
    /// <summary>Every entry of the import up to this id is recorded.</summary>
    public long Cursor { get; init; }
}

/// <summary>
/// Finds out page by page whom a statement's entries are for, has the shards book them and records how each ended. Whoever goes on after a
/// node died begins behind the cursor; what accounts had booked of the page after it, they answer as before.
/// </summary>
/// <param name="stopped">Told why booking stopped.</param>
public sealed class ImportCoordinator(
    ImportId id, IStoredState<ImportProgress> stored, IStatementImportStore store, StatementImporter importer, Aside aside, Action<Exception> stopped)
    : IDisposable
{
    private readonly LongWork _work = new();
    private string? _failure;

    /// <summary>Goes on with the entries that are pending, unless they are being booked; returns at once.</summary>
    /// <returns>Why it stopped, when it did; null while it goes on and when it has ended.</returns>
    public string? Continue()
    {
        if (_work.IsUnderWay) return null;
        var failure = _failure;
        _failure = null;
        _work.Begin(Match);
        return failure;
    }

    public Task Stop() => _work.Stop();

    public void Dispose() => _work.Dispose();

    private async Task Match(CancellationToken stopping)
    {
        try
        {
            if (await store.Find(id, stopping) is not { Status: ImportStatus.Matching } unfinished) return;
            // Another activation may have gone on with it.
            await stored.Read(stopping);
            var after = stored.Value.Cursor;
            var writes = new OrderedWrites<ImportProgress>(stored);
            await aside(() => importer.Match(unfinished, after, entry => writes.Write(written => written.Cursor > entry ? written : new ImportProgress { Cursor = entry }), stopping));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _failure = failure.Message;
            stopped(failure);
        }
    }
}

/// <summary>Has statements booked by whichever node coordinates them, and waits for the end.</summary>
public sealed class CoordinatedBooking(INodes nodes, IStatementImportStore store, TimeProvider clock) : IStatementBooking
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <exception cref="IOException">Booking stopped; what is booked stays so, and the nodes go on with the rest later.</exception>
    public async Task<StatementImport> Match(StatementImport import, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await nodes.Continue(import.Id) is { } stopped) throw new IOException(stopped);
            }
            catch (Exception failure) when (nodes.IsAway(failure))
            {
                // Its node is gone: the next who asks finds it on another.
            }

            await Task.Delay(BetweenLooks, clock, cancellation);
            if (await store.Find(import.Id, cancellation) is { Status: not ImportStatus.Matching } ended) return ended;
        }
    }
}
