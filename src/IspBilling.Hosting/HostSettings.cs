using IspBilling.Domain;
using Microsoft.Extensions.Configuration;

namespace IspBilling.Hosting;

public enum LogForm
{
    /// <summary>Lines for people.</summary>
    Console,

    /// <summary>One JSON object per line, for machines that read logs.</summary>
    Json,

    None,
}

/// <summary>What one sets outside: environment variables <c>ISPBILLING__…</c>, or the section <c>IspBilling</c> of appsettings.json.</summary>
public sealed record HostSettings
{
    private const int DefaultPort = 8080;

    /// <summary>Connection string; null starts a private server.</summary>
    public string? Database { get; init; }

    /// <summary>Where the private server lives.</summary>
    public string DataDirectory { get; init; } = Path.Combine(Directory.GetCurrentDirectory(), ".data");

    /// <summary>Decides when a business day begins.</summary>
    public string TimeZone { get; init; } = "Europe/Prague";

    public LogForm Logs { get; init; } = LogForm.Console;

    /// <summary>On 127.0.0.1; 0 takes a free one; null follows ASP.NET's own variables, or 8080.</summary>
    public int? Port { get; init; }

    /// <summary>Where telemetry goes; null sends none.</summary>
    public string? TelemetryEndpoint { get; init; }

    /// <summary>Who invoices in an empty database, until the operator says otherwise.</summary>
    public Issuer FirstIssuer { get; init; } = SampleSettings.Issuer;

    /// <summary>How an empty database reminds, until the operator says otherwise.</summary>
    public DunningPolicy FirstPolicy { get; init; } = SampleSettings.DunningPolicy;

    /// <summary>Tells the business date. Anything but the system's clock is announced at the start.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The addresses to bind; null leaves them to ASP.NET's own variables.</summary>
    internal string? Urls => Port is null && HasAddressOfItsOwn ? null : $"http://127.0.0.1:{Port ?? DefaultPort}";

    private bool HasAddressOfItsOwn { get; init; }

    public static HostSettings FromEnvironment()
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .Build();
        var own = configuration.GetSection("IspBilling");
        var defaults = new HostSettings();
        return defaults with
        {
            Database = own["Database"],
            DataDirectory = own["DataDirectory"] is { Length: > 0 } directory ? Path.GetFullPath(directory) : defaults.DataDirectory,
            TimeZone = own["TimeZone"] ?? defaults.TimeZone,
            Clock = own["Clock"] is { Length: > 0 } start ? ShiftedClock.Read(start) : defaults.Clock,
            Logs = Enum.TryParse<LogForm>(own["Logs"], ignoreCase: true, out var form) ? form : defaults.Logs,
            TelemetryEndpoint = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"],
            HasAddressOfItsOwn = configuration["ASPNETCORE_URLS"] is not null || configuration["ASPNETCORE_HTTP_PORTS"] is not null,
        };
    }
}
