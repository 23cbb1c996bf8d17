namespace IspBilling.Engine.Tests.Identity;

/// <summary>Small bank files of others beside the repository; never part of it.</summary>
internal static class HandedCases
{
    public static readonly string? Folder = Find();

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder ?? throw new DirectoryNotFoundException("../shared/cases/bank"), name));

    /// <summary>Null where the cases may be missing; a build that counts has to have them.</summary>
    public static string? Skip => Folder is null && Environment.GetEnvironmentVariable("CI") != "true" ? "The folder ../shared/cases/bank is not here." : null;

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) continue;
            var cases = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "cases", "bank"));
            return Directory.Exists(cases) ? cases : null;
        }

        return null;
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class HandedCaseFactAttribute : FactAttribute
{
    public HandedCaseFactAttribute() => Skip = HandedCases.Skip;
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class HandedCaseTheoryAttribute : TheoryAttribute
{
    public HandedCaseTheoryAttribute() => Skip = HandedCases.Skip;
}
