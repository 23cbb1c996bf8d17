using System.Diagnostics;
using System.Net.Sockets;
using IspBilling.Outreach.Tests.Parts;

namespace IspBilling.Outreach.Tests.Sms;

/// <summary>A real kannel on this machine: its bearer box, its SMS box, and a made-up network that has every message arrive.</summary>
internal sealed class RunningKannel : IAsyncDisposable
{
    public const string Bearer = "usr/sbin/bearerbox";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("ispbilling-kannel-").FullName;
    private readonly List<Process> _processes = [];

    private RunningKannel()
    {
    }

    public int Port { get; private set; }

    public static async Task<RunningKannel> Start()
    {
        var kannel = new RunningKannel();
        try
        {
            var (admin, boxes, network) = (UnpackedParts.FreePort(), UnpackedParts.FreePort(), UnpackedParts.FreePort());
            kannel.Port = UnpackedParts.FreePort();
            var settings = Path.Combine(kannel._folder, "kannel.conf");
            await File.WriteAllTextAsync(settings, kannel.Settings(admin, boxes, network));
            kannel._processes.Add(UnpackedParts.Start(Bearer, settings));
            await kannel.Listens(network);
            await kannel.Listens(boxes);
            kannel._processes.Add(UnpackedParts.Start("usr/sbin/smsbox", settings));
            await kannel.Listens(kannel.Port);
            kannel._processes.Add(UnpackedParts.Start("usr/lib/kannel/test/fakesmsc", "-H", "127.0.0.1", "-r", network.ToString(System.Globalization.CultureInfo.InvariantCulture), "-i", "1", "-m", "1", "123 456 text hello"));
            return kannel;
        }
        catch
        {
            await kannel.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task Listens(int port)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < Patience; await Task.Delay(50))
        {
            if (_processes.Find(process => process.HasExited) is { } ended) throw new InvalidOperationException($"kannel ended with {ended.ExitCode}");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new TimeoutException($"kannel does not listen at {port}");
    }

    private string Settings(int admin, int boxes, int network) =>
        $"""
        group = core
        admin-port = {admin}
        admin-interface = 127.0.0.1
        admin-password = unused
        smsbox-port = {boxes}
        smsbox-interface = 127.0.0.1
        dlr-storage = internal
        log-level = 4

        group = smsc
        smsc = fake
        smsc-id = made-up
        port = {network}
        connect-allow-ip = 127.0.0.1

        group = smsbox
        bearerbox-host = 127.0.0.1
        bearerbox-port = {boxes}
        sendsms-interface = 127.0.0.1
        sendsms-port = {Port}
        log-level = 4

        group = sendsms-user
        username = billing
        password = correct horse
        max-messages = 4
        concatenation = true

        """;
}
