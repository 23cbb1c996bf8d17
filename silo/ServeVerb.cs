using System.CommandLine;
using IspBilling.Hosting;

namespace IspBilling.Silo;

/// <summary><c>serve</c>: a worker node, until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var port = new Option<int?>("--port")
        {
            Description = "Port of the health checks on 127.0.0.1; 8081 unless ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS says otherwise",
        };
        var attached = new Option<bool>("--attached") { Description = "Stops when its standard input ends", Hidden = true };
        var command = new Command("serve", "Starts a worker; it joins the nodes that share ISPBILLING__DATABASE") { port, attached };
        command.SetAction((parsed, cancellation) => NodeProgram.Run(
            () => SettingsReader.Read() with { Port = parsed.GetValue(port) }, NodeRole.Worker, parsed.GetValue(attached), play: null, cancellation));
        return command;
    }
}
