using IspBilling.Engine;
using IspBilling.FaultKit.Chaos;
using IspBilling.TestKit;

namespace IspBilling.Faults.Tests;

public sealed class SmallDiskTests
{
    [FactWithSmallDisk]
    public async Task A_file_that_finds_no_space_is_known_as_a_full_disk()
    {
        var (disk, _) = await SmallDisk.Mount(TestDirectory.New(), megabytes: 1);
        await using (disk)
        {
            await using var upload = File.Create(Path.Combine(disk!.Directory, "upload"));

            var full = await Assert.ThrowsAsync<IOException>(async () => await upload.WriteAsync(new byte[2 << 20]));

            Assert.True(Outage.IsFullDisk(full), $"{full.HResult:x} {full.Message}");
        }
    }
}
