using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Imports;

/// <summary>How far an import is; stored.</summary>
[GenerateSerializer, Alias("IspBilling.ImportProgress")]
internal sealed record ImportProgress
{
    /// <summary>Every entry of the import up to this id is recorded.</summary>
    [Id(0)]
    public long Cursor { get; init; }
}

/// <summary>
/// Finds out page by page whom a statement's entries are for, has the shards book them and records how each ended. Whoever goes on after
/// a silo that died begins behind the cursor; what accounts had booked of the page after it they answer as before.
/// </summary>
internal sealed class ImportGrain(
    [PersistentState("import", ClusterStorage.Coordinators)] IPersistentState<ImportProgress> stored,
    IStatementImportStore store,
    StatementImporter importer,
    ILogger<ImportGrain> log) : Grain, IImportGrain, IDisposable
{
    private readonly LongWork _work = new();
    private string? _failure;

    public Task<string?> Continue()
    {
        var failure = _failure;
        if (!_work.IsUnderWay)
        {
            _failure = null;
            _work.Begin(stopping => Match(new ImportId(this.GetPrimaryKey()), stopping));
        }

        return Task.FromResult(failure);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await _work.Stop();

    public void Dispose() => _work.Dispose();

    private async Task Match(ImportId id, CancellationToken stopping)
    {
        try
        {
            if (await store.Find(id, stopping) is not { Status: ImportStatus.Matching } unfinished) return;
            // Another activation may have gone on with it.
            await stored.ReadStateAsync(stopping);
            var (turns, after) = (GrainTurns.Current, stored.State.Cursor);
            await Task.Run(() => importer.Match(unfinished, after, entry => turns.Run(() => Write(entry)), stopping), CancellationToken.None);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Import {Import} is not booked to its end yet.", id);
            _failure = failure.Message;
        }
    }

    private async Task Write(long cursor)
    {
        stored.State = new ImportProgress { Cursor = cursor };
        await stored.WriteStateAsync();
    }
}

/// <inheritdoc cref="IDeskGrain"/>
internal sealed class DeskGrain(ClerkDesk desk) : Grain, IDeskGrain
{
    public async Task Resume() => await desk.Resume(CancellationToken.None);
}
