using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IspBilling.Outreach.Tests.Parts;

/// <summary>Programs of distributions' packages, unpacked and never installed, and run privately.</summary>
internal static class UnpackedParts
{
    private const string Folder = ".data/parts/root";

    /// <summary>Null when it is not unpacked.</summary>
    /// <param name="program">Its path in the package: <c>usr/sbin/bearerbox</c>.</param>
    public static string? Find(string program) => Root() is { } root && File.Exists(Path.Combine(root, program)) ? Path.Combine(root, program) : null;

    /// <summary>Starts a program with the libraries that were unpacked beside it; whoever started it ends it.</summary>
    public static Process Start(string program, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(Find(program) ?? throw new FileNotFoundException($"{program} is not unpacked: ./dev parts"), arguments.ToArray())
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        var libraries = new[] { "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu" };
        start.Environment["LD_LIBRARY_PATH"] = string.Join(':', libraries.Select(library => Path.Combine(Root()!, library)));
        var process = Process.Start(start)!;
        // What nobody reads would fill the pipe and stop the program.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

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
