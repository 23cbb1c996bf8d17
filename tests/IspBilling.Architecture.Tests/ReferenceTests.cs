using System.Collections.Immutable;
using System.Xml.Linq;

namespace IspBilling.Architecture.Tests;

/// <summary>What a project file lists is used: what nobody needs any more goes.</summary>
public sealed class ReferenceTests
{
    /// <summary>References for something else than types, as "project → reference", each with the reason.</summary>
    private static readonly ImmutableDictionary<string, string> Exceptions = new Dictionary<string, string>
    {
        ["IspBilling.FaultKit → IspBilling.Api"] = "the api stands in the output, to be started as a process of its own",
        ["IspBilling.Cluster.Tests → IspBilling.Silo"] = "the worker stands in the output, to be started as a process of its own",
        ["IspBilling.Hosting.Tests → IspBilling.Api"] = "the front stands in the output, to be started as a process of its own",
        ["IspBilling.Hosting.Tests → IspBilling.Silo"] = "the worker stands in the output, to be started as a process of its own",
        ["IspBilling.LoadTests.Tests → IspBilling.Silo"] = "the worker stands in the output, to be started as a process of its own",
    }.ToImmutableDictionary();

    [Fact]
    public void A_project_uses_what_it_refers_to() =>
        Assert.Empty(Repository.AllProjects.SelectMany(project => Unused(project, TypeNames.All)).Except(Exceptions.Keys));

    [Fact]
    public void An_exception_goes_when_it_is_no_longer_needed() =>
        Assert.All(Exceptions.Keys, reference => Assert.Contains(reference, Repository.AllProjects.SelectMany(project => Unused(project, TypeNames.All))));

    [Fact]
    public void A_listed_version_is_of_a_package_that_a_project_uses() =>
        Assert.Empty(UnusedVersions(
            XElement.Load(Path.Combine(Repository.Root, "Directory.Packages.props")),
            [.. Repository.AllProjects.Select(project => project.Content), XElement.Load(Path.Combine(Repository.Root, "Directory.Build.props"))]));

    [Theory]
    [InlineData("class A { B b; }", false)]
    [InlineData("class A { string M() => 1.Told(); }", false)]
    [InlineData("class A { string text = \"B\"; } // B", true)]
    public void The_rule_itself_knows_what_is_used(string code, bool isUnused)
    {
        var user = new ProjectFile("P", XElement.Parse("""<Project><ItemGroup><ProjectReference Include="../Q/Q.csproj" /></ItemGroup></Project>"""));
        var files = new[]
        {
            TypeNames.Read(new Place("P", Place.Root, "A.cs"), code),
            TypeNames.Read(new Place("Q", Place.Root, "B.cs"), "class B; static class C { public static string Told(this int n) => null; }"),
        };

        Assert.Equal(isUnused ? ["P → Q"] : [], Unused(user, files));
    }

    [Fact]
    public void The_rule_itself_knows_an_unused_version() =>
        Assert.Equal(["Old"], UnusedVersions(
            XElement.Parse("""<Project><ItemGroup><PackageVersion Include="New" Version="1" /><PackageVersion Include="Old" Version="1" /></ItemGroup></Project>"""),
            [XElement.Parse("""<Project><ItemGroup><PackageReference Include="New" /></ItemGroup></Project>""")]));

    private static IEnumerable<string> Unused(ProjectFile project, IEnumerable<TypeNames> files)
    {
        var used = files.Where(file => file.Place.Project == project.Name).SelectMany(file => file.Used).ToHashSet();
        return
            from reference in project.References
            where !files.Where(file => file.Place.Project == reference).Any(file => used.Overlaps(file.Declared) || used.Overlaps(file.Extensions))
            select $"{project.Name} → {reference}";
    }

    private static IEnumerable<string> UnusedVersions(XElement versions, IEnumerable<XElement> projects) =>
        Includes(versions, "PackageVersion").Except(projects.SelectMany(project => Includes(project, "PackageReference")));

    private static IEnumerable<string> Includes(XElement file, string item) => file.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
