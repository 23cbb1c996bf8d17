using System.Collections.Immutable;
using System.Diagnostics;
using Npgsql;

namespace IspBilling.Postgres.Embedded;

/// <summary>
/// One run of the server, tied to this process by a lifeline: a pipe whose other end a small shell watches. When the pipe closes without
/// a word, the engine was killed: the watcher then does what the engine would have done.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>
    /// Arguments: the cluster; the directories of a temporary server, or two empty words; the server's command line.
    /// <para>
    /// The watcher is a grandchild, so that the postmaster has no child it does not know. It recognises the postmaster by its working
    /// directory, because the number of a process that ended may belong to a stranger by then. It removes a temporary server only if
    /// no word came: an engine that says it stops the server may be about to start it again. A background job of a shell reads
    /// /dev/null unless told otherwise: hence descriptor 3.
    /// </para>
    /// </summary>
    private const string WatchedStart =
        """
        cd "$1" || exit 1
        sockets=$2 home=$3
        shift 3
        exec 3<&0 </dev/null
        lives() { [ "/proc/$$/cwd" -ef . ]; }
        ( (
          while read -r _; do home=; done
          lives && kill -INT $$
          if [ -n "$home" ]; then
            while lives; do sleep 0.1; done
            cd / && rm -rf -- "$sockets" "$home"
          fi
        ) <&3 >/dev/null 2>&1 & )
        exec "$@" 3<&-
        """;

    /// <summary>
    /// The log is opened before the privileges go, so that it may be anywhere. A session of its own keeps the terminal's Ctrl+C away
    /// from the server: the engine gets it, finishes its commits, and only then lets go of the lifeline.
    /// </summary>
    private const string LoggedStart = """exec >>"$1" 2>&1; shift; exec "$@" """;

    private static readonly TimeSpan FastShutdownMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ImmediateShutdownMax = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly ServerHome home;

    private ServerProcess(Process process, ServerHome home)
    {
        this.process = process;
        this.home = home;
        Ended = End();
    }

    /// <summary>Ends with the server's exit code, however it ended.</summary>
    public Task<int> Ended { get; }

    public static ServerProcess Start(ServerHome home, PostgresBinaries binaries, ImmutableSortedDictionary<string, string> settings)
    {
        string[] server =
        [
            binaries.Postgres, "-D", home.Cluster,
            .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }),
        ];
        string[] temporary = home.IsTemporary ? [home.SocketFolder, home.Directory] : ["", ""];
        var watched = home.User.Running(
            ["setsid", "sh", "-c", WatchedStart, "sh", home.Cluster, .. temporary, .. server]);
        var start = SystemCommand.Prepared(["sh", "-c", LoggedStart, "sh", home.LogFile, .. watched]);
        return new ServerProcess(Process.Start(start)!, home);
    }

    /// <summary>Ready is when it answers a query: until then it may be replaying its log.</summary>
    public async Task WaitUntilReady(TimeSpan timeout, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(timeout);
        try
        {
            while (!await Answers(deadline.Token))
            {
                if (Ended.IsCompleted) throw new EmbeddedPostgresException($"PostgreSQL did not start. Its last words in {home.LogFile}:\n{LastWords()}");
                await Task.Delay(millisecondsDelay: 50, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new EmbeddedPostgresException($"PostgreSQL did not answer within {timeout}. Its last words in {home.LogFile}:\n{LastWords()}");
        }
    }

    /// <summary>Fast shutdown; harder means only if the server does not end.</summary>
    public async Task Stop()
    {
        SignalPostmaster(Signal.Interrupt);
        LetGo();
        if (await EndsWithin(FastShutdownMax)) return;
        SignalPostmaster(Signal.Quit);
        if (await EndsWithin(ImmediateShutdownMax)) return;
        await Kill();
    }

    /// <summary>The postmaster gets no chance to do anything.</summary>
    public async Task Kill()
    {
        SignalPostmaster(Signal.Kill);
        LetGo();
        await Ended;
    }

    /// <summary>After its end.</summary>
    public void Dispose()
    {
        LetGo();
        process.Dispose();
    }

    /// <summary>The direct child may be runuser or su, so the number comes from the server's own file.</summary>
    private void SignalPostmaster(Signal signal)
    {
        if (PostmasterFile.ReadPid(home.Cluster) is { } pid && ServerProcesses.In(home.Cluster).Contains(pid)) Signals.Send(pid, signal);
    }

    /// <summary>Ends the watcher, and through it a server that is too young to have a postmaster.pid.</summary>
    private void LetGo()
    {
        try
        {
            process.StandardInput.WriteLine("stopping");
            process.StandardInput.Close();
        }
        catch (Exception nobodyListens) when (nobodyListens is IOException or ObjectDisposedException)
        {
            // The watcher was killed, or this is the second attempt to stop.
        }
    }

    private async Task<bool> EndsWithin(TimeSpan timeout)
    {
        try
        {
            await Ended.WaitAsync(timeout);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<int> End()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private async Task<bool> Answers(CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(home.MaintenanceConnectionString);
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // No socket yet, or "the database system is starting up".
        }
    }

    private string LastWords()
    {
        const int lineCount = 12;
        return File.Exists(home.LogFile) ? string.Join('\n', File.ReadLines(home.LogFile).TakeLast(lineCount)) : "(no log)";
    }
}
