using Microsoft.Extensions.Logging;

namespace IspBilling.Postgres.Embedded;

/// <summary>
/// Starts the server again when it dies without having been told to: killed for its memory, by a crash, or by its own panic on a
/// full disk. What hinders a start may last, so attempts go on for hours, with longer and longer pauses, but not for ever.
/// </summary>
/// <param name="options">How often and how fast it is tried.</param>
/// <param name="bury">Takes note of a server's end; false when it was meant to end.</param>
/// <param name="start">Starts the server unless it runs.</param>
internal sealed class ServerSupervision(
    EmbeddedPostgresOptions options, Func<ServerProcess, Task<bool>> bury, Func<CancellationToken, Task> start) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task watching = Task.CompletedTask;

    public Task Lost => lost.Task;

    /// <summary>From now on it is this server whose end matters.</summary>
    public void Watch(ServerProcess server) => watching = WatchToTheEnd(server);

    /// <summary>Nothing is started from now on; returns at once.</summary>
    public Task Stop() => stopping.CancelAsync();

    /// <summary>After the server was stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await watching;
        stopping.Dispose();
    }

    private async Task WatchToTheEnd(ServerProcess server)
    {
        var exitCode = await server.Ended;
        if (!await bury(server)) return;
        options.Log.LogError("PostgreSQL on {Directory} died with exit code {ExitCode}; it is started again.", options.DataDirectory, exitCode);
        try
        {
            await StartAgain();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Whoever stops the engine does not need the server back.
        }
    }

    private async Task StartAgain()
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await start(stopping.Token);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException and not OutOfMemoryException)
            {
                if (attempt == options.RestartAttemptsMax)
                {
                    options.Log.LogCritical(failure, "PostgreSQL on {Directory} does not start; attempt {Attempt} was the last.", options.DataDirectory, attempt);
                    lost.TrySetException(new EmbeddedPostgresException($"PostgreSQL died and does not start again ({attempt} attempts).", failure));
                    return;
                }

                options.Log.LogError(
                    "PostgreSQL on {Directory} does not start (attempt {Attempt}), tried again in {Pause}: {Reason}",
                    options.DataDirectory, attempt, pause, failure.Message);
            }

            await Task.Delay(pause, stopping.Token);
            pause = pause * 2 < options.RestartPauseMax ? pause * 2 : options.RestartPauseMax;
        }
    }
}
