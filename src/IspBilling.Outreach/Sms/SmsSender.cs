using IspBilling.Domain;
using IspBilling.Outreach.Sending;

namespace IspBilling.Outreach.Sms;

/// <summary>Sends short messages by the gateway that is set.</summary>
/// <remarks>A target that was changed is talked to anew, with connections and a key of its own.</remarks>
public sealed class SmsSender(ISmsSettings settings, IReceiptAddresses addresses, ConnectPolicy connect, TimeProvider clock) : IMessageSender, IDisposable
{
    private readonly Lock _gate = new();
    private (SmsTarget Target, SmsGateway Gateway)? _current;

    public MessageChannel Channel => MessageChannel.Sms;

    public async ValueTask<SendResult> Send(ReadyMessage message, Func<CancellationToken, ValueTask<bool>> begin, CancellationToken cancellation)
    {
        if (await settings.Target(cancellation) is not { } target) return new SendResult.Refused("no gateway for short messages is set", IsPermanent: false);
        if (message.Facts.Phone is not { } phone) return new SendResult.Refused("no phone number is known", IsPermanent: true);
        var quote = SmsQuote.Of(message.Text.Text, target);
        if (quote.Refusal is { } refusal) return new SendResult.Refused(refusal, IsPermanent: true);
        var id = message.Delivery.Id;
        var callback = target.Callback is null ? null : await addresses.Of(target.Name, id, cancellation);
        return await Gateway(target).Send(new SmsMessage(id, phone, quote.Text, quote.Encoding, target.Sender, callback), begin, cancellation);
    }

    public void Dispose() => _current?.Gateway.Dispose();

    /// <summary>The one that is in use; one that was replaced ends by itself, with the last request that it has under way.</summary>
    internal SmsGateway Gateway(SmsTarget target)
    {
        lock (_gate)
        {
            if (_current is { } current && ReferenceEquals(current.Target, target)) return current.Gateway;
            var gateway = new SmsGateway(target, connect, settings.Secret, clock);
            _current = (target, gateway);
            return gateway;
        }
    }
}
