namespace IspBilling.Benchmarks.Tests;

/// <summary>
/// What the hot functions allocate for the bill of a household with three services. The bounds are what was measured when they
/// were set, rounded up to the next 64 bytes: whoever allocates more says here that it is worth it.
/// </summary>
public sealed class AllocationTests : IDisposable
{
    private const int WarmUps = 200;
    private const int Iterations = 2_000;

    private readonly HotPaths _paths = new();

    [Fact]
    public void A_proposal_allocates_no_more_than_recorded() => MustAllocateAtMost(3_504, () => _paths.Propose());

    [Fact]
    public void A_decision_to_bill_allocates_no_more_than_recorded() => MustAllocateAtMost(10_184, () => _paths.Decide());

    [Fact]
    public void Folding_an_invoice_allocates_no_more_than_recorded() => MustAllocateAtMost(3_728, () => _paths.Evolve());

    [Fact]
    public void Finishing_a_commit_allocates_no_more_than_recorded() => MustAllocateAtMost(1_296, () => _paths.Finish());

    [Fact]
    public void Writing_an_event_allocates_no_more_than_recorded() => MustAllocateAtMost(448, () => _paths.SerialiseEvent());

    [Fact]
    public void Writing_a_snapshot_allocates_no_more_than_recorded() => MustAllocateAtMost(64, () => _paths.WriteSnapshot());

    [Fact]
    public void Reading_a_snapshot_allocates_no_more_than_recorded() => MustAllocateAtMost(11_072, () => _paths.ReadSnapshot());

    public void Dispose() => _paths.Dispose();

    private static void MustAllocateAtMost(long bytes, Action work)
    {
        for (var i = 0; i < WarmUps; i++) work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Iterations; i++) work();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Iterations;
        Assert.True(each <= bytes, $"{each} bytes allocated each time, {bytes} allowed");
    }
}
