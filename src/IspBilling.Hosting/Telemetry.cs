using IspBilling.Engine.Telemetry;
using IspBilling.Outreach.Dispatching;
using IspBilling.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IspBilling.Hosting;

public static class Telemetry
{
    /// <summary>Nothing leaves the machine unless somebody set where to.</summary>
    internal static void AddTelemetry(this IServiceCollection services, HostSettings settings)
    {
        if (string.IsNullOrEmpty(settings.TelemetryEndpoint)) return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("ispbilling"))
            .WithMetrics(metrics => metrics
                .AddMeter(EngineTelemetry.Name, OutreachTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql")
                .AddOtlpExporter())
            .WithTracing(traces => traces.AddSource(EngineTelemetry.Name, "Microsoft.AspNetCore", "Npgsql").AddOtlpExporter());
    }

    public static void Configure(ILoggingBuilder logs, HostSettings settings)
    {
        logs.ClearProviders();
        if (settings.Logs == LogForm.Json) logs.AddJsonConsole(options => options.UseUtcTimestamp = true);
        if (settings.Logs == LogForm.Console) logs.AddSimpleConsole(options => (options.SingleLine, options.TimestampFormat) = (true, "HH:mm:ss "));
        logs.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        logs.AddFilter(typeof(HttpSetup).Namespace + ".Security", LogLevel.Warning);

        // Every problem is told to its caller; what is the engine's fault is logged where it is answered.
        logs.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);

        // Why a node does not start is said once, in a sentence, by whoever started it.
        logs.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        logs.AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
        // The collector is chosen by us, and that a silo starts, was paused or had a long turn is no news.
        logs.AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Scheduler", LogLevel.Error);
    }
}
