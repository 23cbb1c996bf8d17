using IspBilling.Engine.Coordination;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Imports;

/// <summary>Hosts an <see cref="ImportCoordinator"/>.</summary>
internal sealed class ImportGrain(
    [PersistentState("import", ClusterStorage.Coordinators)] IPersistentState<ImportProgress> stored,
    IStatementImportStore store,
    StatementImporter importer,
    ILogger<ImportGrain> log) : Grain, IImportGrain, IDisposable
{
    private ImportCoordinator _import = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _import = new ImportCoordinator(new ImportId(this.GetPrimaryKey()), new CoordinatorState<ImportProgress>(stored), store, importer, Task.Run, Stopped);
        return Task.CompletedTask;
    }

    public Task<string?> Continue() => Task.FromResult(_import.Continue());

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _import.Stop();

    public void Dispose() => _import.Dispose();

    private void Stopped(Exception failure) => log.LogError(failure, "Import {Import} is not booked to its end yet.", this.GetPrimaryKey());
}

/// <inheritdoc cref="IDeskGrain"/>
internal sealed class DeskGrain(ClerkDesk desk, IStatementImportStore store) : Grain, IDeskGrain
{
    private readonly SuspenseReview _review = new(store, desk);

    public async Task Resume()
    {
        await desk.Resume(CancellationToken.None);
        await _review.Look(CancellationToken.None);
    }
}
