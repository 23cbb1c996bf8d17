using System.Security.Cryptography;
using IspBilling.Access.Ring;
using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Outreach.Mail;
using IspBilling.Postgres.Outgoing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Mail;

/// <summary>The server that takes an issuer's mails.</summary>
/// <example>{"host":"127.0.0.1","port":25,"security":"none","from":"invoices@provider.example","bounceDomain":"bounces.provider.example","reason":"the new relay"}</example>
/// <param name="Host">Name or address.</param>
/// <param name="User">Left out where the server asks for no name.</param>
/// <param name="PasswordSecret">Name of the secret, entered under <c>/v1/secrets</c>, that is the user's password.</param>
/// <param name="From">Address of the issuer.</param>
/// <param name="ReplyTo">Left out: answers go to <c>from</c>.</param>
/// <param name="BounceDomain">Mails that come back go to <c>bounce+…</c> at this domain.</param>
/// <param name="DkimDomain">Left out where nobody signs, or the server does; with it go the selector and the secret.</param>
/// <param name="DkimSecret">Name of the secret that is the private key, in PEM.</param>
/// <param name="Reason">Why, for whoever asks later.</param>
/// <param name="Returns">The mailbox to which mails come back; left out where none is read.</param>
/// <param name="SoftReturns">After so many mails in a row that came back for a reason that may pass, an address counts as one that does not exist; 1 to 20, and 3 when left out.</param>
/// <param name="MaxBytes">Bytes of a mail as it is sent, with its attachments; 100000 to 100000000, and 20971520 when left out. What the server announces counts as well. A mail that is larger is not sent, and listed as failed.</param>
public sealed record MailTargetRequest(
    string Host,
    int Port,
    MailSecurity Security,
    string From,
    string BounceDomain,
    string Reason,
    string? User = null,
    string? PasswordSecret = null,
    string? ReplyTo = null,
    string? DkimDomain = null,
    string? DkimSelector = null,
    string? DkimSecret = null,
    MailboxRequest? Returns = null,
    int? SoftReturns = null,
    int? MaxBytes = null);

/// <summary>A mailbox that is read by IMAP. Nothing is ever deleted in it.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="PasswordSecret">Name of the secret, entered under <c>/v1/secrets</c>, that is the user's password.</param>
/// <param name="Folder">Where mails come in; <c>INBOX</c> when left out.</param>
/// <param name="Processed">Where reports go that were understood; <c>Processed</c> when left out.</param>
/// <param name="Aside">Where everything else goes, for a person to look at; <c>Aside</c> when left out.</param>
public sealed record MailboxRequest(
    string Host, int Port, MailSecurity Security, string User, string PasswordSecret, string? Folder = null, string? Processed = null, string? Aside = null);

/// <summary>Mail servers of issuers.</summary>
internal static class MailTargetEndpoints
{
    private const int KeyBytes = 32;
    private const int LeastMaxBytes = 100_000;
    private const int MostMaxBytes = 100_000_000;
    private const int FolderMax = 100;

    public static void MapMailTargets(this RouteGroupBuilder v1)
    {
        var targets = v1.MapGroup("/issuers/{issuer:int}/mail-target").WithTags("Channels");
        targets.MapGet("", Get).RequireRight(Right.ReadSettings).Named("getMailTarget", "The server that takes an issuer's mails").Answers<MailTarget>(200).MayFail(404);
        targets.MapPut("", Put).RequireRight(Right.WriteSettings).Named("putMailTarget", "Names the server that takes an issuer's mails").Answers<MailTarget>(200).MayFail(400, 404);
    }

    private static async Task<IResult> Get(int issuer, MailTargetStore store, CancellationToken cancellation) =>
        MailSettings.Read(await store.Find(new IssuerId(issuer), cancellation)) is { } target ? TypedResults.Ok(target) : Problem.Unknown($"Issuer {issuer} has no mail server.");

