using IspBilling.Engine.Coordination;
using IspBilling.Engine.StatementImports;
using Orleans;

namespace IspBilling.Grains.Nodes;

/// <inheritdoc cref="CoordinatedBooking"/>
public sealed class ClusterBooking(IGrainFactory grains, IStatementImportStore store, TimeProvider clock) : IStatementBooking
{
    private readonly CoordinatedBooking _booking = new(new GrainNodes(grains), store, clock);

    public Task<StatementImport> Match(StatementImport import, CancellationToken cancellation) => _booking.Match(import, cancellation);
}
