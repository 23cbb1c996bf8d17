using System.Net;
using System.Net.Sockets;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Sending;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;

namespace IspBilling.Outreach.Returns;

/// <summary>How one look into a mailbox went.</summary>
/// <param name="Processed">Reports that were understood and moved to the folder of those.</param>
/// <param name="Aside">Mails that were moved aside, for a person to look at.</param>
/// <param name="Problem">Why the look broke off; null when it did not.</param>
public sealed record MailboxPass(int Processed, int Aside, string? Problem);

/// <summary>
/// Looks into the mailbox to which mails come back. A report is kept first and moved then: a look that ends between the two finds it again, and knows it.
/// Nothing is ever deleted.
/// <code>
///   take the lease ▶ connect ▶ for each: read ▶ keep ▶ move to the processed ones, or aside
/// </code>
/// </summary>
public sealed class MailboxReader(IMailSettings settings, ReturnIntake intake, IMailboxLeases leases, ConnectPolicy connect, TimeProvider clock)
{
    /// <summary>Of one look. The lease is longer, so that nobody else looks meanwhile.</summary>
    public static readonly TimeSpan PassTime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);

    /// <summary>Mails of one look; the next goes on.</summary>
    private const int MaxMails = 500;

    /// <summary>Mails that a server may refuse to move before a look gives up.</summary>
    private const int MaxStuck = 50;

    private const int PageSize = 50;

    /// <summary>Bytes that are read in one look.</summary>
    private const long MaxBytes = 256L * 1024 * 1024;

    private readonly string _owner = $"{Environment.MachineName}/{Guid.NewGuid():n}";

    /// <returns>Null where no mailbox is set, or somebody else looks into it.</returns>
    public async Task<MailboxPass?> Look(IssuerId issuer, CancellationToken stop)
    {
        if (await settings.Target(issuer, stop) is not { Returns: { } mailbox }) return null;
        var now = clock.GetUtcNow();
        if (!await leases.Take(issuer, _owner, now, now + LeaseTime, stop)) return null;
        var pass = await LookInTime(issuer, mailbox, stop);
        ReturnTelemetry.Looked(pass.Problem is null);
        await leases.Looked(issuer, _owner, clock.GetUtcNow(), pass.Problem, stop);
        return pass;
    }

    private async Task<MailboxPass> LookInTime(IssuerId issuer, MailboxTarget mailbox, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(PassTime, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var counts = new Counts();
        string? problem = null;
        try
        {
            using var client = new ImapClient();
            await Connect(client, mailbox, end.Token);
            await Read(client, issuer, mailbox, counts, end.Token);
            await client.DisconnectAsync(quit: true, end.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            problem = $"the server was not done after {PassTime.TotalSeconds:0} seconds";
        }
        catch (Exception failure) when (failure is IOException or SocketException or TimeoutException or AddressRefusedException or SslHandshakeException
            or AuthenticationException or ImapCommandException or ProtocolException or NotSupportedException or FolderNotFoundException
            or ServiceNotConnectedException or ServiceNotAuthenticatedException)
        {
            problem = $"{mailbox.Host}: {failure.Message}";
        }

        return new MailboxPass(counts.Processed, counts.Aside, problem);
    }

    private async Task Connect(ImapClient client, MailboxTarget mailbox, CancellationToken cancellation)
    {
        var stream = new BoundedStream(await connect.Connect(new DnsEndPoint(mailbox.Host, mailbox.Port), cancellation), MaxBytes);
        await client.ConnectAsync(stream, mailbox.Host, mailbox.Port, MailTarget.Socket(mailbox.Security), cancellation);
        var password = await settings.Secret(mailbox.PasswordSecret, cancellation);
        await client.AuthenticateAsync(mailbox.User, password ?? throw new AuthenticationException($"the secret {mailbox.PasswordSecret} is missing"), cancellation);
    }

    private async Task Read(ImapClient client, IssuerId issuer, MailboxTarget mailbox, Counts counts, CancellationToken cancellation)
    {
        var folder = mailbox.Folder.Equals("INBOX", StringComparison.OrdinalIgnoreCase) ? client.Inbox! : await client.GetFolderAsync(mailbox.Folder, cancellation);
        var processed = await Folder(client, mailbox.Processed, cancellation);
        var aside = await Folder(client, mailbox.Aside, cancellation);
        await folder.OpenAsync(FolderAccess.ReadWrite, cancellation);

        // Mails that a server does not let go of stay at the front: they are stepped over.
        var (stuck, done) = (0, 0);
        while (done < MaxMails && stuck < MaxStuck && folder.Count > stuck)
        {
            var page = await folder.FetchAsync(stuck, Math.Min(stuck + PageSize, folder.Count) - 1, MessageSummaryItems.UniqueId, cancellation);
            if (page.Count == 0) return;
            foreach (var mail in page.Take(PageSize))
            {
                var ending = await Take(folder, mail.UniqueId, issuer, mailbox, cancellation);
                var isUnderstood = ending is not (ReturnEnding.Foreign or ReturnEnding.Unreadable);
                if (await Move(folder, mail.UniqueId, isUnderstood ? processed : aside, cancellation)) counts.Add(isUnderstood);
                else stuck++;
                done++;
            }

            await folder.CheckAsync(cancellation);
        }
    }

    private async Task<ReturnEnding> Take(IMailFolder folder, UniqueId mail, IssuerId issuer, MailboxTarget mailbox, CancellationToken cancellation)
    {
        await using var content = await Content(folder, mail, cancellation);
        return await intake.Take(issuer, content ?? Stream.Null, mailbox.Host, cancellation);
    }

    /// <returns>Null when the server does not give it.</returns>
    private static async Task<Stream?> Content(IMailFolder folder, UniqueId mail, CancellationToken cancellation)
    {
        try
        {
            return await folder.GetStreamAsync(mail, string.Empty, 0, ReturnIntake.MaxBytes, cancellation);
        }
        catch (Exception refused) when (refused is ImapCommandException or MessageNotFoundException)
        {
            return null;
        }
    }

    private static async Task<bool> Move(IMailFolder folder, UniqueId mail, IMailFolder target, CancellationToken cancellation)
    {
        var before = folder.Count;
        try
        {
            await folder.MoveToAsync(mail, target, cancellation);
        }
        catch (ImapCommandException)
        {
            return false;
        }

        // A server may say that it did, and not have done it.
        return folder.Count < before;
    }

    private static async Task<IMailFolder> Folder(ImapClient client, string name, CancellationToken cancellation)
    {
        try
        {
            return await client.GetFolderAsync(name, cancellation);
        }
        catch (FolderNotFoundException)
        {
            var root = client.GetFolder(client.PersonalNamespaces[0]);
            return await root.CreateAsync(name, isMessageFolder: true, cancellation) ?? throw new FolderNotFoundException(name);
        }
    }

    private sealed class Counts
    {
        public int Processed { get; private set; }

        public int Aside { get; private set; }

        public void Add(bool isUnderstood)
        {
            if (isUnderstood) Processed++;
            else Aside++;
        }
    }
}
