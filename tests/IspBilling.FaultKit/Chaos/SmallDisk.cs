using System.Diagnostics;

namespace IspBilling.FaultKit.Chaos;

/// <summary>A disk of a few hundred megabytes, in memory, that can be filled to the last block and emptied again.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const int Block = 64 * 1024;
    private readonly string _ballast;

    private SmallDisk(string directory)
    {
        Directory = directory;
        _ballast = Path.Combine(directory, "ballast");
    }

    public string Directory { get; }

    public long FreeBytes => new DriveInfo(Directory).AvailableFreeSpace;

    /// <summary>Null, with the reason, where this process may not mount anything.</summary>
    public static async Task<(SmallDisk? Disk, string? Reason)> Mount(string directory, int megabytes)
    {
        if (!Environment.IsPrivilegedProcess) return (null, "only root may mount a small disk");
        System.IO.Directory.CreateDirectory(directory);
        var (exitCode, output) = await Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", directory);
        return exitCode == 0 ? (new SmallDisk(directory), null) : (null, $"a small disk cannot be mounted here: {output}");
    }

    /// <summary>Takes all but so many bytes.</summary>
    public async Task Fill(long leave)
    {
        await using var ballast = new FileStream(_ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[Block];
        try
        {
            while (FreeBytes > leave) await ballast.WriteAsync(block.AsMemory(0, (int)Math.Min(Block, FreeBytes - leave)));
        }
        catch (IOException)
        {
            // Somebody else took the last block.
        }
    }

    public void Empty() => File.Delete(_ballast);

    public async ValueTask DisposeAsync()
    {
        var (exitCode, output) = await Run("umount", Directory);
        if (exitCode != 0) throw new InvalidOperationException($"{Directory} stays mounted: {output}");
        System.IO.Directory.Delete(Directory);
    }

    private static async Task<(int ExitCode, string Output)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{output}{await errors}".Trim());
    }
}
