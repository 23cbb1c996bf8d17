using System.CommandLine;
using System.Runtime.InteropServices;
using IspBilling.Hosting;
using IspBilling.Postgres.Embedded;

namespace IspBilling.Silo;

/// <summary><c>cluster</c>: several nodes as processes on this machine, on a private database unless one is set; to try a cluster out.</summary>
internal static class ClusterVerb
{
    private const int MaxSilos = 16;
    private const string DatabaseName = "billing";

    public static Command Create()
    {
        var silos = new Option<int>("--silos") { Description = $"How many, 1 to {MaxSilos}", DefaultValueFactory = _ => 3 };
        silos.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxSilos) result.AddError($"--silos: 1 to {MaxSilos} expected");
        });
        var command = new Command("cluster", "Starts several nodes on this machine and stops them together") { silos };
        command.SetAction((parsed, _) => RunUntilTold(parsed.GetValue(silos), HostSettings.FromEnvironment()));
        return command;
    }

    /// <summary>SIGINT and SIGTERM begin the end; they do not cut it short.</summary>
    private static async Task<int> RunUntilTold(int silos, HostSettings settings)
    {
        using var told = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await Run(silos, settings, told.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.Cancel();
        }
    }

    private static async Task<int> Run(int silos, HostSettings settings, CancellationToken cancellation)
    {
        await using var server = settings.Database is { Length: > 0 } ? null : await StartServer(settings, cancellation);
        var database = server?.ConnectionString(DatabaseName) ?? settings.Database!;
        var nodes = new List<NodeProcess>();
        try
        {
            for (var i = 0; i < silos; i++)
            {
                // The first prepares an empty database and says how it is reached; the others may start at once.
                nodes.Add(new NodeProcess(i + 1, database, Path.Combine(settings.DataDirectory, $"silo-{i + 1}")));
                if (i == 0) await nodes[0].UntilReady(cancellation);
            }

            await Task.WhenAll(nodes.Select(node => node.UntilReady(cancellation)));
            Console.WriteLine($"A cluster of {silos} answers at");
            foreach (var node in nodes) Console.WriteLine($"  {node.Address.OriginalString}  (interface: /docs, cluster: /dashboard)");
            Console.WriteLine("Ctrl+C stops it.");
            return await UntilStopped(nodes, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.Stop()));
            foreach (var node in nodes) node.Dispose();
        }
    }

    /// <summary>A node that ends by itself is told and left out, as in a real cluster; the last one takes the command with it.</summary>
    private static async Task<int> UntilStopped(List<NodeProcess> nodes, CancellationToken cancellation)
    {
        var running = nodes.ToDictionary(node => node.WaitForExit(cancellation));
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running.Keys);
            await ended;
            Console.WriteLine($"{running[ended].Address.OriginalString} ended with {running[ended].ExitCode}.");
            running.Remove(ended);
        }

        return 1;
    }

    private static async Task<EmbeddedPostgres> StartServer(HostSettings settings, CancellationToken cancellation)
    {
        var server = await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions { DataDirectory = Path.Combine(settings.DataDirectory, "postgres") }, cancellation);
        await server.EnsureDatabase(DatabaseName, cancellation);
        return server;
    }
}
