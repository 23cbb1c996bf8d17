using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IspBilling.Hosting;
using IspBilling.Grains;
using IspBilling.Grains.Reviews;

namespace IspBilling.Silo;

/// <summary>What a node needs beside <see cref="HostSettings"/>: environment variables <c>ISPBILLING__CLUSTER…</c>.</summary>
internal static class NodeSettings
{
    private const int DefaultPort = 11_111;

    /// <summary>Minutes. With fewer than twelve readings a day, too many reminders that are set in between come late.</summary>
    private const int LongestRefresh = 120;

    /// <exception cref="FormatException">A value cannot be read; the message names the variable.</exception>
    public static ClusterSettings FromEnvironment(HostSettings host)
    {
        if (host.Database is not { Length: > 0 })
            throw new FormatException("ISPBILLING__DATABASE is missing: the nodes of a cluster share a database and find each other in it.");
        var name = Read("ISPBILLING__CLUSTER") ?? "ispbilling";
        return new ClusterSettings(Address(Read("ISPBILLING__CLUSTERADDRESS") ?? "127.0.0.1"), Port(Read("ISPBILLING__CLUSTERPORT")))
        {
            Cluster = name,
            Hours = Hours(),
            ReminderRefresh = Minutes("ISPBILLING__REMINDERREFRESH", ClusterSettings.DefaultReminderRefresh),
        };
    }

    private static ReviewHours Hours()
    {
        var usual = ReviewHours.Default;
        var (from, to) = (Time("ISPBILLING__REVIEWSFROM", usual.From), Time("ISPBILLING__REVIEWSTO", usual.To));
        return from < to
            ? new ReviewHours(from, to)
            : throw new FormatException($"ISPBILLING__REVIEWSTO: a time after ISPBILLING__REVIEWSFROM ({from:HH:mm}) expected, not {to:HH:mm}");
    }

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>An address, or a name as containers have one.</summary>
    private static IPAddress Address(string text)
    {
        if (IPAddress.TryParse(text, out var address)) return address;
        try
        {
            return Dns.GetHostAddresses(text, AddressFamily.InterNetwork).First();
        }
        catch (Exception unknown) when (unknown is SocketException or InvalidOperationException)
        {
            throw new FormatException($"ISPBILLING__CLUSTERADDRESS: no address of '{text}' is known", unknown);
        }
    }

    private static int Port(string? text)
    {
        if (text is null) return DefaultPort;
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw new FormatException($"ISPBILLING__CLUSTERPORT: 1 to 65535 expected, not '{text}'");
    }

    private static TimeOnly Time(string variable, TimeOnly otherwise)
    {
        if (Read(variable) is not { } text) return otherwise;
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new FormatException($"{variable}: a time of day such as 06:00 expected, not '{text}'");
    }

    private static TimeSpan Minutes(string variable, TimeSpan otherwise)
    {
        if (Read(variable) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= LongestRefresh
            ? TimeSpan.FromMinutes(minutes)
            : throw new FormatException($"{variable}: 1 to {LongestRefresh} minutes expected, not '{text}'");
    }
}
