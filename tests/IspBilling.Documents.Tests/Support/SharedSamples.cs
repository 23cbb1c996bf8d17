using System.Text.Json;

namespace IspBilling.Documents.Tests.Support;

/// <summary>Sample files kept beside the repository (<c>../shared/samples</c>), because nobody here wrote them.</summary>
internal static class SharedSamples
{
    public static string? Find(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) continue;
            var path = Path.Combine(folder.FullName, "..", "shared", "samples", relativePath);
            return File.Exists(path) ? Path.GetFullPath(path) : null;
        }

        return null;
    }

    public static JsonElement Json(string relativePath)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Find(relativePath)!));
        return document.RootElement.Clone();
    }
}

/// <summary>Runs where the sample is; elsewhere the test is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SampleFactAttribute : FactAttribute
{
    public SampleFactAttribute(string relativePath)
    {
        RelativePath = relativePath;
        if (SharedSamples.Find(relativePath) is null) Skip = $"The sample ../shared/samples/{relativePath} is not here.";
    }

    public string RelativePath { get; }
}
