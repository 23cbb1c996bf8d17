using System.Collections.Immutable;

namespace IspBilling.Architecture.Tests;

/// <summary>One word, one meaning.</summary>
public sealed class NameTests
{
    /// <summary>Names that two projects may have, each with the reason.</summary>
    private static readonly ImmutableDictionary<string, string> Exceptions = new Dictionary<string, string>
    {
        ["ServeVerb"] = "api and silo are two programs with the same verb; neither sees the other",
    }.ToImmutableDictionary();

    [Fact]
    public void A_type_s_name_means_one_thing() =>
        Assert.Empty(Clashes(TypeNames.All)
            .Where(clash => !Exceptions.ContainsKey(clash.Name))
            .Select(clash => clash.Text));

    [Fact]
    public void An_exception_goes_when_it_is_no_longer_needed() =>
        Assert.All(Exceptions.Keys, name => Assert.Contains(Clashes(TypeNames.All), clash => clash.Name == name));

    [Fact]
    public void The_rule_itself_sees_a_name_in_two_projects() =>
        Assert.Equal(["Letter: Engine/A.cs, Post/B.cs"], Texts(("Engine", "A.cs", "namespace E; class Letter;"), ("Post", "B.cs", "namespace P; record Letter(int A);")));

    [Fact]
    public void The_rule_itself_sees_a_name_in_two_namespaces_of_a_project() =>
        Assert.Single(Texts(("Engine", "A.cs", "namespace E.One; enum Letter { A }"), ("Engine", "B.cs", "namespace E.Two; delegate void Letter();")));

    [Fact]
    public void The_rule_itself_holds_tests_against_what_they_test() =>
        Assert.Single(Texts(("Engine", "A.cs", "namespace E; class Letter;"), ("Engine.Tests", "B.cs", "namespace E.Tests; class Letter;")));

    [Theory]
    [InlineData("Engine", "namespace E; partial class Letter;")]
    [InlineData("Engine.Tests", "namespace T; class Other { class Letter; }")]
    [InlineData("Post", "namespace P; class Other { string Letter = \"class Letter\"; } // class Letter")]
    public void The_rule_itself_permits_parts_and_nested_types_and_words(string project, string text) =>
        Assert.Empty(Texts(("Engine", "A.cs", "namespace E; partial class Letter;"), (project, "B.cs", text)));

    [Fact]
    public void The_rule_itself_lets_two_test_projects_have_their_own() =>
        Assert.Empty(Texts(("One.Tests", "A.cs", "namespace O; class Given;"), ("Two.Tests", "B.cs", "namespace T; class Given;")));

    private static IEnumerable<string> Texts(params (string Project, string Path, string Text)[] files) =>
        Clashes(files.Select(file => TypeNames.Read(new Place(file.Project, Place.Root, $"{file.Project}/{file.Path}"), file.Text))).Select(clash => clash.Text);

    /// <summary>A name that stands for two types, unless both belong to tests only.</summary>
    private static IEnumerable<(string Name, string Text)> Clashes(IEnumerable<TypeNames> files) =>
        from declared in files.SelectMany(file => file.Declared.Select(name => (Name: name, File: file)))
        group declared.File by declared.Name into bearers
        where bearers.Select(file => (file.Place.Project, file.Namespace)).Distinct().Count() > 1
        where bearers.Any(file => !file.Place.Project.EndsWith(".Tests", StringComparison.Ordinal))
        orderby bearers.Key
        select (bearers.Key, $"{bearers.Key}: {string.Join(", ", bearers.Select(file => file.Place.Path).Order(StringComparer.Ordinal))}");
}
