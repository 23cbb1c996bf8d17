using System.CommandLine;
using IspBilling.Api.Demo;
using IspBilling.Hosting;
using IspBilling.Demo;
using Spectre.Console;

namespace IspBilling.Api;

/// <summary><c>serve</c>: the engine, until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = "Port on 127.0.0.1; 8080 unless ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS says otherwise" };
        var demo = new Option<bool>("--demo") { Description = "Fills an empty database with a made-up provider and plays a month" };
        var command = new Command("serve", "Starts the engine; without ISPBILLING__DATABASE on a PostgreSQL of its own below .data") { port, demo };
        command.SetAction((parsed, cancellation) => Serve(
            Settings(parsed.GetValue(port), parsed.GetValue(demo)), parsed.GetValue(demo), cancellation));
        return command;
    }

    private static HostSettings Settings(int? port, bool demo)
    {
        var settings = HostSettings.FromEnvironment() with { Port = port };
        return demo ? settings with { FirstIssuer = DemoProvider.Issuer, FirstPolicy = DemoProvider.DunningPolicy } : settings;
    }

    private static async Task<int> Serve(HostSettings settings, bool demo, CancellationToken cancellation)
    {
        await using var host = await BillingHost.Start(settings, cancellation);
        foreach (var line in host.Greeting) Console.WriteLine(line);
        if (demo && !await PlayDemo(host, settings, cancellation)) return 1;
        await host.WaitForShutdown(cancellation);
        return host.HasLostDatabase ? 1 : 0;
    }

    private static async Task<bool> PlayDemo(BillingHost host, HostSettings settings, CancellationToken cancellation)
    {
        try
        {
            Console.WriteLine("Playing a month on 2,000 made-up clients …");
            var month = ActivatorUtilities.CreateInstance<DemoMonth>(host.Services);
            var outcome = await month.Play(Path.Combine(settings.DataDirectory, "demo"), cancellation);
            DemoTable.Print(outcome, host.Address, AnsiConsole.Console);
            return true;
        }
        catch (DemoRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return false;
        }
    }
}
