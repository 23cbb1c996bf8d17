using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Sending;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.IO;

namespace IspBilling.Outreach.Mail;

/// <summary>Sends mails by the servers that issuers have. Connections are kept for the next mail as long as a server may be expected to keep them.</summary>
public sealed class MailSender(IMailSettings settings, ConnectPolicy connect, TimeProvider clock) : IMessageSender, IDisposable
{
    /// <summary>The server ends the connection with this answer, or was about to (RFC 5321, 3.8).</summary>
    private const SmtpStatusCode HangsUp = SmtpStatusCode.ServiceNotAvailable;

    private readonly ConcurrentDictionary<IssuerId, ConcurrentStack<MailLine>> _idle = [];
    private readonly ConcurrentDictionary<IssuerId, (string Pem, DkimKey Key)> _keys = [];

    public MessageChannel Channel => MessageChannel.Email;

    public async ValueTask<SendResult> Send(ReadyMessage message, Func<CancellationToken, ValueTask<bool>> begin, CancellationToken cancellation)
    {
        var issuer = message.Facts.Sender.Issuer;
        if (message.Facts.Email is null) return Unreachable(message.Facts.WhyNoEmail ?? "no e-mail address is known");
        if (MailWriting.Fault(message) is { } fault) return new SendResult.Refused(fault, IsPermanent: true);
        if (await settings.Target(issuer, cancellation) is not { } target) return Later($"no mail server is set for issuer {issuer}");
        if (await settings.Secret(IMailSettings.BounceSecret, cancellation) is not { } bounceKey) return Later($"the secret {IMailSettings.BounceSecret} is missing");
        var key = target.DkimSecret is { } name ? await settings.Secret(name, cancellation) : null;
        if (target.DkimSecret is not null && key is null) return Later($"the secret {target.DkimSecret} is missing");
        var token = new BounceToken(bounceKey);
        var mail = MailWriting.Write(message, target, token, clock.GetUtcNow());
        try
        {
            MailWriting.Seal(mail, target, key is null ? null : Key(issuer, key));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or CryptographicException)
        {
            return Later($"the secret {target.DkimSecret} is no private key in PEM: {unreadable.Message}");
        }

        var size = Size(mail);
        if (size > (target.MaxBytes ?? MailTarget.DefaultMaxBytes)) return TooLarge(size, target.MaxBytes ?? MailTarget.DefaultMaxBytes, "the setting allows");
        var (line, problem) = await Line(issuer, target, cancellation);
        if (line is null) return problem!;
        if (line.Capabilities.HasFlag(SmtpCapabilities.Size) && line.MaxSize > 0 && size > line.MaxSize)
        {
            Keep(line, issuer);
            return TooLarge(size, line.MaxSize, $"{target.Host} takes");
        }

        line.EnvelopeId = token.Of(message.Delivery.Id);
        return await Send(line, mail, token.Address(message.Delivery.Id, target.BounceDomain), issuer, begin, cancellation);
    }

    public void Dispose()
    {
        foreach (var line in _idle.Values.SelectMany(static lines => lines)) line.Dispose();
        foreach (var (_, key) in _keys.Values) key.Dispose();
    }

    private async ValueTask<SendResult> Send(
        MailLine line, MimeMessage mail, string from, IssuerId issuer, Func<CancellationToken, ValueTask<bool>> begin, CancellationToken cancellation)
    {
        var watch = new ContentWatch();
        var keep = false;
        try
        {
            if (!await begin(cancellation))
            {
                keep = true;
                return Later("somebody else has the message in hand");
            }

            var answer = await line.SendAsync(mail, new MailboxAddress(null, from), mail.To.Mailboxes, cancellation, watch);
            keep = true;
            return new SendResult.Accepted(answer);
        }
        catch (SmtpCommandException refused)
        {
            keep = line.IsConnected && refused.StatusCode != HangsUp;
            return Refusal(refused, line.Target);
        }
        catch (ServiceNotAuthenticatedException unknown)
        {
            return Later($"the server wants to know who sends: {unknown.Message}");
        }
        catch (Exception broken) when (broken is IOException or SocketException or ProtocolException or ServiceNotConnectedException)
        {
            return watch.HasSent
                ? new SendResult.Unknown($"the connection was lost before the server said whether it has the mail: {broken.Message}")
                : Later($"the connection was lost: {broken.Message}");
        }
        finally
        {
            if (keep) Keep(line, issuer);
            else line.Dispose();
        }
    }

