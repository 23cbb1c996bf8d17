using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Orleans.Imports;

/// <summary>
/// Books a statement's entries on one silo, accounts answer from wherever they live. Entries that are booked say so in the database:
/// whoever goes on after a silo that died begins with those that are pending.
/// </summary>
internal sealed class ImportGrain(IStatementImportStore store, StatementImporter importer, ILogger<ImportGrain> log)
    : Grain, IImportGrain, IDisposable
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
            if (await store.Find(id, stopping) is { Status: ImportStatus.Matching } unfinished) await importer.Match(unfinished, stopping);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Import {Import} is not booked to its end yet.", id);
            _failure = failure.Message;
        }
    }
}

/// <inheritdoc cref="IDeskGrain"/>
internal sealed class DeskGrain(ClerkDesk desk) : Grain, IDeskGrain
{
    public async Task Resume() => await desk.Resume(CancellationToken.None);
}
