using System.CommandLine;
using IspBilling.Hosting;
using IspBilling.Grains;

namespace IspBilling.Silo;

/// <summary><c>serve</c>: one node, until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var port = new Option<int?>("--port")
        {
            Description = "Port of the interface on 127.0.0.1; 8080 unless ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS says otherwise",
        };
        var attached = new Option<bool>("--attached") { Description = "Stops when its standard input ends, as it does with whoever started it" };
        var command = new Command("serve", "Starts one node of a cluster; the nodes find each other in ISPBILLING__DATABASE") { port, attached };
        command.SetAction((parsed, cancellation) => Serve(
            HostSettings.FromEnvironment() with { Port = parsed.GetValue(port) }, parsed.GetValue(attached), cancellation));
        return command;
    }

    private static async Task<int> Serve(HostSettings settings, bool attached, CancellationToken cancellation)
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
        if (attached) _ = StopWithInput(node.Services.GetRequiredService<IHostApplicationLifetime>());
        await node.WaitForShutdown(cancellation);
        return 0;
    }

    private static async Task StopWithInput(IHostApplicationLifetime lifetime)
    {
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        lifetime.StopApplication();
    }
}
