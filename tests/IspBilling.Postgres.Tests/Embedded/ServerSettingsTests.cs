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
        Assert.Equal(expected, ServerSettings.For(memory, lz4: true)["shared_buffers"]);

    [Theory]
    [InlineData(true, "lz4")]
    [InlineData(false, "on")]
    public void The_log_is_compressed_as_well_as_the_server_can(bool lz4, string expected) =>
        Assert.Equal(expected, ServerSettings.For(24 * GiB, lz4)["wal_compression"]);
}
