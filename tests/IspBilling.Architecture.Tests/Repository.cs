namespace IspBilling.Architecture.Tests;

/// <summary>The working copy that these tests were built in.</summary>
internal static class Repository
{
    /// <summary>Where code of the product lives; some rules leave tests more freedom.</summary>
    private static readonly string[] ProductFolders = ["src", "api", "silo", "loadtests", "benchmarks"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<ProjectFile> ProductProjects =>
        Files(ProductFolders, "*.csproj").Select(ProjectFile.Read).OrderBy(project => project.Name, StringComparer.Ordinal);

    public static IEnumerable<ProjectFile> AllProjects => Files(["."], "*.csproj").Select(ProjectFile.Read);

    public static IEnumerable<SourceFile> LibrarySources => Files(["src"], "*.cs").Select(SourceFile.Read);

    public static IEnumerable<(Place Place, string Text)> PlacedLibrarySources => PlacedSources(["src"]);

    /// <summary>Every C# file of every project, tests included.</summary>
    public static IEnumerable<(Place Place, string Text)> AllPlacedSources => PlacedSources(["."]);

    private static IEnumerable<(Place Place, string Text)> PlacedSources(IEnumerable<string> folders) =>
        from project in Files(folders, "*.csproj")
        let home = Path.GetDirectoryName(project)!
        from file in Files([home], "*.cs")
        let parts = Path.GetRelativePath(home, file).Split('/')
        select (new Place(Path.GetFileNameWithoutExtension(project), parts.Length > 1 ? parts[0] : Place.Root, Path.GetRelativePath(Root, file)), File.ReadAllText(file));

    public static IEnumerable<SourceFile> AllSources => Files([.. ProductFolders, "tests"], "*.cs").Select(SourceFile.Read);

    private static IEnumerable<string> Files(IEnumerable<string> folders, string pattern) =>
        folders.Select(folder => Path.GetFullPath(Path.Combine(Root, folder)))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(file => !IsGenerated(Path.GetRelativePath(Root, file)));

    private static bool IsGenerated(string file) => file.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or ".data");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No IspBilling.sln above {AppContext.BaseDirectory}.");
    }
}
