using IspBilling.Domain;
using MailKit.Security;

namespace IspBilling.Outreach.Mail;

/// <summary>How a connection to a mail server is made secret.</summary>
public enum MailSecurity
{
    /// <summary>By STARTTLS, and not at all when the server has none of it to offer: the connection is refused.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>Not at all; for a server on the same machine.</summary>
    None,
}

/// <summary>The server that takes an issuer's mails, and in whose name they are sent.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="User">Null where the server asks for no name.</param>
/// <param name="PasswordSecret">Name of the secret that is the user's password.</param>
/// <param name="From">Address of the issuer.</param>
/// <param name="ReplyTo">Null for <paramref name="From"/>.</param>
/// <param name="BounceDomain">Mails that come back go to <c>bounce+…</c> there; message ids are of it as well.</param>
/// <param name="DkimDomain">Null where the server signs, or nobody does.</param>
/// <param name="DkimSecret">Name of the secret that is the private key, in PEM.</param>
public sealed record MailTarget(
    string Host,
    int Port,
    MailSecurity Security,
    string? User,
    string? PasswordSecret,
    string From,
    string? ReplyTo,
    string BounceDomain,
    string? DkimDomain = null,
    string? DkimSelector = null,
    string? DkimSecret = null)
{
    public const int DefaultSoftReturns = 3;

    public const int MaxSoftReturns = 20;

    /// <summary>As much as the large mailbox providers take.</summary>
    public const int DefaultMaxBytes = 20 * 1024 * 1024;

    /// <summary>The mailbox to which mails come back; null where none is read.</summary>
    public MailboxTarget? Returns { get; init; }

    /// <summary>After so many mails in a row that came back for a reason that may pass, an address counts as one that does not exist; null for <see cref="DefaultSoftReturns"/>.</summary>
    public int? SoftReturns { get; init; }

    /// <summary>Bytes of a mail as it is sent, with its attachments; null for <see cref="DefaultMaxBytes"/>. What the server says of itself counts as well.</summary>
    public int? MaxBytes { get; init; }

    internal static SecureSocketOptions Socket(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.None => SecureSocketOptions.None,
        _ => throw new InvariantBrokenException($"no security {security}"),
    };
}

/// <summary>A mailbox that is read by IMAP.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="PasswordSecret">Name of the secret that is the user's password.</param>
/// <param name="Folder">Where mails come in.</param>
/// <param name="Processed">Where reports go that were understood; made when it is not there.</param>
/// <param name="Aside">Where everything else goes, for a person to look at; made when it is not there.</param>
public sealed record MailboxTarget(
    string Host, int Port, MailSecurity Security, string User, string PasswordSecret, string Folder = "INBOX", string Processed = "Processed", string Aside = "Aside");

/// <summary>Where mails go; whoever keeps settings and secrets implements it.</summary>
public interface IMailSettings
{
    /// <summary>Name of the secret that bounce addresses are made with.</summary>
    const string BounceSecret = "mail/bounce-key";

    /// <summary>Name of the secret that addresses are made with at which services tell of returned mails.</summary>
    const string ReturnsSecret = "mail/returns-key";

    /// <returns>Null when none is set.</returns>
    ValueTask<MailTarget?> Target(IssuerId issuer, CancellationToken cancellation);

    /// <returns>Null when there is none of the name.</returns>
    ValueTask<string?> Secret(string name, CancellationToken cancellation);
}
