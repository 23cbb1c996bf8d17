using IspBilling.Engine.Coordination;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Grains.Nodes;

/// <inheritdoc cref="CoordinatedBooking"/>
public sealed class ClusterBooking(INodes nodes, IStatementImportStore store, TimeProvider clock) : IStatementBooking
{
    private readonly CoordinatedBooking _booking = new(nodes, store, clock);

    public Task<StatementImport> Match(StatementImport import, CancellationToken cancellation) => _booking.Match(import, cancellation);
}
