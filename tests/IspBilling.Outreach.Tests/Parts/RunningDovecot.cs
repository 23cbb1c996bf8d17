using System.Diagnostics;
using System.Globalization;

namespace IspBilling.Outreach.Tests.Parts;

/// <summary>A real dovecot on this machine: mailboxes read by IMAP and filled by LMTP. An address it does not know it refuses with 550 5.1.1.</summary>
internal sealed class RunningDovecot : IAsyncDisposable
{
    public const string Program = "usr/sbin/dovecot";

    public const string Password = "correct horse";

    /// <summary>A user of the system that owns nothing and that mailboxes belong to; any distribution has it.</summary>
    private const string User = "news";

    private readonly string _folder = Directory.CreateTempSubdirectory("ispbilling-dovecot-").FullName;
    private Process? _process;

    private RunningDovecot()
    {
    }

    public int Imap { get; } = UnpackedParts.FreePort();

    public int Lmtp { get; } = UnpackedParts.FreePort();

    /// <param name="addresses">That have a mailbox.</param>
    public static async Task<RunningDovecot> Start(params string[] addresses)
    {
        var dovecot = new RunningDovecot();
        try
        {
            var settings = Directory.CreateDirectory(Path.Combine(dovecot._folder, "etc", "dovecot")).FullName;
            Directory.CreateDirectory(Path.Combine(dovecot._folder, "run"));
            Directory.CreateDirectory(Path.Combine(dovecot._folder, "mail"));
            await File.WriteAllLinesAsync(Path.Combine(dovecot._folder, "users"), addresses.Select(address => $"{address}:{{PLAIN}}{Password}::::::"));
            await File.WriteAllTextAsync(Path.Combine(settings, "dovecot.conf"), dovecot.Settings());
            await RunningPostfix.Own(User, dovecot._folder);
            dovecot._process = UnpackedParts.StartInOwnView(Path.GetDirectoryName(settings)!, Program, "-F");
            await UnpackedParts.Listens(dovecot.Imap, dovecot._process);
            await UnpackedParts.Listens(dovecot.Lmtp, dovecot._process);
            return dovecot;
        }
        catch
        {
            await dovecot.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process) await UnpackedParts.End(process);
        _process = null;
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private string Settings() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        base_dir = {{_folder}}/run
        state_dir = {{_folder}}/run
        instance_name = ispbilling-test
        auth_mechanisms = plain
        disable_plaintext_auth = no
        ssl = no
        protocols = imap lmtp
        log_path = {{_folder}}/log
        default_internal_user = {{User}}
        default_internal_group = {{User}}
        default_login_user = nobody
        first_valid_uid = 1
        mail_location = maildir:{{_folder}}/mail/%u
        import_environment = LD_LIBRARY_PATH
        listen = 127.0.0.1
        recipient_delimiter = +
        passdb {
          driver = passwd-file
          args = scheme=PLAIN username_format=%u {{_folder}}/users
        }
        userdb {
          driver = passwd-file
          args = username_format=%u {{_folder}}/users
          default_fields = uid={{User}} gid={{User}} home={{_folder}}/mail/%u
        }
        service imap-login {
          chroot =
          inet_listener imap {
            port = {{Imap}}
          }
          inet_listener imaps {
            port = 0
          }
        }
        service anvil {
          chroot =
        }
        service stats {
          chroot =
        }
        service lmtp {
          inet_listener lmtp {
            address = 127.0.0.1
            port = {{Lmtp}}
          }
        }
        protocol lmtp {
          postmaster_address = postmaster@provider.test
        }

        """);
}
