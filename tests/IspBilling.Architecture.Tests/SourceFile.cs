using System.Text.RegularExpressions;

namespace IspBilling.Architecture.Tests;

/// <summary>A C# file; comments are for people and are not judged.</summary>
internal sealed partial record SourceFile(string Path, string Code)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public IEnumerable<string> Types => TypeDeclaration().Matches(Code).Select(match => match.Groups["name"].Value);

    public static SourceFile Read(string path) =>
        new(System.IO.Path.GetRelativePath(Repository.Root, path), Comment().Replace(File.ReadAllText(path), ""));

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(class\s+|struct\s+)?(?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Comment();
}
