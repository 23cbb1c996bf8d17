using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IspBilling.Access.Ring;
using IspBilling.Banking.FioPulling;
using IspBilling.Engine.Reviews;
using IspBilling.Http.Security;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace IspBilling.Hosting;

/// <summary>
/// Reads environment variables <c>ISPBILLING__…</c> and the section <c>IspBilling</c> of appsettings.json in the working directory. A
/// variable wins over the file; an empty value counts as none.
/// </summary>
public sealed class SettingsReader
{
    private const string Section = "IspBilling";
    private const string Prefix = "ISPBILLING__";

    /// <summary>As a cluster address: whatever address this machine's own name has, for containers that are made from one description.</summary>
    private const string OwnAddress = "own";

    /// <summary>Minutes. With fewer than twelve readings a day, too many reminders that are set in between come late.</summary>
    private const int LongestRefresh = 120;

    private const int MostRequests = 100_000;

    /// <summary>Everything that can be set, as it is written in appsettings.json.</summary>
    public static readonly ImmutableArray<string> Known =
    [
        "Database", "DataDirectory", "TimeZone", "Logs", "Clock", "Cluster", "ClusterAddress", "ClusterPort", "ClusterListen",
        "ReviewsFrom", "ReviewsTo", "ReminderRefresh", "Proxies", "StatementFolder", "FioTokenFiles", "FioSecrets", "FioSince", "FioAddress",
        "KeyFile", "PublicAddress", "RequestsPerSecond", "OidcAuthority", "OidcClientId", "OidcSecretFile", "OidcName", "Live", "PrivateTargets",
    ];

    private readonly IConfigurationRoot _configuration;
    private readonly ImmutableDictionary<string, string> _variables;

    private SettingsReader(IConfigurationRoot configuration, IEnumerable<string> variables)
    {
        _configuration = configuration;
        _variables = variables.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .GroupBy(name => name[Prefix.Length..], StringComparer.OrdinalIgnoreCase)
            .ToImmutableDictionary(same => same.Key, same => same.First(), StringComparer.OrdinalIgnoreCase);
    }

