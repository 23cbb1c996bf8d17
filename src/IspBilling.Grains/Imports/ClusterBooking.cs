using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Orleans;

namespace IspBilling.Grains.Imports;

/// <summary>Has statements booked by the cluster, and waits for it.</summary>
public sealed class ClusterBooking(IGrainFactory grains, IStatementImportStore store, TimeProvider clock) : IStatementBooking
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <exception cref="IOException">It stopped; what is booked stays so, and the cluster goes on with the rest later.</exception>
    public async Task<StatementImport> Match(StatementImport import, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<IImportGrain>(import.Id.Value);
        while (true)
        {
            try
            {
                if (await grain.Continue() is { } stopped) throw new IOException(stopped);
            }
            catch (Exception failure) when (Failover.Is(failure))
            {
                // The silo it was on is gone: the next who asks finds it on another.
            }

            await Task.Delay(Look, clock, cancellation);
            if (await store.Find(import.Id, cancellation) is { Status: not ImportStatus.Matching } ended) return ended;
        }
    }
}
