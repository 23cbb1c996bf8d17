using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace IspBilling.Documents.Rendering;

/// <summary>Whether everything is installed that printing needs, before anybody wants to print.</summary>
public static class RendererInstallation
{
    private const int LeastNode = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What is missing and how it comes to be there, in a sentence; null when documents can be printed.</summary>
    public static async Task<string?> MissingAsync(TypstRendererOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            RendererFolder.Locate(options.Folder);
        }
        catch (RenderException missing) when (missing.Failure == RenderFailure.NotInstalled)
        {
            return missing.Message;
        }

        var version = await NodeVersionAsync(options.NodeExecutable, cancellation);
        if (version is null) return $"Node.js {LeastNode} or later is needed to render PDF; '{options.NodeExecutable}' does not start.";
        return MajorOf(version) is { } major && major < LeastNode
            ? $"Node.js {LeastNode} or later is needed to render PDF; '{options.NodeExecutable}' is {version}."
            : null;
    }

    /// <summary>Null when it does not start, or says nothing in time.</summary>
    private static async Task<string?> NodeVersionAsync(string node, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo(node, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (process is null) return null;
            var said = (await process.StandardOutput.ReadToEndAsync(patience.Token)).Trim();
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? said : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process?.Kill(entireProcessTree: true);
            return null;
        }
        finally
        {
            process?.Dispose();
        }
    }

    /// <summary>Of <c>v20.11.1</c>; null of something that is no version, which is for the worker to find out.</summary>
    private static int? MajorOf(string version)
    {
        var digits = version.AsSpan().TrimStart('v');
        var end = digits.IndexOf('.');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
    }
}
