using IspBilling.Domain;

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
    string? DkimSecret = null);

/// <summary>Where mails go; whoever keeps settings and secrets implements it.</summary>
public interface IMailSettings
{
    /// <summary>Name of the secret that bounce addresses are made with.</summary>
    const string BounceSecret = "mail/bounce-key";

    /// <returns>Null when none is set.</returns>
    ValueTask<MailTarget?> Target(IssuerId issuer, CancellationToken cancellation);

    /// <returns>Null when there is none of the name.</returns>
    ValueTask<string?> Secret(string name, CancellationToken cancellation);
}
