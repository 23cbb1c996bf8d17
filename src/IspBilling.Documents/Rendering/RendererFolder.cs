using System.Security.Cryptography;

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
        var installed = candidates.FirstOrDefault(candidate => Directory.Exists(Path.Combine(candidate, "node_modules", Compiler)))
            ?? throw new RenderException(
                RenderFailure.NotInstalled,
                $"The PDF renderer's packages are not installed. Run: npm ci --prefix \"{candidates[^1]}\"");

        return new RendererFolder(
            Path.Combine(folder, "worker.mjs"), Path.Combine(folder, "templates"), Path.Combine(installed, "node_modules"));
    }

    /// <summary>SHA-256 over the worker, the templates, and the exact versions and check sums of compiler and fonts.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var root = Path.GetDirectoryName(Worker)!;
        var templates = Directory.EnumerateFiles(Templates, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (var file in (string[])[Worker, Path.Combine(root, "package-lock.json"), .. templates])
        {
            if (!File.Exists(file)) continue;
            hash.AppendData(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file))));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

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
