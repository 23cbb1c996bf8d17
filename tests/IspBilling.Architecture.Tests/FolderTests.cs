namespace IspBilling.Architecture.Tests;

/// <summary>Inside a project folders use each other in one direction, like projects in the house.</summary>
public sealed class FolderTests
{
    [Fact]
    public void Folders_of_a_project_do_not_go_in_circles() =>
        Assert.Empty(Projects().SelectMany(project => FolderCircles.In(project, CodeModel.Product.Uses)));

    [Fact]
    public void Domain_folders_are_understood() =>
        Assert.Contains(CodeModel.Product.Uses, use => use.From is { Project: "IspBilling.Domain", Folder: "Accounts" } && use.To is { Project: "IspBilling.Domain", Folder: "Values" });

    [Fact]
    public void The_rule_itself_sees_a_circle() =>
        Assert.Equal(
            ["P: One → Two (B in One/A.cs)", "P: Two → One (A in Two/B.cs)"],
            Circles(("One/A.cs", "namespace N; class A { B b; }"), ("Two/B.cs", "namespace N; class B { A a; }")));

    [Fact]
    public void The_rule_itself_sees_a_circle_over_three_folders() =>
        Assert.Equal(
            3,
            Circles(("1/A.cs", "class A { B b; }"), ("2/B.cs", "class B { C c; }"), ("3/C.cs", "class C { A a; }"), ("4/D.cs", "class D { A a; }")).Count());

    [Theory]
    [InlineData("class A { void M(object o) { if (o is B) return; } }")]
    [InlineData("class A { B[] all = []; }")]
    [InlineData("class A { object M() => new C().Made.Name; }")]
    [InlineData("class A { string M() => 1.Told(); }")]
    [InlineData("class A { System.Action M() => () => B.Do(); }")]
    [InlineData("class A { int M(Unknown.Package p) => p.Each(x => B.Do()); }")]
    public void The_rule_itself_sees_every_kind_of_use(string user) =>
        Assert.NotEmpty(Circles(
            ("One/A.cs", user),
            ("Two/B.cs", "class B { A back; public string Name; public static void Do() { } } static class BExtensions { static A back; public static string Told(this int n) => null; }"),
            ("Made.cs", "class C { public B Made; }")));

    [Theory]
    [InlineData("class A { int B; int M() => B; }")]
    [InlineData("class A { /* B */ string text = \"B\"; }")]
    [InlineData("/// <summary><see cref=\"B\"/></summary>\nclass A { }")]
    [InlineData("namespace Other; class B { } class A { B own; }")]
    public void The_rule_itself_knows_a_word_from_a_type(string user) => Assert.Empty(Circles(("One/A.cs", user), ("Two/B.cs", "class B { A a; Other.A b; }")));

    [Fact]
    public void The_rule_itself_counts_the_project_s_own_files_as_a_folder() =>
        Assert.Equal(2, Circles(("A.cs", "class A { B b; }"), ("One/B.cs", "class B { A a; }")).Count());

    private static IEnumerable<string> Projects() => CodeModel.Product.Uses.Select(use => use.From.Project).Distinct();

    private static IEnumerable<string> Circles(params (string Path, string Text)[] files) => FolderCircles.In(
        "P", CodeModel.Of(files.Select(file => (new Place("P", file.Path.Contains('/') ? file.Path.Split('/')[0] : Place.Root, file.Path), file.Text))).Uses);
}
