using System.CommandLine;
using IspBilling.Hosting;
using IspBilling.Orleans;

namespace IspBilling.Silo;

/// <summary><c>serve</c>: one node, until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = "Port of the interface on 127.0.0.1; 8080 unless ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS says otherwise" };
        var command = new Command("serve", "Starts one node of a cluster; the nodes find each other in ISPBILLING__DATABASE") { port };
        command.SetAction((parsed, cancellation) => Serve(HostSettings.FromEnvironment() with { Port = parsed.GetValue(port) }, cancellation));
        return command;
    }

    private static async Task<int> Serve(HostSettings settings, CancellationToken cancellation)
    {
        ClusterSettings cluster;
        try
        {
            cluster = NodeSettings.FromEnvironment(settings);
        }
        catch (FormatException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 1;
        }

        await using var node = await BillingNode.Start(settings, cluster, cancellation);
        foreach (var line in node.Greeting) Console.WriteLine(line);
        await node.WaitForShutdown(cancellation);
        return 0;
    }
}
