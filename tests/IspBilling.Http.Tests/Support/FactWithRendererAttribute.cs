namespace IspBilling.Http.Tests.Support;

/// <summary>Skipped, visibly, where the PDF renderer's packages are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithRendererAttribute : FactAttribute
{
    private const string Packages = "src/IspBilling.Documents/renderer/node_modules";

    public FactWithRendererAttribute()
    {
        if (!IsInstalled()) Skip = "The PDF renderer's packages are not installed: npm ci --prefix src/IspBilling.Documents/renderer";
    }

    private static bool IsInstalled()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, Packages))) return true;
        }

        return false;
    }
}
