using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IspBilling.Outreach.Tests.Parts;

/// <summary>Programs of distributions' packages, unpacked and never installed, and run privately.</summary>
internal static class UnpackedParts
{
    private const string Folder = ".data/parts/root";

    /// <summary>Null when it is not unpacked.</summary>
    /// <param name="program">Its path in the package: <c>usr/sbin/bearerbox</c>.</param>
    public static string? Find(string program) => Root() is { } root && File.Exists(Path.Combine(root, program)) ? Path.Combine(root, program) : null;

    /// <summary>Starts a program with the libraries that were unpacked beside it; whoever started it ends it.</summary>
    public static Process Start(string program, params ReadOnlySpan<string> arguments) =>
        Run(Find(program) ?? throw new FileNotFoundException($"{program} is not unpacked: ./dev parts"), arguments.ToArray(), variables: []);

    /// <summary>
    /// Starts a program that looks for its files where its distribution has them, in a view of the file system of its own: what was unpacked lies over
    /// <c>/usr</c>, and a folder over <c>/etc</c>. Nobody else sees that, and it goes with the process.
    /// </summary>
    /// <param name="settings">What lies over <c>/etc</c>.</param>
    /// <param name="program">Its path in the package.</param>
    public static Process StartInOwnView(string settings, string program, params string[] arguments)
    {
        if (Find(program) is null) throw new FileNotFoundException($"{program} is not unpacked: ./dev parts");
        const string View = "mount -t overlay overlay -o \"lowerdir=$1/usr:/usr\" /usr && mount -t overlay overlay -o \"lowerdir=$2:/etc\" /etc && shift 2 && exec \"$@\"";
        return Run("unshare", ["--mount", "--propagation", "private", "sh", "-c", View, "sh", Root()!, settings, $"/{program}", .. arguments], variables: []);
    }

    /// <summary>Starts a program of Python's that was unpacked.</summary>
    public static Process StartPython(params string[] arguments) =>
        Run("python3", arguments, [("PYTHONPATH", Path.Combine(Root()!, "usr/lib/python3/dist-packages"))]);

    /// <summary>Asks a program to end, which ends what it started itself; one that does not listen is killed.</summary>
    public static async Task End(Process process)
    {
        if (!process.HasExited) _ = kill(process.Id, Terminate);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>Waits until somebody listens at a port of this machine.</summary>
    public static async Task Listens(int port, params Process[] processes)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < Patience; await Task.Delay(50))
        {
            if (Array.Find(processes, process => process.HasExited) is { } ended) throw new InvalidOperationException($"{ended.StartInfo.FileName} ended with {ended.ExitCode}");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new TimeoutException($"nobody listens at {port}");
    }

    /// <summary>For settings of programs that do not find their own.</summary>
    public static string RootFolder => Root() ?? throw new FileNotFoundException("nothing is unpacked: ./dev parts");

    public static string Libraries => string.Join(':', LibraryFolders.Select(library => Path.Combine(Root()!, library)));

    private static readonly string[] LibraryFolders =
        ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib", "usr/lib/postfix"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int Terminate = 15;

    private static Process Run(string program, string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["LD_LIBRARY_PATH"] = Libraries;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var process = Process.Start(start)!;
        // What nobody reads would fill the pipe and stop the program.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string? Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, Folder))) return Path.Combine(folder.FullName, Folder);
        }

        return null;
    }
}