    /// <summary>Read when it is first needed, and again when the secret has changed. The one before may be signing yet, and ends with what it holds.</summary>
    private DkimKey Key(IssuerId issuer, string pem)
    {
        if (_keys.TryGetValue(issuer, out var known) && known.Pem == pem) return known.Key;
        var key = DkimKey.Read(pem);
        _keys[issuer] = (pem, key);
        return key;
    }

    /// <summary>A server answers 4xx to what may go well later and 5xx to what never will (RFC 5321, 4.2.1).</summary>
    private static SendResult.Refused Refusal(SmtpCommandException refused, MailTarget target)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"{(int)refused.StatusCode} {refused.Message}");

        // That the server does not take mails from us says nothing about this client: a person mends the settings.
        var isPermanent = (int)refused.StatusCode >= 500 && refused.ErrorCode is (SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted);
        if (!isPermanent) return new SendResult.Refused(reason, isPermanent);

        // Without a code of RFC 3463 nobody knows whether it is the address that is refused, or what is sent to it.
        var status = MailStatus.In(refused.Message);
        var kind = status is not null && refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? MailStatus.OfFailure(status) : MailReturnKind.Soft;
        return new SendResult.Refused(reason, isPermanent) { Address = new RefusedAddress(kind, status ?? MailStatus.Unspecified, target.SoftReturns ?? MailTarget.DefaultSoftReturns) };
    }

    /// <summary>Another way to the client is looked for.</summary>
    private static SendResult.Refused Unreachable(string reason) => new(reason, IsPermanent: true)
    {
        Address = new RefusedAddress(MailReturnKind.NoAddress, MailStatus.Unspecified, MailTarget.DefaultSoftReturns),
    };

    private static SendResult.Refused TooLarge(long size, long max, string says) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the mail has {size} bytes with its attachments, and {says} {max}"), IsPermanent: true);

    private static long Size(MimeMessage mail)
    {
        using var measure = new MeasuringStream();
        mail.WriteTo(FormatOptions.Default, measure);
        return measure.Length;
    }

    private async ValueTask<(MailLine? Line, SendResult? Problem)> Line(IssuerId issuer, MailTarget target, CancellationToken cancellation)
    {
        var idle = _idle.GetOrAdd(issuer, static _ => []);
        while (idle.TryPop(out var kept))
        {
            if (kept.Target == target && kept.IsFresh(clock)) return (kept, null);
            kept.Dispose();
        }

        var line = new MailLine(target) { DeliveryStatusNotificationType = DeliveryStatusNotificationType.HeadersOnly };
        try
        {
            await Connect(line, cancellation);
            return (line, null);
        }
        catch (Exception failure) when (failure is IOException or SocketException or TimeoutException or AddressRefusedException or SslHandshakeException
            or AuthenticationException or SmtpCommandException or ProtocolException or NotSupportedException)
        {
            line.Dispose();
            return (null, Later($"{target.Host}: {failure.Message}"));
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    private async Task Connect(MailLine line, CancellationToken cancellation)
    {
        var target = line.Target;
        var stream = await connect.Connect(new DnsEndPoint(target.Host, target.Port), cancellation);
        await line.ConnectAsync(stream, target.Host, target.Port, MailTarget.Socket(target.Security), cancellation);
        if (target.User is not { } user) return;
        var password = target.PasswordSecret is { } name ? await settings.Secret(name, cancellation) : null;
        await line.AuthenticateAsync(user, password ?? throw new AuthenticationException($"the secret {target.PasswordSecret} is missing"), cancellation);
    }

    private void Keep(MailLine line, IssuerId issuer)
    {
        line.Used(clock);
        _idle[issuer].Push(line);
    }

    private static SendResult.Refused Later(string reason) => new(reason, IsPermanent: false);
}
