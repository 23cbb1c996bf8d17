using IspBilling.Postgres.Embedded;

namespace IspBilling.Postgres.Tests.Embedded;

public sealed class SocketDirectoryTests
{
    [Theory]
    [InlineData(93, true)]
    [InlineData(94, false)]
    public void A_socket_path_has_at_most_107_bytes(int folderLength, bool fits) =>
        Assert.Equal(fits, SocketDirectory.Fits($"/{new string('a', folderLength - 1)}"));

    [Fact]
    public void Bytes_count_not_characters() => Assert.False(SocketDirectory.Fits($"/{new string('ř', 60)}"));
}
