using IspBilling.Postgres.Embedded;

namespace IspBilling.Postgres.Tests;

/// <summary>Another engine process: starts a server on the directory it is given, says so, and stays until it is killed or its parent is.</summary>
internal static class Program
{
    public const string Ready = "ready";

    private static async Task Main(string[] args)
    {
        await using var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = args[0] }, CancellationToken.None);
        Console.WriteLine(Ready);
        await Console.In.ReadToEndAsync();
    }
}
