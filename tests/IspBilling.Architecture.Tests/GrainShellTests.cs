namespace IspBilling.Architecture.Tests;

public sealed class GrainShellTests
{
    private const string Folder = "src/IspBilling.Grains/";

    private static IEnumerable<string> Sources => Repository.LibrarySources.Where(file => file.Path.StartsWith(Folder, StringComparison.Ordinal)).Select(file => file.Code);

    [Fact]
    public void Grains_hold_no_branch_except_on_an_outage() => Assert.Empty(Sources.SelectMany(GrainShells.BranchesIn));

    [Fact]
    public void Every_grain_is_looked_at() => Assert.Superset(
        new HashSet<string> { "AccountGrain", "RunGrain", "RunShardGrain", "ImportGrain", "ImportShardGrain", "MissedTurnsGrain", "DeskGrain", "SettingsGrain" },
        Sources.SelectMany(GrainShells.GrainsIn).Select(grain => grain.Identifier.Text).ToHashSet());

    [Theory]
    [InlineData("if (a) B();")]
    [InlineData("var c = a ? 1 : 2;")]
    [InlineData("var c = a switch { true => 1, _ => 2 };")]
    [InlineData("switch (a) { default: break; }")]
    [InlineData("foreach (var b in a) B();")]
    [InlineData("for (;;) B();")]
    [InlineData("while (a) B();")]
    [InlineData("do B(); while (a);")]
    [InlineData("_b ??= C();")]
    [InlineData("var c = a ?? b;")]
    [InlineData("_b?.C();")]
    [InlineData("var c = a && b;")]
    [InlineData("var c = a || b;")]
    [InlineData("try { if (a) B(); } catch (Exception) { }")]
    public void The_rule_itself_knows_branches(string code) => Assert.Single(GrainShells.BranchesIn(InGrain(code)));

    [Theory]
    [InlineData("B();")]
    [InlineData("var c = a is not null;")]
    [InlineData("int? c = null;")]
    [InlineData("try { B(); } catch (Exception e) when (e is IOException || Outage.Is(e)) { }")]
    [InlineData("try { B(); } catch (Exception e) { if (Outage.Is(e)) C(); }")]
    public void The_rule_itself_lets_shells_through(string code) => Assert.Empty(GrainShells.BranchesIn(InGrain(code)));

    [Fact]
    public void The_rule_itself_leaves_other_classes_alone() => Assert.Empty(GrainShells.BranchesIn("class Director : IPlacementDirector { void A() { if (b) C(); } }"));

    private static string InGrain(string code) => $"internal sealed class SomeGrain(IJournal journal) : Grain, ISomeGrain {{ async Task A() {{ {code} }} }}";
}