    /// <exception cref="SettingsException">A name is unknown, or a value is not what its setting expects.</exception>
    public static HostSettings Read()
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables()
                .Build();
            return new SettingsReader(configuration, Environment.GetEnvironmentVariables().Keys.Cast<string>()).Settings();
        }
        catch (InvalidDataException broken)
        {
            throw new SettingsException($"appsettings.json: JSON expected; {broken.InnerException?.InnerException?.Message ?? broken.Message}", broken);
        }
    }

    /// <summary>From variables that are given, for tests.</summary>
    internal static HostSettings Read(IReadOnlyDictionary<string, string> variables) => new SettingsReader(
        new ConfigurationBuilder()
            .AddInMemoryCollection(variables.ToDictionary(pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), string? (pair) => pair.Value, StringComparer.Ordinal))
            .Build(),
        variables.Keys).Settings();

    private HostSettings Settings()
    {
        RefuseUnknown();
        var usual = new HostSettings();
        return usual with
        {
            Database = Value("Database", ConnectionString),
            DataDirectory = Value("DataDirectory", Path.GetFullPath) ?? usual.DataDirectory,
            TimeZone = Value("TimeZone", TimeZone) ?? usual.TimeZone,
            Logs = Choice("Logs", usual.Logs),
            Clock = Value("Clock", Clock) ?? usual.Clock,
            Cluster = Value("Cluster", text => text) ?? usual.Cluster,
            ClusterAddress = Value("ClusterAddress", Address) ?? usual.ClusterAddress,
            ClusterPort = Number("ClusterPort", 1, ushort.MaxValue),
            ClusterListen = Value("ClusterListen", Listen),
            Proxies = Networks("Proxies"),
            IsLive = Flag("Live"),
            PrivateTargets = Networks("PrivateTargets"),
            Hours = Hours(usual.Hours),
            ReminderRefresh = Number("ReminderRefresh", 1, LongestRefresh) is { } minutes ? TimeSpan.FromMinutes(minutes) : usual.ReminderRefresh,
            StatementFolder = Value("StatementFolder", Path.GetFullPath),
            FioTokenFiles = TokenFiles(),
            FioSecrets = Secrets("FioSecrets"),
            FioSince = Text("FioSince") is { } since ? Date("FioSince", since) : null,
            FioAddress = Value("FioAddress", FioAddress) ?? usual.FioAddress,
            KeyFile = Value("KeyFile", Path.GetFullPath),
            PublicAddress = Value("PublicAddress", PublicAddress),
            IdentityProvider = IdentityProvider(),
            Limits = Number("RequestsPerSecond", 10, MostRequests) is { } rate ? usual.Limits with { RequestsPerSecond = rate } : usual.Limits,
            TelemetryEndpoint = _configuration["OTEL_EXPORTER_OTLP_ENDPOINT"],
            HasAddressOfItsOwn = _configuration["ASPNETCORE_URLS"] is not null || _configuration["ASPNETCORE_HTTP_PORTS"] is not null,
        };
    }

    private void RefuseUnknown()
    {
        foreach (var (path, value) in _configuration.GetSection(Section).AsEnumerable(makePathsRelative: true))
        {
            if (value is null || Known.Contains(path, StringComparer.OrdinalIgnoreCase)) continue;
            var name = _variables.GetValueOrDefault(path.Replace(":", "__", StringComparison.Ordinal)) ?? $"{Section}:{path} in appsettings.json";
            var nearest = Spelling.Nearest(Known, path);
            var meant = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? Prefix + nearest.ToUpperInvariant() : $"{Section}:{nearest}";
            throw new SettingsException($"{name} is no setting; the nearest is {meant}.");
        }
    }

    private T? Value<T>(string name, Func<string, T> read) where T : class => Text(name) is { } text ? read(text) : null;

    private string? Text(string name) => _configuration[$"{Section}:{name}"] is { Length: > 0 } text ? text : null;

    private string ConnectionString(string text)
    {
        const string form = "Host=db.example.net;Database=billing;Username=billing;Password=…";
        try
        {
            // The text itself may hold a password and is not repeated.
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 } ? text : throw Wrong("Database", $"{form} expected, and no Host is named");
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw Wrong("Database", $"a connection string such as {form} expected; {malformed.Message}", malformed);
        }
    }

    private string TimeZone(string text) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _)
        ? text
        : throw Wrong("TimeZone", $"a time zone such as Europe/Prague expected, not '{text}'");

    private TimeProvider Clock(string text) => ShiftedClock.TryRead(text, out var clock)
        ? clock
        : throw Wrong("Clock", $"an instant such as 2026-03-02T08:00:00Z expected, not '{text}'");

    /// <summary>Several divided by a semicolon. Read now, so that a token that others can read keeps the node from starting.</summary>
    private ImmutableArray<string> TokenFiles()
    {
        if (Text("FioTokenFiles") is not { } text) return [];
        var files = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath).ToImmutableArray();
        if (files.DistinctBy(Path.GetFileName).Count() != files.Length) throw Wrong("FioTokenFiles", "files of different names expected; each has a bookmark of its name");
        try
        {
            foreach (var file in files) FioToken.FromFile(file);
        }
        catch (Exception unusable) when (unusable is FioTokenException or IOException or UnauthorizedAccessException)
        {
            throw Wrong("FioTokenFiles", unusable.Message, unusable);
        }

        return files;
    }

    private ImmutableArray<string> Secrets(string name)
    {
        var names = Text(name)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (Array.Find(names, secret => !SecretStore.IsName(secret)) is { } wrong)
            throw Wrong(name, $"names of secrets divided by semicolons expected, in lower-case letters, digits, hyphens, dots and slashes, not '{wrong}'");
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length ? [.. names] : throw Wrong(name, "each secret once expected");
    }

    private DateOnly Date(string name, string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day
        : throw Wrong(name, $"a day such as 2026-03-02 expected, not '{text}'");

    private Uri PublicAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { AbsolutePath: "/", Query: "", Fragment: "" }
            ? address
            : throw Wrong("PublicAddress", $"an address such as https://billing.example.net expected, not '{text}'");

    /// <summary>All of it or nothing of it. The secret is read now, so that a file that others can read keeps the node from starting.</summary>
    private IdentityProvider? IdentityProvider()
    {
        string[] names = ["OidcAuthority", "OidcClientId", "OidcSecretFile"];
        if (names.All(name => Text(name) is null)) return null;
        if (names.FirstOrDefault(name => Text(name) is null) is { } missing) throw Wrong(missing, "is missing: an identity provider has an authority, a client id and a file with the client's secret");
        return new IdentityProvider(
            Authority(Text("OidcAuthority")!), Text("OidcClientId")!, Secret("OidcSecretFile", Path.GetFullPath(Text("OidcSecretFile")!)),
            Text("OidcName") ?? Authority(Text("OidcAuthority")!).Host, Value("PublicAddress", PublicAddress));
    }

    private Uri Authority(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address is { Scheme: "http", IsLoopback: true })
        ? address
        : throw Wrong("OidcAuthority", $"an https address such as https://login.example.net/realms/isp expected, not '{text}'");

    private string Secret(string name, string file)
    {
        try
        {
            if (OwnerOnly.IsOpenToOthers(file)) throw Wrong(name, $"{file}: others than its owner may use this file; set its mode to 0600");
            return File.ReadAllText(file).Trim() is { Length: > 0 } secret ? secret : throw Wrong(name, $"{file} is empty");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw Wrong(name, unusable.Message, unusable);
        }
    }

    private Uri FioAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.AbsolutePath.EndsWith('/') && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
            ? address
            : throw Wrong("FioAddress", $"an https address that ends with a slash expected, not '{text}'");

    private LogForm Choice(string name, LogForm usual)
    {
        if (Text(name) is not { } text) return usual;
        var words = Enum.GetNames<LogForm>();
        return words.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<LogForm>(text, ignoreCase: true)
            : throw Wrong(name, $"{string.Join(", ", words[..^1]).ToLowerInvariant()} or {words[^1].ToLowerInvariant()} expected, not '{text}'");
    }

    /// <summary>An address, or a name as containers have one.</summary>
    private IPAddress Address(string text)
    {
        if (IPAddress.TryParse(text, out var address)) return address;
        var isOwn = text.Equals(OwnAddress, StringComparison.OrdinalIgnoreCase);
        var host = isOwn ? Dns.GetHostName() : text;
        try
        {
            var known = Dns.GetHostAddresses(host, AddressFamily.InterNetwork);
            return known.FirstOrDefault(found => !isOwn || !IPAddress.IsLoopback(found))
                ?? throw Wrong("ClusterAddress", $"this machine's name {host} has no address that others reach: name one instead of '{text}'");
        }
        catch (SocketException unknown)
        {
            throw Wrong("ClusterAddress", $"an address, a host's name or '{OwnAddress}' expected; no address of '{host}' is known", unknown);
        }
    }

    private IPEndPoint Listen(string text) => IPEndPoint.TryParse(text, out var listen) && listen.Port > 0
        ? listen
        : throw Wrong("ClusterListen", $"an address and a port such as 0.0.0.0:11111 expected, not '{text}'");

    private bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Wrong(name, $"true or false expected, not '{text}'"),
    };

    private ImmutableArray<IPNetwork> Networks(string name) =>
        Text(name) is { } text ? [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(one => Network(name, one))] : [];

    private IPNetwork Network(string name, string text)
    {
        if (IPAddress.TryParse(text, out var one)) return new IPNetwork(one, one.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw Wrong(name, $"addresses and networks such as 10.0.0.5, 172.16.0.0/12 expected, not '{text}'");
    }

    private int? Number(string name, int min, int max)
    {
        if (Text(name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Wrong(name, $"a number from {min} to {max} expected, not '{text}'");
    }

    private ReviewHours Hours(ReviewHours usual)
    {
        var (from, to) = (Time("ReviewsFrom", usual.From), Time("ReviewsTo", usual.To));
        return from < to
            ? new ReviewHours(from, to)
            : throw Wrong("ReviewsTo", $"a time after the first review's ({from:HH:mm}) expected, not {to:HH:mm}");
    }

    private TimeOnly Time(string name, TimeOnly usual)
    {
        if (Text(name) is not { } text) return usual;
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw Wrong(name, $"a time of day such as 06:00 expected, not '{text}'");
    }

    private SettingsException Wrong(string name, string problem, Exception? inner = null) =>
        new($"{_variables.GetValueOrDefault(name) ?? $"{Section}:{name} in appsettings.json"}: {problem.TrimEnd('.')}.", inner);
}
