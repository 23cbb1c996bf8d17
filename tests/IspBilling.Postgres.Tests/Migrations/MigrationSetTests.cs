using IspBilling.Postgres.Migrations;

namespace IspBilling.Postgres.Tests.Migrations;

public sealed class MigrationSetTests
{
    [Fact]
    public void The_programs_own_migrations_are_numbered_without_a_gap() =>
        Assert.Equal(
            Enumerable.Range(1, MigrationSet.OfProgram.Migrations.Length), MigrationSet.OfProgram.Migrations.Select(m => m.Number));

    [Fact]
    public void Files_are_ordered_by_number() =>
        Assert.Equal(["0001_a.sql", "0002_b.sql"], Set("0002_b.sql", "0001_a.sql").Migrations.Select(m => m.FileName));

    [Fact]
    public void A_gap_is_refused() =>
        Assert.Contains("0003_c.sql: a migration with number 2 was expected", Refused("0001_a.sql", "0003_c.sql"), StringComparison.Ordinal);

    [Fact]
    public void Numbers_begin_at_one() =>
        Assert.Contains("0002_b.sql: a migration with number 1 was expected", Refused("0002_b.sql"), StringComparison.Ordinal);

    [Fact]
    public void Zero_is_no_number() => Assert.Contains("0000_a.sql", Refused("0000_a.sql"), StringComparison.Ordinal);

    [Fact]
    public void Two_files_with_one_number_are_refused() =>
        Assert.Contains("0002_b.sql and 0002_c.sql have the same number", Refused("0001_a.sql", "0002_c.sql", "0002_b.sql"), StringComparison.Ordinal);

    [Theory]
    [InlineData("1_short.sql")]
    [InlineData("0001-dash.sql")]
    [InlineData("0001_Upper.sql")]
    [InlineData("0001_.sql")]
    [InlineData("0001_text.txt")]
    [InlineData("0001_two\n.sql")]
    public void A_malformed_name_is_refused(string fileName) => Assert.Contains(fileName, Refused(fileName), StringComparison.Ordinal);

    [Fact]
    public void The_fingerprint_follows_names_and_contents()
    {
        Assert.Equal(Set("0001_a.sql").Fingerprint, Set("0001_a.sql").Fingerprint);
        Assert.NotEqual(Set("0001_a.sql").Fingerprint, Set("0001_b.sql").Fingerprint);
    }

    private static MigrationSet Set(params string[] fileNames) =>
        MigrationSet.From(fileNames.Select(name => Migration.FromFile(name, "SELECT 1")));

    private static string Refused(params string[] fileNames) => Assert.Throws<MigrationException>(() => Set(fileNames)).Message;
}
