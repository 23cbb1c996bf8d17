using Microsoft.Extensions.Logging;

namespace IspBilling.Postgres.Embedded;

/// <summary>
/// What an earlier run left on a cluster when it or its server was killed. Called with the directory's lock held, so nobody else can be
/// starting a server there.
/// </summary>
internal sealed class LeftoverServer(string cluster, ILogger log)
{
    private static readonly TimeSpan FastShutdownMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ImmediateShutdownMax = TimeSpan.FromSeconds(20);

    public async Task Stop(CancellationToken cancel)
    {
        var processes = ServerProcesses.In(cluster);
        var postmaster = PostmasterFile.ReadPid(cluster);
        if (processes.IsEmpty)
        {
            ForgetReusedNumber(postmaster);
            return;
        }

        log.LogWarning("A server of an earlier run still works on {Cluster} and is stopped.", cluster);
        if (postmaster is { } pid && processes.Contains(pid))
        {
            Signals.Send(pid, Signal.Interrupt);
            if (await Gone(FastShutdownMax, cancel)) return;
            Signals.Send(pid, Signal.Quit);
        }

        // Sessions whose postmaster is dead end by themselves, unless a long statement keeps them from noticing.
        if (await Gone(ImmediateShutdownMax, cancel)) return;
        foreach (var left in ServerProcesses.In(cluster)) Signals.Send(left, Signal.Kill);
        if (!await Gone(ImmediateShutdownMax, cancel))
            throw new EmbeddedPostgresException($"Processes of an earlier server on {cluster} do not end: {string.Join(", ", ServerProcesses.In(cluster))}.");
    }

    /// <summary>
    /// PostgreSQL replaces a stale postmaster.pid unless some process has that number. In a container, where numbers start anew, that is
    /// often a stranger, and the server would refuse to start for ever.
    /// </summary>
    private void ForgetReusedNumber(int? postmaster)
    {
        if (postmaster is not { } pid || !Signals.IsSomeoneAlive(pid)) return;
        log.LogWarning("Process {Pid}, named in {File}, is not a server of this cluster: the file is stale.", pid, PostmasterFile.In(cluster));
        File.Delete(PostmasterFile.In(cluster));
    }

    private async Task<bool> Gone(TimeSpan timeout, CancellationToken cancel)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        for (var waited = TimeSpan.Zero; waited < timeout; waited += pause)
        {
            if (ServerProcesses.In(cluster).IsEmpty) return true;
            await Task.Delay(pause, cancel);
        }

        return ServerProcesses.In(cluster).IsEmpty;
    }
}
