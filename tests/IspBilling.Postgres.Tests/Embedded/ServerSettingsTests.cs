using IspBilling.Postgres.Embedded;

namespace IspBilling.Postgres.Tests.Embedded;

public sealed class ServerSettingsTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(GiB / 4, "64MB")]
    [InlineData(2 * GiB, "256MB")]
    [InlineData(8 * GiB, "1024MB")]
    [InlineData(24 * GiB, "2048MB")]
    [InlineData(512 * GiB, "2048MB")]
    public void Shared_buffers_are_an_eighth_of_the_memory_within_limits(long memory, string expected) =>
        Assert.Equal(expected, ServerSettings.For(memory, 64 * GiB, lz4: true)["shared_buffers"]);

    [Theory]
    [InlineData(1, "1024MB", "80MB")]
    [InlineData(20, "1280MB", "160MB")]
    [InlineData(64, "4096MB", "512MB")]
    [InlineData(2048, "10240MB", "1024MB")]
    public void The_log_may_take_a_sixteenth_of_the_volume_within_limits(int gibibytes, string most, string kept)
    {
        var settings = ServerSettings.For(24 * GiB, gibibytes * GiB, lz4: true);

        Assert.Equal(most, settings["max_wal_size"]);
        Assert.Equal(kept, settings["min_wal_size"]);
    }

    [Theory]
    [InlineData(true, "lz4")]
    [InlineData(false, "on")]
    public void The_log_is_compressed_as_well_as_the_server_can(bool lz4, string expected) =>
        Assert.Equal(expected, ServerSettings.For(24 * GiB, 64 * GiB, lz4)["wal_compression"]);
}
