using System.Collections.Immutable;

namespace IspBilling.Architecture.Tests;

/// <summary>SQL is written in Postgres and nowhere else, so that a table has one place that knows its columns.</summary>
public sealed class SqlTests
{
    private const string Home = "src/IspBilling.Postgres/";

    /// <summary>Files of the product that hold SQL all the same, each with the reason. What measures looks behind the product's back: it is no part of this.</summary>
    private static readonly ImmutableDictionary<string, string> Exceptions = new Dictionary<string, string>
    {
        ["src/IspBilling.Grains/Reviews/ReminderTable.cs"] = "the Orleans provider of reminders, in terms of grains and their hashes, which Postgres does not know",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    private static IEnumerable<SourceFile> Judged => Repository.AllSources.Where(file =>
        (file.Path.StartsWith("src/", StringComparison.Ordinal) || file.Path.StartsWith("api/", StringComparison.Ordinal) || file.Path.StartsWith("silo/", StringComparison.Ordinal))
        && !file.Path.StartsWith(Home, StringComparison.Ordinal));

    [Fact]
    public void There_is_no_sql_outside_Postgres() => Assert.Empty(
        from file in Judged
        where !Exceptions.ContainsKey(file.Path)
        from statement in SqlTexts.In(file.Code)
        select $"{file.Path}: {statement}");

    [Fact]
    public void An_exception_goes_when_it_is_no_longer_needed() => Assert.Empty(
        Exceptions.Keys.Except(from file in Judged where SqlTexts.In(file.Code).Any() select file.Path, StringComparer.Ordinal));

    [Fact]
    public void Postgres_itself_is_full_of_it() => Assert.True(
        Repository.AllSources.Count(file => file.Path.StartsWith(Home, StringComparison.Ordinal) && SqlTexts.In(file.Code).Any()) > 20);

    [Theory]
    [InlineData("""var a = "SELECT 1";""")]
    [InlineData("""var a = $"SELECT {Columns} FROM t";""")]
    [InlineData("""var a = $"UPDATE {table} SET a = 1";""")]
    [InlineData("""var a = "UPDATE accounts a SET b = 1";""")]
    [InlineData("""var a = "INSERT INTO t VALUES (1)";""")]
    [InlineData("""var a = "DELETE FROM t";""")]
    [InlineData("""var a = "WITH b AS (SELECT c FROM t) SELECT c FROM b";""")]
    [InlineData("""var a = "COPY t (a) FROM STDIN (FORMAT binary)";""")]
    [InlineData("""var a = "CREATE UNIQUE INDEX i ON t (a)";""")]
    [InlineData("""var a = "SELECT 1"u8;""")]
    public void The_rule_itself_knows_sql(string code) => Assert.NotEmpty(SqlTexts.In(code));

    [Theory]
    [InlineData("""// SELECT 1""")]
    [InlineData("""var a = "Select a client.";""")]
    [InlineData("""var a = "Update the issuer, and set its address.";""")]
    [InlineData("""var a = rows.Select(row => row.Id);""")]
    public void The_rule_itself_knows_a_sentence_from_a_statement(string code) => Assert.Empty(SqlTexts.In(code));
}
