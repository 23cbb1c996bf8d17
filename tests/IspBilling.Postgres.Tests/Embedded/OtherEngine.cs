using System.Diagnostics;

namespace IspBilling.Postgres.Tests.Embedded;

/// <summary>A second process with a server on a data directory (see <see cref="Program"/>).</summary>
internal sealed class OtherEngine : IDisposable
{
    private readonly Process process;

    private OtherEngine(Process process) => this.process = process;

    public static async Task<OtherEngine> StartOn(string dataDirectory)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, dataDirectory])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var engine = new OtherEngine(Process.Start(start)!);
        Assert.Equal(Program.Ready, await engine.process.StandardOutput.ReadLineAsync());
        return engine;
    }

    /// <summary>kill -9, and only the engine: what becomes of its server is what the tests ask.</summary>
    public async Task KillHard()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        // Its lock is free when it is gone, and not when it was told to go.
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
