using IspBilling.FaultKit.Fuzzing;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>Fuzzes a real engine, and then looks whether it lives, its books hold, and nothing was booked of what it refused.</summary>
public static class EndpointTrial
{
    private const int Clients = 20;
    private static readonly TimeSpan RestLimit = TimeSpan.FromMinutes(2);

    public static async Task<(FuzzReport Report, IReadOnlyList<string> Problems)> Run(
        int requests, int seed, string directory, string? samplesBeside, Action<long>? progress, CancellationToken cancellation)
    {
        await EmbeddedPostgres.Remove(directory, cancellation);
        await using var server = await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions { DataDirectory = directory, Temporary = true }, cancellation);
        await server.EnsureDatabase(TrialBed.DatabaseName, cancellation);
        var connection = server.ConnectionString(TrialBed.DatabaseName);
        await using var database = NpgsqlDataSource.Create(connection);
        return await Run(database, connection, requests, seed, Path.Combine(directory, "api"), samplesBeside, progress, cancellation);
    }

    /// <param name="database">Empty, or at the program's schema.</param>
    public static async Task<(FuzzReport Report, IReadOnlyList<string> Problems)> Run(
        NpgsqlDataSource database, string connection, int requests, int seed, string workFolder, string? samplesBeside, Action<long>? progress,
        CancellationToken cancellation)
    {
        var key = await SeededProvider.Put(database, Clients, seed, cancellation);
        await using var api = await EngineProcess.Start(EnginePlace.Api(connection, workFolder) with { Clock = TrialTime.Clock }, key);
        using var fuzz = new EndpointFuzz(api.Place.Address, key, await StatementSamples.All(samplesBeside), seed);
        var report = await fuzz.Run(requests, progress, cancellation);
        var problems = new List<string>();
        if (api.HasEnded || !await api.IsReady()) problems.Add($"the engine did not survive:\n{api.Output()}");
        var books = new EngineBooks(database);
        // An upload is answered before its movements are booked.
        await Until.So(
            async () => await books.Count("statement_imports WHERE status IN (0, 2)") == 0, RestLimit,
            () => $"an import does not end:\n{api.Output()}", cancellation);
        await None("movements of refused files", "statement_entries e JOIN statement_imports i ON i.id = e.import_id WHERE i.status = 1");
        await None("payments without a movement", "payments p WHERE NOT EXISTS (SELECT FROM statement_entries e WHERE e.identity = split_part(p.entry, '/', 1))");
        // A clerk, and so the fuzz, may take a payment off its account: then its movement waits for somebody again.
        await None(
            "payments that stand, of movements that do not",
            "payments p JOIN statement_entries e ON e.identity = split_part(p.entry, '/', 1) WHERE p.status <> 2 AND e.state <> 1");
        problems.AddRange(await books.Audit(cancellation));
        return (report, problems);

        async Task None(string what, string from)
        {
            var found = await books.Count(from);
            if (found != 0) problems.Add($"{found} {what}");
        }
    }
}
