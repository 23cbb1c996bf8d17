using System.Text.RegularExpressions;

namespace IspBilling.Architecture.Tests;

/// <summary>
/// A business date comes from a TimeProvider that was passed in, in the product and in its tests. What measures a pause or a duration may
/// use the machine's clock, but no date may be read from it.
/// </summary>
public sealed partial class ClockTests
{
    /// <summary>Files that hand the machine's clock to something under test, with the reason why no business date comes from it.</summary>
    private static readonly Dictionary<string, string> OnMachineTime = new(StringComparer.Ordinal)
    {
        ["tests/IspBilling.Access.Tests/KeyRingTests.cs"] = "keys of the ring are of the machine's time, by which the framework looks for them",
        ["tests/IspBilling.Cluster.Tests/Grains/ClusterTests.cs"] = "patience with a silo that died",
        ["tests/IspBilling.Cluster.Tests/Grains/ProviderCluster.cs"] = "patience with a silo that died",
        ["tests/IspBilling.Engine.Tests/Reviews/ReminderQueueTests.cs"] = "pauses between attempts to write",
        ["tests/IspBilling.Hosting.Tests/PeriodicWorkTests.cs"] = "intervals between two times of the same work",
        ["tests/IspBilling.Outreach.Tests/Sms/KannelTests.cs"] = "patience with a gateway that is really run",
        ["tests/IspBilling.Outreach.Tests/Sms/SmsGatewayTests.cs"] = "patience with servers that really listen",
        ["tests/IspBilling.Documents.Tests/Rendering/CachedRendererTests.cs"] = "compares with the times of files, which the file system sets",
    };

    /// <summary>All sources but this one, whose examples break the rules.</summary>
    private static IEnumerable<SourceFile> Judged => Repository.AllSources.Where(file => file.Path != "tests/IspBilling.Architecture.Tests/ClockTests.cs");

    [Fact]
    public void Time_comes_from_outside() => Assert.Empty(
        from file in Judged
        from use in WallClock().Matches(file.Code)
        select $"{file.Path}: {use.Value}");

    [Fact]
    public void Tests_have_a_clock_of_their_own() => Assert.Empty(
        from file in Judged
        where file.Path.StartsWith("tests/", StringComparison.Ordinal) && !OnMachineTime.ContainsKey(file.Path)
        from use in MachineClock().Matches(file.Code)
        select $"{file.Path}: {use.Value}");

    [Fact]
    public void Every_exception_is_still_needed() => Assert.Empty(
        OnMachineTime.Keys.Except(
            from file in Repository.AllSources where MachineClock().IsMatch(file.Code) select file.Path,
            StringComparer.Ordinal));

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = DateTimeOffset.Now;")]
    [InlineData("var today = DateTime.Today;")]
    [InlineData("var ticks = Environment.TickCount64;")]
    [InlineData("var now = TimeProvider.System.GetUtcNow();")]
    [InlineData("var now = TimeProvider.System.GetLocalNow();")]
    [InlineData("var now = TimeProvider\n    .System.GetUtcNow();")]
    public void The_rule_itself_knows_clocks(string code) => Assert.Matches(WallClock(), code);

    [Theory]
    [InlineData("var started = Stopwatch.GetTimestamp();")]
    [InlineData("await Task.Delay(pause, TimeProvider.System, cancellation);")]
    [InlineData("var now = clock.GetUtcNow();")]
    public void The_rule_itself_lets_durations_be_measured(string code) => Assert.DoesNotMatch(WallClock(), code);

    [GeneratedRegex(
        @"\b(DateTime\s*\.\s*(Now|UtcNow|Today)|DateTimeOffset\s*\.\s*(Now|UtcNow)|Environment\s*\.\s*TickCount(64)?" +
        @"|TimeProvider\s*\.\s*System\s*\.\s*Get(Utc|Local)Now)\b",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bTimeProvider\s*\.\s*System\b", RegexOptions.None, 1000)]
    private static partial Regex MachineClock();
}
