using System.Diagnostics;
using System.Globalization;

namespace IspBilling.Outreach.Tests.Parts;

/// <summary>A real postfix on this machine, privately: it takes mails at a port of its own and hands every one to an LMTP server. What that refuses comes back.</summary>
internal sealed class RunningPostfix : IAsyncDisposable
{
    public const string Program = "usr/lib/postfix/sbin/master";

    /// <summary>Users of the system that own nothing; any distribution has them.</summary>
    private const string User = "news";

    private const string Group = "uucp";

    private static readonly string[] Queues =
        ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid", "private", "public", "saved", "trace"];

    private readonly string _folder = Directory.CreateTempSubdirectory("ispbilling-postfix-").FullName;
    private Process? _process;

    private RunningPostfix()
    {
    }

    public int Port { get; } = UnpackedParts.FreePort();

    /// <summary>What it announces by SIZE.</summary>
    public const int MaxBytes = 2_000_000;

    /// <param name="lmtp">Where mails go.</param>
    public static async Task<RunningPostfix> Start(int lmtp)
    {
        var postfix = new RunningPostfix();
        try
        {
            var settings = Directory.CreateDirectory(Path.Combine(postfix._folder, "etc")).FullName;
            var queue = Directory.CreateDirectory(Path.Combine(postfix._folder, "queue")).FullName;
            foreach (var name in Queues) Directory.CreateDirectory(Path.Combine(queue, name));
            var data = Directory.CreateDirectory(Path.Combine(postfix._folder, "data")).FullName;
            await Own(User, data);
            foreach (var name in Queues.Where(name => name != "pid")) await Own(User, Path.Combine(queue, name));
            await Run("chmod", ["755", postfix._folder, queue, Path.Combine(queue, "pid")]);
            await File.WriteAllTextAsync(Path.Combine(settings, "main.cf"), postfix.Settings(lmtp));
            await File.WriteAllTextAsync(Path.Combine(settings, "master.cf"), postfix.Services());
            postfix._process = UnpackedParts.Start(Program, "-c", settings, "-d");
            await UnpackedParts.Listens(postfix.Port, postfix._process);
            return postfix;
        }
        catch
        {
            await postfix.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process) await UnpackedParts.End(process);
        _process = null;
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Gives a folder with all in it to a user.</summary>
    internal static Task Own(string user, string folder) => Run("chown", ["-R", $"{user}:{user}", folder]);

    private static async Task Run(string program, string[] arguments)
    {
        using var change = Process.Start(program, arguments);
        await change.WaitForExitAsync();
        if (change.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {change.ExitCode}");
    }

    private string Settings(int lmtp) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        compatibility_level = 3.6
        queue_directory = {_folder}/queue
        data_directory = {_folder}/data
        command_directory = {UnpackedParts.RootFolder}/usr/sbin
        daemon_directory = {UnpackedParts.RootFolder}/usr/lib/postfix/sbin
        shlib_directory = {UnpackedParts.RootFolder}/usr/lib/postfix
        meta_directory = {_folder}/etc
        mail_owner = {User}
        setgid_group = {Group}
        default_privs = nobody
        import_environment = MAIL_CONFIG LD_LIBRARY_PATH
        export_environment =
        myhostname = mx.provider.test
        mydestination =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        smtpd_relay_restrictions = permit_mynetworks, reject
        smtp_dns_support_level = disabled
        virtual_mailbox_domains = static:all
        virtual_mailbox_maps = static:all
        virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
        recipient_delimiter = +
        alias_maps =
        alias_database =
        local_recipient_maps =
        maillog_file = {_folder}/data/log
        maillog_file_prefixes = {_folder}
        message_size_limit = {MaxBytes}
        default_process_limit = 20

        """);

    private string Services() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        127.0.0.1:{Port} inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        proxymap unix - - n - - proxymap
        smtp unix - - n - - smtp
        lmtp unix - - n - - lmtp
        error unix - - n - - error
        retry unix - - n - - error
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """);
}
