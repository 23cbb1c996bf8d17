using System.Diagnostics;

namespace IspBilling.Postgres.Embedded;

/// <summary>A program of the operating system, run to its end.</summary>
internal static class SystemCommand
{
    internal readonly record struct Answer(int ExitCode, string Output)
    {
        public bool Succeeded => ExitCode == 0;
    }

    /// <summary>Output holds what the program wrote to both streams, standard output first.</summary>
    public static async Task<Answer> Run(IReadOnlyList<string> command, CancellationToken cancel)
    {
        var start = Prepared(command);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return new Answer(process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <exception cref="EmbeddedPostgresException">The program failed; the message carries its words.</exception>
    public static async Task<string> RunOrThrow(IReadOnlyList<string> command, CancellationToken cancel)
    {
        var answer = await Run(command, cancel);
        return answer.Succeeded
            ? answer.Output
            : throw new EmbeddedPostgresException($"{string.Join(' ', command)} failed with exit code {answer.ExitCode}: {answer.Output}");
    }

    /// <summary>
    /// With an open standard input, and a clean environment, because PGDATA, PGOPTIONS or a locale of whoever starts the engine must
    /// not reach the server.
    /// </summary>
    public static ProcessStartInfo Prepared(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
