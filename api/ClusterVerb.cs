using System.CommandLine;
using System.Runtime.InteropServices;
using IspBilling.Hosting;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.Api;

/// <summary><c>cluster</c>: several nodes as processes on this machine, on a private database unless one is set; to try a cluster out.</summary>
internal static class ClusterVerb
{
    private const int MaxFronts = 8;
    private const int MaxWorkers = 8;
    private const string DatabaseName = "billing";

    /// <summary>What the private server has for the nodes, and keeps for commands beside them.</summary>
    private const int Connections = 360;

    private const int PoolMax = 100;

    public static Command Create()
    {
        var fronts = Count("--fronts", "Nodes with the interface", 1, MaxFronts, usual: 2);
        var workers = Count("--workers", "Nodes that only add capacity", 0, MaxWorkers, usual: 1);
        var worker = new Option<FileInfo?>("--worker-program") { Description = "The program of a worker", Hidden = true };
        var command = new Command("cluster", "Starts several nodes on this machine and stops them together") { fronts, workers, worker };
        command.SetAction((parsed, _) => StartFailure.Guard(() => RunUntilTold(
            parsed.GetValue(fronts), parsed.GetValue(workers), parsed.GetValue(worker), SettingsReader.Read())));
        return command;
    }

    private static Option<int> Count(string name, string what, int min, int max, int usual)
    {
        var option = new Option<int>(name) { Description = $"{what}, {min} to {max}", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var count) && count >= min && count <= max))
                result.AddError($"{name}: {min} to {max} expected, not '{token.Value}'");
        });
        return option;
    }

    /// <summary>SIGINT and SIGTERM begin the end; they do not cut it short.</summary>
    private static async Task<int> RunUntilTold(int fronts, int workers, FileInfo? workerProgram, HostSettings settings)
    {
        if (workers > 0 && workerProgram is not { Exists: true })
            throw new StartFailedException($"The program of a worker is not at {workerProgram?.FullName ?? "hand"}: start the cluster by ./dev cluster, which builds it.");
        using var told = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await Run(Plans(fronts, workers, workerProgram), settings, told.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.Cancel();
        }
    }

    private static List<NodePlan> Plans(int fronts, int workers, FileInfo? workerProgram) =>
    [
        .. Enumerable.Range(1, fronts).Select(number => new NodePlan($"front-{number}", typeof(ClusterVerb).Assembly.Location, IsFront: true)),
        .. Enumerable.Range(1, workers).Select(number => new NodePlan($"worker-{number}", workerProgram!.FullName, IsFront: false)),
    ];

    private static async Task<int> Run(List<NodePlan> plans, HostSettings settings, CancellationToken cancellation)
    {
        await using var server = settings.Database is null ? await StartServer(settings, cancellation) : null;
        var database = server is null ? settings.Database! : Shared(server.ConnectionString(DatabaseName), plans.Count);
        var nodes = new List<NodeProcess>();
        try
        {
            // They may start at once: one front prepares an empty database, and the workers wait for it.
            foreach (var plan in plans) nodes.Add(NodeProcess.Start(plan, database, Path.Combine(settings.DataDirectory, plan.Name), settings.KeyFilePath));
            await Task.WhenAll(nodes.Select(node => node.UntilReady(cancellation)));
            foreach (var node in nodes) Console.WriteLine($"{node.Plan.Name,-9} {node.Address.OriginalString}  ({(node.Plan.IsFront ? "interface: /docs, cluster: /dashboard" : "health: /health/ready")})");
            Console.WriteLine("Ctrl+C stops them.");
            return await UntilStopped(nodes, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return StartFailure.Success;
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
            Console.WriteLine($"{running[ended].Plan.Name} ended with {running[ended].ExitCode}.");
            running.Remove(ended);
        }

        return StartFailure.Failed;
    }

    private static async Task<EmbeddedPostgres> StartServer(HostSettings settings, CancellationToken cancellation)
    {
        var server = await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions { DataDirectory = Path.Combine(settings.DataDirectory, "postgres") }, cancellation);
        await server.EnsureDatabase(DatabaseName, cancellation);
        return server;
    }

    /// <summary>So many nodes share the connections of the private server.</summary>
    private static string Shared(string connection, int nodes) =>
        new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = Math.Min(PoolMax, Connections / nodes) }.ConnectionString;
}
