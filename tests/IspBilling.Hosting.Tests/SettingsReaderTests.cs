using System.Net;

namespace IspBilling.Hosting.Tests;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Every_setting_is_read()
    {
        var settings = Read(
            ("DATABASE", "Host=db;Database=billing;Username=billing;Password=x"), ("DATADIRECTORY", "/srv/billing"), ("TIMEZONE", "Europe/Bratislava"),
            ("LOGS", "json"), ("CLUSTER", "north"), ("CLUSTERADDRESS", "127.0.0.1"), ("CLUSTERPORT", "12000"), ("CLUSTERLISTEN", "0.0.0.0:13000"), ("REVIEWSFROM", "07:30"),
            ("REVIEWSTO", "19:00"), ("REMINDERREFRESH", "30"), ("PROXIES", "10.0.0.5, 172.16.0.0/12,fd00::1"),
            ("STATEMENTFOLDER", "/srv/statements"), ("FIOSINCE", "2026-11-01"), ("FIOADDRESS", "https://bank.example/rest/"));

        Assert.Equal(
            ("/srv/billing", "Europe/Bratislava", LogForm.Json, "north", IPAddress.Loopback, 12_000),
            (settings.DataDirectory, settings.TimeZone, settings.Logs, settings.Cluster, settings.ClusterAddress, settings.ClusterPort));
        Assert.Equal("Host=db;Database=billing;Username=billing;Password=x", settings.Database);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 13_000), settings.ClusterListen);
        Assert.Equal(["10.0.0.5/32", "172.16.0.0/12", "fd00::1/128"], settings.Proxies.Select(proxy => proxy.ToString()));
        Assert.Equal(
            ("/srv/statements", new DateOnly(2026, 11, 1), new Uri("https://bank.example/rest/")), (settings.StatementFolder, settings.FioSince, settings.FioAddress));
        Assert.Equal((new TimeOnly(7, 30), new TimeOnly(19, 0), TimeSpan.FromMinutes(30)), (settings.Hours.From, settings.Hours.To, settings.ReminderRefresh));
    }

    [Fact]
    public void An_empty_value_counts_as_none()
    {
        var settings = Read(("DATABASE", ""), ("CLUSTERPORT", ""));

        Assert.Null(settings.Database);
        Assert.Null(settings.ClusterPort);
    }

    [Theory]
    [InlineData("DATABSE", "ISPBILLING__DATABASE")]
    [InlineData("DATA_DIRECTORY", "ISPBILLING__DATADIRECTORY")]
    [InlineData("DATA__DIRECTORY", "ISPBILLING__DATADIRECTORY")]
    [InlineData("CLUSTER_PORT", "ISPBILLING__CLUSTERPORT")]
    [InlineData("CLUSTERADRESS", "ISPBILLING__CLUSTERADDRESS")]
    [InlineData("ZONE", "ISPBILLING__TIMEZONE")]
    [InlineData("log", "ISPBILLING__LOGS")]
    public void A_misspelt_name_is_refused_with_the_nearest_known_one(string misspelt, string nearest)
    {
        var refused = Assert.Throws<SettingsException>(() => Read((misspelt, "x")));

        Assert.Equal($"ISPBILLING__{misspelt} is no setting; the nearest is {nearest}.", refused.Message);
    }

    [Theory]
    [InlineData("TIMEZONE", "Europe/Prag", "a time zone such as Europe/Prague expected, not 'Europe/Prag'.")]
    [InlineData("LOGS", "xml", "console, json or none expected, not 'xml'.")]
    [InlineData("LOGS", "2", "console, json or none expected, not '2'.")]
    [InlineData("PROXIES", "10.0.0.5 proxy.example.net", "addresses and networks such as 10.0.0.5, 172.16.0.0/12 expected, not 'proxy.example.net'.")]
    [InlineData("PROXIES", "10.0.0.5/33", "addresses and networks such as 10.0.0.5, 172.16.0.0/12 expected, not '10.0.0.5/33'.")]
    [InlineData("CLUSTERPORT", "0", "a number from 1 to 65535 expected, not '0'.")]
    [InlineData("CLUSTERPORT", "70000", "a number from 1 to 65535 expected, not '70000'.")]
    [InlineData("CLUSTERLISTEN", "0.0.0.0", "an address and a port such as 0.0.0.0:11111 expected, not '0.0.0.0'.")]
    [InlineData("CLUSTERLISTEN", "node:11111", "an address and a port such as 0.0.0.0:11111 expected, not 'node:11111'.")]
    [InlineData("CLUSTERADDRESS", "no.such.host.invalid", "an address, a host's name or 'own' expected; no address of 'no.such.host.invalid' is known.")]
    [InlineData("REVIEWSFROM", "6", "a time of day such as 06:00 expected, not '6'.")]
    [InlineData("REVIEWSTO", "05:00", "a time after the first review's (06:00) expected, not 05:00.")]
    [InlineData("DATABASE", "Database=billing", "Host=db.example.net;Database=billing;Username=billing;Password=… expected, and no Host is named.")]
    public void A_wrong_value_is_refused_with_its_setting_and_what_was_expected(string name, string value, string expected)
    {
        var refused = Assert.Throws<SettingsException>(() => Read((name, value)));

        Assert.Equal($"ISPBILLING__{name}: {expected}", refused.Message);
    }

    [Theory]
    [InlineData("billing.example.net")]
    [InlineData("Hots=db;Database=billing")]
    [InlineData("Host=db;Port=many")]
    public void What_is_no_connection_string_is_answered_with_its_form_and_without_the_text(string text)
    {
        var refused = Assert.Throws<SettingsException>(() => Read(("DATABASE", $"{text};Password=secret")));

        Assert.StartsWith(
            "ISPBILLING__DATABASE: a connection string such as Host=db.example.net;Database=billing;Username=billing;Password=… expected; ",
            refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static HostSettings Read(params (string Name, string Value)[] variables) =>
        SettingsReader.Read(variables.ToDictionary(variable => $"ISPBILLING__{variable.Name}", variable => variable.Value, StringComparer.Ordinal));
}
