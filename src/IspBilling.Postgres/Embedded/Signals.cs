using System.Runtime.InteropServices;

namespace IspBilling.Postgres.Embedded;

/// <summary>What the postmaster understands: fast shutdown, immediate shutdown, and what nobody can refuse.</summary>
internal enum Signal
{
    Probe = 0,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
}

internal static class Signals
{
    private const int NotPermitted = 1;

    /// <summary>False when the process is gone.</summary>
    public static bool Send(int pid, Signal signal) => kill(pid, (int)signal) == 0;

    public static bool IsSomeoneAlive(int pid) => Send(pid, Signal.Probe) || Marshal.GetLastPInvokeError() == NotPermitted;

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
