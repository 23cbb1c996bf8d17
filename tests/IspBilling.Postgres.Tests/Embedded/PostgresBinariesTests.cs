using IspBilling.Postgres.Embedded;

namespace IspBilling.Postgres.Tests.Embedded;

public sealed class PostgresBinariesTests
{
    private static readonly PostgresBinaries V14 = new("/opt/14", 14);
    private static readonly PostgresBinaries V15 = new("/opt/15", 15);
    private static readonly PostgresBinaries V17 = new("/opt/17", 17);

    [Fact]
    public void New_data_gets_the_highest_version() => Assert.Equal(V17, PostgresBinaries.Choose([V15, V17, V14], writtenBy: null));

    [Fact]
    public void Existing_data_gets_the_version_that_wrote_it() => Assert.Equal(V15, PostgresBinaries.Choose([V17, V15], writtenBy: 15));

    [Fact]
    public void No_version_at_all_says_what_to_install()
    {
        var missing = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Choose([], writtenBy: null));

        Assert.Contains("apt-get install postgresql", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_too_old_is_named()
    {
        var missing = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Choose([V14], writtenBy: null));

        Assert.Contains("found: 14 in /opt/14", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_a_version_that_is_not_installed_is_not_touched()
    {
        var missing = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Choose([V17], writtenBy: 16));

        Assert.Contains("written by PostgreSQL 16", missing.Message, StringComparison.Ordinal);
        Assert.Contains("pg_upgrade", missing.Message, StringComparison.Ordinal);
    }
}
