using System.Diagnostics;
using IspBilling.Documents.Rendering;

namespace IspBilling.Documents.Tests.Support;

/// <summary>Needs the renderer's packages, and the named command-line tools; reported as skipped where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RendererFactAttribute : FactAttribute
{
    public RendererFactAttribute(params string[] tools)
    {
        Tools = tools;
        Skip = Missing(tools);
    }

    public string[] Tools { get; }

    private static string? Missing(string[] tools)
    {
        foreach (var tool in tools)
        {
            if (!Tool.IsInstalled(tool)) return $"{tool} is not installed (packages poppler-utils and zbar-tools).";
        }

        try
        {
            RendererFolder.Locate(null);
            return Tool.IsInstalled("node") ? null : "node is not installed.";
        }
        catch (RenderException exception)
        {
            return exception.Message;
        }
    }
}

internal static class Tool
{
    public static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));

    /// <summary>What it wrote to its standard output.</summary>
    public static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{tool} ended with {process.ExitCode}: {await errors}");
        return output;
    }
}
