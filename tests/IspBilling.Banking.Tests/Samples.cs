namespace IspBilling.Banking.Tests;

/// <summary>Files of others beside the repository; never part of it. Tests that need them are skipped, visibly, where they are absent.</summary>
internal static class Samples
{
    public static readonly string? Folder = Find("samples");

    /// <summary>Small files that readers of an earlier release got wrong.</summary>
    public static readonly string? Cases = Find(Path.Combine("cases", "bank"));

    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(Folder!, path));

    public static byte[] Case(string name) => File.ReadAllBytes(Path.Combine(Cases!, name));

    private static string? Find(string what)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) continue;
            var samples = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", what));
            return Directory.Exists(samples) ? samples : null;
        }

        return null;
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class SampleFactAttribute : FactAttribute
{
    public SampleFactAttribute()
    {
        if (Samples.Folder is null) Skip = "The folder ../shared/samples is not here.";
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseFactAttribute : FactAttribute
{
    public CaseFactAttribute()
    {
        if (Samples.Cases is null) Skip = "The folder ../shared/cases/bank is not here.";
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseTheoryAttribute : TheoryAttribute
{
    public CaseTheoryAttribute()
    {
        if (Samples.Cases is null) Skip = "The folder ../shared/cases/bank is not here.";
    }
}