    private static async Task<IResult> Put(
        int issuer, MailTargetRequest request, HttpContext http, MailTargetStore store, SecretStore secrets, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (!contexts.Now().Context.Issuers.ContainsKey(new IssuerId(issuer))) return Problem.Unknown($"There is no issuer {issuer}.");
        var target = Target(request, faults);
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch: null, whyNeeded: "mails go another way from now on", faults);
        if (faults.Any) return faults.Problem();
        foreach (var name in new[] { IMailSettings.BounceSecret, IMailSettings.ReturnsSecret })
        {
            if (await secrets.Find(name, cancellation) is null) await secrets.Put(name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)), author, cancellation);
        }

        await store.Put(new IssuerId(issuer), MailSettings.Write(target), Caller.Of(http.User).By, clock.GetUtcNow(), request.Reason.Trim(), cancellation);
        return TypedResults.Ok(target);
    }

    private static MailTarget Target(MailTargetRequest request, Faults faults)
    {
        if (request.Port is < 1 or > ushort.MaxValue) faults.Add("port", $"1 to {ushort.MaxValue} expected");
        if (request.User is null != request.PasswordSecret is null) faults.Add("passwordSecret", "with a user, and only with one, the name of the secret that is the password");
        Secret("passwordSecret", request.PasswordSecret);
        Secret("dkimSecret", request.DkimSecret);
        if (new[] { request.DkimDomain, request.DkimSelector, request.DkimSecret }.Count(part => part is null) is not (0 or 3))
            faults.Add("dkimDomain", "domain, selector and secret together, or none of them");
        if (request.SoftReturns is < 1 or > MailTarget.MaxSoftReturns) faults.Add("softReturns", $"1 to {MailTarget.MaxSoftReturns} expected");
        if (request.MaxBytes is < LeastMaxBytes or > MostMaxBytes) faults.Add("maxBytes", $"{LeastMaxBytes} to {MostMaxBytes} expected");
        if (faults.Email("from", request.From) is null) faults.Add("from", "an e-mail address expected");
        return new MailTarget(
            Domain("host", request.Host), request.Port, request.Security, faults.OptionalText("user", request.User), request.PasswordSecret, request.From.Trim(),
            faults.Email("replyTo", request.ReplyTo), Domain("bounceDomain", request.BounceDomain),
            request.DkimDomain is { } domain ? Domain("dkimDomain", domain) : null, request.DkimSelector is { } selector ? Domain("dkimSelector", selector) : null, request.DkimSecret)
        {
            Returns = request.Returns is { } mailbox ? Mailbox(mailbox) : null,
            SoftReturns = request.SoftReturns,
            MaxBytes = request.MaxBytes,
        };

        MailboxTarget Mailbox(MailboxRequest mailbox)
        {
            if (mailbox.Port is < 1 or > ushort.MaxValue) faults.Add("returns.port", $"1 to {ushort.MaxValue} expected");
            Secret("returns.passwordSecret", mailbox.PasswordSecret);
            var read = new MailboxTarget(
                Domain("returns.host", mailbox.Host), mailbox.Port, mailbox.Security, faults.Text("returns.user", mailbox.User, FolderMax), mailbox.PasswordSecret,
                Folder("returns.folder", mailbox.Folder, "INBOX"), Folder("returns.processed", mailbox.Processed, "Processed"), Folder("returns.aside", mailbox.Aside, "Aside"));

            // What is moved into the folder it lies in is read again and again.
            if (read.Folder == read.Processed || read.Folder == read.Aside) faults.Add("returns.folder", "another folder than those that mails are moved to");
            return read;
        }

        string Folder(string field, string? name, string usual) => faults.OptionalText(field, name, FolderMax) ?? usual;

        void Secret(string field, string? name)
        {
            if (name is not null && !SecretStore.IsName(name)) faults.Add(field, "the name of a secret expected");
        }

        string Domain(string field, string value)
        {
            var text = faults.Text(field, value, max: 253);
            if (Uri.CheckHostName(text) == UriHostNameType.Unknown) faults.Add(field, "a name such as mail.provider.example expected");
            return text;
        }
    }
}
