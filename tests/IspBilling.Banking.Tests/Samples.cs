namespace IspBilling.Banking.Tests;

/// <summary>Files of others beside the repository; never part of it. Tests that need them are skipped, visibly, where they are absent.</summary>
internal static class Samples
{
    public static readonly string? Folder = Find();

    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(Folder!, path));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) continue;
            var samples = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "samples"));
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
