using System.Collections.Immutable;
using System.Xml.Linq;

namespace IspBilling.Architecture.Tests;

/// <summary>A csproj as its author wrote it.</summary>
internal sealed record ProjectFile(string Name, XElement Content)
{
    public ImmutableArray<string> References =>
        [.. Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

    /// <summary>Packages that travel with the product; analyzers and the like stay at home.</summary>
    public ImmutableArray<string> Packages =>
        [.. Elements("PackageReference").Where(p => p.Attribute("PrivateAssets")?.Value != "all").Select(p => p.Attribute("Include")!.Value)];

    public ImmutableArray<string> FrameworkReferences => [.. Includes("FrameworkReference")];

    public static ProjectFile Read(string path) => new(Path.GetFileNameWithoutExtension(path), XElement.Load(path));

    public IEnumerable<XElement> Elements(string name) => Content.Descendants(name);

    private IEnumerable<string> Includes(string item) => Elements(item).Select(element => element.Attribute("Include")!.Value);
}
