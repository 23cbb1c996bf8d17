using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Hosting;

namespace IspBilling.FaultKit.Processes;

/// <summary>Where an engine runs, and which.</summary>
/// <param name="Program">The assembly that is started.</param>
/// <param name="Database">Connection string; null lets the engine start its private server.</param>
/// <param name="DataDirectory">Where that server, and what else the engine keeps, lives.</param>
/// <param name="Port">The same after every restart, as behind a load balancer.</param>
public sealed record EnginePlace(string Program, string? Database, string DataDirectory, int Port)
{
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Environment variables, without their common beginning.</summary>
    public ImmutableDictionary<string, string> Settings { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Of the command line.</summary>
    internal ImmutableArray<string> Options { get; private init; } = [];

    /// <summary>The engine of one machine.</summary>
    public static EnginePlace Api(string? database, string dataDirectory) =>
        new(Path.Combine(AppContext.BaseDirectory, "IspBilling.Api.dll"), database, dataDirectory, FreePort.Next());

    /// <summary>One node of a cluster; it ends with whoever started it.</summary>
    public static EnginePlace Silo(string program, string database, string dataDirectory) => new(program, database, dataDirectory, FreePort.Next())
    {
        Settings = ImmutableDictionary<string, string>.Empty
            .Add("CLUSTERPORT", FreePort.Next().ToString(CultureInfo.InvariantCulture)),
        Options = ["--attached"],
    };

    public EnginePlace With(string setting, string value) => this with { Settings = Settings.SetItem(setting, value) };
}
