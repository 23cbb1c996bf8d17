using System.Collections.Immutable;
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

    /// <summary>What the engine lays down for a while, apart from what other programs on this machine do.</summary>
    public string TemporaryDirectory => Path.Combine(DataDirectory, "tmp");

    /// <summary>The engine's business clock; null leaves it to the system's.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Environment variables, without their common beginning.</summary>
    public ImmutableDictionary<string, string> Settings { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether callers may send it requests; a worker only works.</summary>
    public bool IsFront { get; private init; } = true;

    /// <summary>A front: alone on its database a whole provider, otherwise one node of several.</summary>
    public static EnginePlace Api(string? database, string dataDirectory) =>
        Front(Path.Combine(AppContext.BaseDirectory, "IspBilling.Api.dll"), database, dataDirectory);

    /// <summary>The same with a program that is built elsewhere.</summary>
    public static EnginePlace Front(string program, string? database, string dataDirectory) => new(program, database, dataDirectory, FreePort.Next());

    public static EnginePlace Worker(string program, string database, string dataDirectory) =>
        new(program, database, dataDirectory, FreePort.Next()) { IsFront = false };

    public EnginePlace With(string setting, string value) => this with { Settings = Settings.SetItem(setting, value) };
}
