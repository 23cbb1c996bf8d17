using System.Xml.Linq;

namespace IspBilling.Architecture.Tests;

public sealed class ProjectFileTests
{
    /// <summary>Warnings that a project may silence, as "project: code", each with its reason in a comment.</summary>
    private static readonly string[] SilencedWarnings =
    [
        // Their comments describe the interface and are checked when they are built; that every member and parameter has one is not asked for.
        "IspBilling.Access: CS1591", "IspBilling.Access: CS1573",
        "IspBilling.Domain: CS1591", "IspBilling.Domain: CS1573",
        "IspBilling.Engine: CS1591", "IspBilling.Engine: CS1573",
        "IspBilling.Desk: CS1591", "IspBilling.Desk: CS1573",
        "IspBilling.Http: CS1591", "IspBilling.Http: CS1573",
        "IspBilling.Outreach: CS1591", "IspBilling.Outreach: CS1573",
    ];

    [Fact]
    public void Versions_of_packages_are_named_in_one_place() =>
        Assert.Empty(
            from project in Repository.AllProjects
            from package in project.Elements("PackageReference")
            where NamesVersion(package)
            select $"{project.Name}: {package.Attribute("Include")?.Value}");

    [Fact]
    public void Warnings_are_errors_everywhere() =>
        Assert.Empty(
            from project in Repository.AllProjects
            from name in new[] { "TreatWarningsAsErrors", "WarningsNotAsErrors", "CodeAnalysisTreatWarningsAsErrors", "RunAnalyzers", "WarningLevel" }
            from element in project.Elements(name)
            select $"{project.Name}: {element}");

    [Fact]
    public void No_warning_is_silenced_without_a_reason() =>
        Assert.Empty(
            (from project in Repository.AllProjects
             from element in project.Elements("NoWarn")
             from code in element.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
             where code != "$(NoWarn)"
             select $"{project.Name}: {code}").Except(SilencedWarnings));

    [Fact]
    public void Nullable_references_stay_on() =>
        Assert.Empty(Repository.AllProjects.Where(project => project.Elements("Nullable").Any()).Select(project => project.Name));

    private static bool NamesVersion(XElement package) =>
        package.Attribute("Version") is not null
        || package.Attribute("VersionOverride") is not null
        || package.Element("Version") is not null
        || package.Element("VersionOverride") is not null;
}
