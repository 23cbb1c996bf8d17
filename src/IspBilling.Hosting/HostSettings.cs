using System.Collections.Immutable;
using System.Net;
using IspBilling.Banking.FioPulling;
using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using IspBilling.Grains;
using IspBilling.Http;
using IspBilling.Http.Contract;
using IspBilling.Http.Security;

namespace IspBilling.Hosting;

public enum LogForm
{
    /// <summary>Lines for people.</summary>
    Console,

    /// <summary>One JSON object per line, for machines that read logs.</summary>
    Json,

    None,
}

/// <summary>What an operator decides about a node from outside; <see cref="SettingsReader"/> reads it and says how each value is written.</summary>
public sealed record HostSettings
{
    /// <summary>Connection string; null starts a private server.</summary>
    public string? Database { get; init; }

    /// <summary>What the node keeps on this machine: its private server, rendered documents. One running node has it at a time.</summary>
    public string DataDirectory { get; init; } = Path.Combine(Directory.GetCurrentDirectory(), ".data");

    /// <summary>
    /// The file with the key that opens what the database keeps encrypted; null for one in the data directory. All fronts of a cluster have the
    /// same.
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>Where the renderer of documents is; null for beside the program. For tests.</summary>
    public string? RendererFolder { get; init; }

    /// <summary>By which browsers reach the interface, if a proxy stands before it; null for the address it listens on.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>By whom people may sign in besides by password; null when by nobody.</summary>
    public IdentityProvider? IdentityProvider { get; init; }

    /// <summary>How much one caller may ask.</summary>
    public HttpLimits Limits { get; init; } = new();

    /// <summary>An empty database gets a key with every right, which is printed; for trying out.</summary>
    public bool HasFirstKey { get; init; }

    /// <summary>Decides when a business day begins.</summary>
    public string TimeZone { get; init; } = "Europe/Prague";

    /// <summary>Messages may leave this machine. Otherwise targets on the loopback address are reached and no others: a demo and tests send nothing to anybody.</summary>
    public bool IsLive { get; init; }

    /// <summary>Networks that are reached although they are not public: a mail server or a gateway in the provider's own.</summary>
    public ImmutableArray<IPNetwork> PrivateTargets { get; init; } = [];

    public LogForm Logs { get; init; } = LogForm.Console;

    /// <summary>Of the interface, on 127.0.0.1; 0 takes a free one; null follows ASP.NET's own variables, or the role's usual port.</summary>
    public int? Port { get; init; }

    /// <summary>Where telemetry goes; null sends none.</summary>
    public string? TelemetryEndpoint { get; init; }

    /// <summary>Nodes of one cluster have the same; a rolling update keeps it.</summary>
    public string Cluster { get; init; } = "ispbilling";

    /// <summary>Where the other nodes reach this one. Nodes trust each other: a private network.</summary>
    public IPAddress ClusterAddress { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// The port there; null takes that of <see cref="ClusterListen"/>, or 11111, and on the loopback address a free one, the same again at the
    /// next start.
    /// </summary>
    public int? ClusterPort { get; init; }

    /// <summary>
    /// Where the node listens for the others, when a container's network or a proxy passes on what is sent to <see cref="ClusterAddress"/>;
    /// null listens there.
    /// </summary>
    public IPEndPoint? ClusterListen { get; init; }

    /// <summary>
    /// Proxies, besides those on this machine, whose word is taken for who asks and whether over TLS (<c>X-Forwarded-For</c>,
    /// <c>X-Forwarded-Proto</c>). Anybody else's is not: it would only have to be claimed.
    /// </summary>
    public ImmutableArray<IPNetwork> Proxies { get; init; } = [];

    public ReviewHours Hours { get; init; } = ReviewHours.Default;

    /// <summary>How often a node reads which reminders come next.</summary>
    public TimeSpan ReminderRefresh { get; init; } = ClusterSettings.DefaultReminderRefresh;

    /// <summary>Where statements are put to be booked; null watches none. Of one front of a cluster.</summary>
    public string? StatementFolder { get; init; }

    /// <summary>Files with tokens of accounts at Fio, each readable by its owner only. Of one front of a cluster.</summary>
    public ImmutableArray<string> FioTokenFiles { get; init; } = [];

    /// <summary>Names of secrets that are tokens of accounts at Fio. Of one front of a cluster.</summary>
    public ImmutableArray<string> FioSecrets { get; init; } = [];

    /// <summary>Where the first pull from Fio begins; null for where the bank's own mark stands.</summary>
    public DateOnly? FioSince { get; init; }

    public Uri FioAddress { get; init; } = new FioApiOptions().Address;

    /// <summary>Who invoices in an empty database, until the operator says otherwise.</summary>
    public Issuer FirstIssuer { get; init; } = SampleSettings.Issuer;

    /// <summary>How an empty database reminds, until the operator says otherwise.</summary>
    public DunningPolicy FirstPolicy { get; init; } = SampleSettings.DunningPolicy;

    /// <summary>Tells the business date. Anything but the system's clock is announced at the start.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>ASP.NET's own variables say where to listen, unless a port does.</summary>
    internal bool HasAddressOfItsOwn { get; init; }

    public string KeyFilePath => KeyFile ?? Path.Combine(DataDirectory, "secrets.key");

    /// <summary>The address to bind; null leaves it to ASP.NET's own variables.</summary>
    internal string? UrlFor(NodeRole role) =>
        Port is null && HasAddressOfItsOwn ? null : $"http://127.0.0.1:{Port ?? (role == NodeRole.Front ? UsualPort.Front : UsualPort.Worker)}";

    /// <summary>Different ones, so that a front and a worker start side by side on one machine.</summary>
    private static class UsualPort
    {
        public const int Front = 8080;
        public const int Worker = 8081;
    }
}
