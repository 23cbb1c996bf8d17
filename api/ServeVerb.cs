using System.CommandLine;
using IspBilling.Api.Demo;
using IspBilling.Demo;
using IspBilling.Hosting;
using Spectre.Console;

namespace IspBilling.Api;

/// <summary><c>serve</c>: a front node, until it is told to stop. Alone it is a whole provider on one machine.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = "Port on 127.0.0.1; 8080 unless ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS says otherwise" };
        var demo = new Option<bool>("--demo") { Description = "Fills an empty database with a made-up provider and plays a month" };
        var live = new Option<bool>("--live") { Description = "Lets messages leave this machine; without it only targets on it are reached. Not with --demo" };
        var attached = new Option<bool>("--attached") { Description = "Stops when its standard input ends", Hidden = true };
        var command = new Command("serve", "Starts the engine; without ISPBILLING__DATABASE on a PostgreSQL of its own below .data") { port, demo, live, attached };
        command.Validators.Add(result =>
        {
            if (result.GetValue(demo) && result.GetValue(live)) result.AddError("--demo is never --live: what a made-up provider writes is sent to nobody.");
        });
        command.SetAction((parsed, cancellation) => NodeProgram.Run(
            () => Settings(parsed.GetValue(port), parsed.GetValue(demo), parsed.GetValue(live)),
            NodeRole.Front,
            parsed.GetValue(attached),
            parsed.GetValue(demo) ? PlayDemo : null,
            cancellation));
        return command;
    }

    private static HostSettings Settings(int? port, bool demo, bool live)
    {
        var read = SettingsReader.Read();
        var settings = read with { Port = port, IsLive = !demo && (read.IsLive || live) };
        return demo ? settings with { FirstIssuer = DemoProvider.Issuer, FirstPolicy = DemoProvider.DunningPolicy, HasFirstKey = true } : settings;
    }

    private static async Task PlayDemo(BillingNode node, CancellationToken cancellation)
    {
        Console.WriteLine("Playing a month on 2,000 made-up clients …");
        var month = ActivatorUtilities.CreateInstance<DemoMonth>(node.Services);
        var outcome = await month.Play(Path.Combine(node.DataDirectory, "demo"), cancellation);
        DemoTable.Print(outcome, node.Address, AnsiConsole.Console);
    }
}
