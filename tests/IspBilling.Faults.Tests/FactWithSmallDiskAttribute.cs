using IspBilling.FaultKit.Chaos;
using IspBilling.TestKit;

namespace IspBilling.Faults.Tests;

/// <summary>Skipped, visibly, where no small disk may be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithSmallDiskAttribute : FactAttribute
{
    private static readonly Lazy<string?> WhyNot = new(() => Task.Run(Try).GetAwaiter().GetResult());

    public FactWithSmallDiskAttribute() => Skip = WhyNot.Value;

    private static async Task<string?> Try()
    {
        var (disk, reason) = await SmallDisk.Mount(TestDirectory.New(), megabytes: 1);
        if (disk is not null) await disk.DisposeAsync();
        return reason;
    }
}
