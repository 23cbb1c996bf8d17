namespace IspBilling.Hosting;

/// <summary>The directory in which a node keeps what it has on this machine, held by one running node at a time.</summary>
internal sealed class NodeDirectory : IDisposable
{
    private const string LockName = "node.lock";
    private readonly FileStream _lock;

    private NodeDirectory(string path, FileStream taken) => (Path, _lock) = (path, taken);

    public string Path { get; }

    /// <summary>Takes the directory and keeps everybody else out of it: invoices and, with a private server, the whole database are in it.</summary>
    /// <param name="isPassedThrough">
    /// Root's private server runs as another user, who must get to a directory of its own below. They may pass through and see nothing.
    /// </param>
    /// <exception cref="StartFailedException">Another process has it, or it cannot be written.</exception>
    public static NodeDirectory Claim(string path, bool isPassedThrough = false)
    {
        try
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, isPassedThrough ? OwnerOnly.Directory | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : OwnerOnly.Directory);
            // FileShare.None is flock(2): the kernel lets go when this process ends, however it ends.
            var taken = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            OwnerOnly.Tighten(taken.Name);
            return new NodeDirectory(path, taken);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StartFailedException($"The data directory {path} cannot be written: {denied.Message}", denied);
        }
        catch (IOException taken) when (File.Exists(System.IO.Path.Combine(path, LockName)))
        {
            throw new StartFailedException(
                $"The data directory {path} is in use by another node; stop that one first, or give this one a directory of its own by ISPBILLING__DATADIRECTORY.", taken);
        }
        catch (IOException failure)
        {
            throw new StartFailedException($"The data directory {path} cannot be made: {failure.Message}", failure);
        }
    }

    public void Dispose() => _lock.Dispose();
}
