using System.Buffers.Text;
using System.Text;
using IspBilling.Domain;
using IspBilling.Outreach.Sending;
using MimeKit;
using MimeKit.Utils;

namespace IspBilling.Outreach.Mail;

/// <summary>A message in words becomes a mail.</summary>
internal static class MailWriting
{
    private static readonly HeaderId[] Signed =
        [HeaderId.From, HeaderId.ReplyTo, HeaderId.To, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId, HeaderId.MimeVersion, HeaderId.ContentType, HeaderId.AutoSubmitted];

    /// <summary>Why it cannot be a mail; null when it can. What stands in a header must be one line: another one would be a header of its own.</summary>
    public static string? Fault(ReadyMessage message)
    {
        if (message.Text.Subject is not { Length: > 0 } subject) return "the template gives the mail no subject";
        if (message.Facts.Email is not { } email) return "no e-mail address is known";
        foreach (var (what, text) in new[] { ("the client's name", message.Facts.Name), ("the issuer's name", message.Facts.Sender.Name), ("the subject", subject), ("the address", email) })
        {
            if (text.Any(char.IsControl)) return $"{what} has a line break or another control character in it";
        }

        return MailboxAddress.TryParse(email, out var address) && address.Address == email ? null : $"'{email}' is no e-mail address";
    }

    public static MimeMessage Write(ReadyMessage message, MailTarget target, BounceToken token, DateTimeOffset now)
    {
        var body = new BodyBuilder { TextBody = message.Text.Text, HtmlBody = message.Text.Html };
        foreach (var attachment in message.Attachments) body.Attachments.Add(Part(attachment));
        var mail = new MimeMessage
        {
            Subject = message.Text.Subject!,
            Date = now,
            MessageId = $"{token.Of(message.Delivery.Id)}@{target.BounceDomain}",
            Body = body.ToMessageBody(),
        };
        mail.From.Add(new MailboxAddress(Encoding.UTF8, message.Facts.Sender.Name, target.From));
        if (target.ReplyTo is { } reply) mail.ReplyTo.Add(new MailboxAddress(Encoding.UTF8, message.Facts.Sender.Name, reply));
        mail.To.Add(new MailboxAddress(Encoding.UTF8, message.Facts.Name, message.Facts.Email!));
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add(HeaderId.ContentLanguage, message.Text.Language);
        return mail;
    }

    /// <summary>Encoded once: a mail is written out three times, to be measured, signed and sent.</summary>
    private static MimePart Part(Attachment attachment) => new(ContentType.Parse(attachment.MediaType))
    {
        FileName = attachment.Name,
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = attachment.Name },
        ContentTransferEncoding = ContentEncoding.Base64,
        Content = new MimeContent(new MemoryStream(Lines(attachment.Content.Span)), ContentEncoding.Base64),
    };

    /// <summary>In Base64, 76 characters to the line (RFC 2045, 6.8); not as a text first, which would be twice as large and collected late.</summary>
    private static byte[] Lines(ReadOnlySpan<byte> content)
    {
        const int OfLine = 57;
        var (lines, written) = (new byte[((content.Length + OfLine - 1) / OfLine * 2) + Base64.GetMaxEncodedToUtf8Length(content.Length)], 0);
        for (var at = 0; at < content.Length; at += OfLine)
        {
            Base64.EncodeToUtf8(content.Slice(at, Math.Min(OfLine, content.Length - at)), lines.AsSpan(written), out _, out var encoded);
            written += encoded;
            lines[written++] = (byte)'\r';
            lines[written++] = (byte)'\n';
        }

        Invariant.Require(written == lines.Length);
        return lines;
    }

    /// <summary>The last thing done to a mail: a server that had to recode it would break the signature.</summary>
    /// <param name="key">Null leaves it unsigned.</param>
    public static void Seal(MimeMessage mail, MailTarget target, DkimKey? key)
    {
        mail.Prepare(EncodingConstraint.SevenBit);
        if (key is null || target.DkimDomain is not { } domain || target.DkimSelector is not { } selector) return;
        key.Signer(domain, selector).Sign(mail, [.. Signed.Where(mail.Headers.Contains)]);
    }
}
