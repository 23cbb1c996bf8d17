using System.CommandLine;
using IspBilling.Api.Hosting;

namespace IspBilling.Api;

/// <summary><c>serve</c>: the engine, until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = "Port on 127.0.0.1; 8080 unless ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS says otherwise" };
        var command = new Command("serve", "Starts the engine; without ISPBILLING__DATABASE on a PostgreSQL of its own below .data") { port };
        command.SetAction((parsed, cancellation) => Serve(HostSettings.FromEnvironment() with { Port = parsed.GetValue(port) }, cancellation));
        return command;
    }

    private static async Task Serve(HostSettings settings, CancellationToken cancellation)
    {
        await using var host = await BillingHost.Start(settings, cancellation);
        foreach (var line in host.Greeting) Console.WriteLine(line);
        await host.WaitForShutdown(cancellation);
    }
}
