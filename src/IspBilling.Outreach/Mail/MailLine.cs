using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace IspBilling.Outreach.Mail;

/// <summary>One connection to a mail server; one mail at a time goes over it.</summary>
internal sealed class MailLine(MailTarget target) : SmtpClient
{
    /// <summary>Servers hang up on who says nothing.</summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(5);

    private long _usedAt;

    public MailTarget Target { get; } = target;

    /// <summary>Under which a server reports what became of the mail under way.</summary>
    public string? EnvelopeId { get; set; }

    public void Used(TimeProvider clock) => _usedAt = clock.GetTimestamp();

    public bool IsFresh(TimeProvider clock) => IsConnected && clock.GetElapsedTime(_usedAt) < LongestIdle;

    protected override string GetEnvelopeId(MimeMessage message) => EnvelopeId!;

    protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
        DeliveryStatusNotification.Failure | DeliveryStatusNotification.Delay;
}

/// <summary>Whether any of a mail's content has gone out.</summary>
internal sealed class ContentWatch : ITransferProgress
{
    public bool HasSent { get; private set; }

    public void Report(long bytesTransferred, long totalSize) => HasSent = true;

    public void Report(long bytesTransferred) => HasSent = true;
}
