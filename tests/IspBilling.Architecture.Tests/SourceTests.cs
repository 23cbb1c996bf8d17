using System.Text.RegularExpressions;

namespace IspBilling.Architecture.Tests;

public sealed partial class SourceTests
{
    [Fact]
    public void Names_are_the_fields_own_words() =>
        Assert.Empty(
            from file in Repository.LibrarySources
            from name in file.Types.Append(file.Name)
            where IsVague(name)
            select $"{file.Path}: {name}");

    [Fact]
    public void Nothing_blocks_a_thread_or_is_forgotten() => Assert.Empty(Uses(Blocking()));

    [Fact]
    public void No_warning_is_suppressed_in_code() => Assert.Empty(Uses(Suppression()));

    /// <summary>Connections go from one user to the next without a reset (<c>BillingDatabase</c>), so nothing may outlive a transaction on them.</summary>
    [Fact]
    public void Nothing_stays_on_a_database_session() => Assert.Empty(Uses(SessionState()));

    [Theory]
    [InlineData("AccountManager", true)]
    [InlineData("MoneyHelper", true)]
    [InlineData("DateUtils", true)]
    [InlineData("StringUtil", true)]
    [InlineData("InvoiceDto", true)]
    [InlineData("InvoiceDTO", true)]
    [InlineData("Utilization", false)]
    [InlineData("Managerial", false)]
    [InlineData("Dtoa", false)]
    [InlineData("Invoice", false)]
    public void The_rule_itself_knows_vague_words(string name, bool isVague) => Assert.Equal(isVague, IsVague(name));

    [Theory]
    [InlineData("SELECT pg_advisory_lock(1)", true)]
    [InlineData("SELECT pg_try_advisory_lock_shared(1)", true)]
    [InlineData("CREATE TEMP TABLE a AS SELECT 1", true)]
    [InlineData("CREATE TEMPORARY TABLE a (b int); COMMIT", true)]
    [InlineData("SET statement_timeout = 0", true)]
    [InlineData("SET SESSION work_mem TO '1GB'", true)]
    [InlineData("LISTEN news", true)]
    [InlineData("DECLARE c CURSOR WITH HOLD FOR SELECT 1", true)]
    [InlineData("SELECT set_config('work_mem', '1GB', false)", true)]
    [InlineData("SELECT pg_advisory_xact_lock(1)", false)]
    [InlineData("CREATE TEMP TABLE a ON COMMIT DROP AS SELECT 1", false)]
    [InlineData("CREATE TEMPORARY TABLE a (b int) ON COMMIT DROP; COMMIT", false)]
    [InlineData("SET LOCAL statement_timeout = 0", false)]
    [InlineData("SELECT set_config('work_mem', '1GB', true)", false)]
    [InlineData("UPDATE a SET work = 1", false)]
    public void The_rule_itself_knows_what_stays_on_a_session(string code, bool stays) => Assert.Equal(stays, SessionState().IsMatch(code));

    private static bool IsVague(string name) => VagueName().IsMatch(name);

    private static IEnumerable<string> Uses(Regex forbidden) =>
        from file in Repository.LibrarySources
        from use in forbidden.Matches(file.Code)
        select $"{file.Path}: {use.Value}";

    [GeneratedRegex("(Manager|Helper|Util(s|ity|ities)?|Dto|DTO)(s|[A-Z]|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\basync void\b|\.GetAwaiter\(\)\.GetResult\(\)|\bThread\.Sleep\(", RegexOptions.None, 1000)]
    private static partial Regex Blocking();

    [GeneratedRegex(@"#pragma warning disable.*|\bSuppressMessage\b|#nullable disable", RegexOptions.None, 1000)]
    private static partial Regex Suppression();

    [GeneratedRegex(
        @"\bpg_(try_)?advisory_lock(_shared)?\b|\bCREATE\s+TEMP(ORARY)?\s+TABLE\b(?![^;]*?\bON\s+COMMIT\s+DROP\b)|\bLISTEN\s+\w|\bWITH\s+HOLD\b" +
        @"|\bSET\s+(SESSION|ROLE|TIME\s+ZONE|search_path|\w+_timeout|(maintenance_)?work_mem|synchronous_commit|(enable|max|jit)_\w+)\b" +
        @"|\bset_config\([^)]*,\s*false\s*\)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex SessionState();
}
