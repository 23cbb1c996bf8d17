namespace IspBilling.Postgres.Embedded;

/// <summary>Initialises a data directory; PostgreSQL calls what it holds a database cluster.</summary>
internal static class DatabaseCluster
{
    /// <summary>
    /// Initialises beside the final directory and renames, so that a kill half-way never leaves a cluster that looks complete.
    /// Checksums are on: a damaged page is reported, never billed.
    /// </summary>
    public static async Task InitialiseOnce(ServerHome home, PostgresBinaries binaries, CancellationToken cancel)
    {
        if (ServerHome.HasCluster(home.Directory)) return;
        var unfinished = $"{home.Cluster}.unfinished";
        if (await Initialise("C.UTF-8") is { Succeeded: false } && await Initialise("C") is { Succeeded: false } failure)
        {
            throw new EmbeddedPostgresException($"{binaries.InitDb} failed with exit code {failure.ExitCode}: {failure.Output}");
        }

        await SystemCommand.RunOrThrow(home.User.Running("mv", "--no-target-directory", unfinished, home.Cluster), cancel);

        async Task<SystemCommand.Answer> Initialise(string locale)
        {
            await SystemCommand.RunOrThrow(home.User.Running("rm", "-rf", "--", unfinished), cancel);
            return await SystemCommand.Run(
                home.User.Running(
                    binaries.InitDb, $"--pgdata={unfinished}", $"--username={ServerHome.Superuser}", "--encoding=UTF8", $"--locale={locale}",
                    "--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions"),
                cancel);
        }
    }
}
