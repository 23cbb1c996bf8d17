using System.Security.Cryptography;
using System.Text.Json;

namespace IspBilling.Documents.Rendering;

/// <summary>
/// Where the Node part is. Its own files are copied beside the assembly; its packages are installed there in a published
/// app, and in the source folder on a developer's machine, where a build must not copy tens of megabytes around.
/// </summary>
internal sealed record RendererFolder(string Worker, string Templates, string NodeModules)
{
    private const string Compiler = "@myriaddreamin/typst-ts-node-compiler";
    private const string SourceFolder = "src/IspBilling.Documents/renderer";

    /// <exception cref="RenderException">The packages are not installed; the message is the command to run.</exception>
    public static RendererFolder Locate(string? folder)
    {
        folder ??= Path.Combine(AppContext.BaseDirectory, "renderer");
        string[] candidates = SourceOf(folder) is { } source ? [folder, source] : [folder];
        var fonts = Fonts(folder);
        var installed = candidates.FirstOrDefault(candidate => IsInstalled(Path.Combine(candidate, "node_modules"), fonts))
            ?? throw new RenderException(
                RenderFailure.NotInstalled,
                $"The PDF renderer's packages are not installed. Run: npm ci --prefix \"{candidates[^1]}\"");

        return new RendererFolder(
            Path.Combine(folder, "worker.mjs"), Path.Combine(folder, "templates"), Path.Combine(installed, "node_modules"));
    }

    /// <summary>The fonts that the worker loads, as <c>fonts.json</c> names them; paths below the packages.</summary>
    public IEnumerable<string> FontFiles() => Fonts(Path.GetDirectoryName(Worker)!).Select(font => Path.Combine(NodeModules, font));

    /// <summary>SHA-256 over the worker, the templates, and the exact versions and check sums of compiler and fonts.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var root = Path.GetDirectoryName(Worker)!;
        var templates = Directory.EnumerateFiles(Templates, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (var file in (string[])[Worker, Path.Combine(root, "package-lock.json"), Path.Combine(root, "fonts.json"), .. templates])
        {
            if (!File.Exists(file)) continue;
            hash.AppendData(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file))));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A folder without the list is one of a test's workers, which sets no type.</summary>
    private static string[] Fonts(string folder) => Path.Combine(folder, "fonts.json") is var list && File.Exists(list)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(list), RenderJson.Default.StringArray)!
        : [];

    private static bool IsInstalled(string modules, string[] fonts) =>
        Directory.Exists(Path.Combine(modules, Compiler)) && fonts.All(font => File.Exists(Path.Combine(modules, font)));

    private static string? SourceOf(string folder)
    {
        for (var parent = new DirectoryInfo(folder).Parent; parent is not null; parent = parent.Parent)
        {
            var source = Path.Combine(parent.FullName, SourceFolder);
            if (Directory.Exists(source)) return source;
        }

        return null;
    }
}
