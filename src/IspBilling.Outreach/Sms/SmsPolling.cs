using IspBilling.Domain;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Outreach.Sms;

/// <summary>Asks the gateway what became of messages of which it told nothing by itself, where it can be asked.</summary>
public sealed class SmsPolling(ISmsSettings settings, IDeliveryReceipts receipts, SmsSender sender, TimeProvider clock)
{
    /// <summary>Networks give up a message after two or three days; what is not told until then is not asked for any more.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(3);

    /// <summary>Messages asked for at once.</summary>
    private const int PageSize = 16;

    /// <summary>Messages asked for in one pass; the next goes on behind them.</summary>
    private const int MaxOfPass = 1_600;

    private DeliveryId? _after;

    /// <summary>One pass. Who is not answered is asked again by a later one.</summary>
    /// <returns>How many receipts came.</returns>
    public async Task<int> Poll(CancellationToken cancellation)
    {
        if (await settings.Target(cancellation) is not { Poll: not null } target) return 0;
        var (gateway, told) = (sender.Gateway(target), 0);
        for (var asked = 0; asked < MaxOfPass; asked += PageSize)
        {
            var page = await receipts.Awaiting(MessageChannel.Sms, clock.GetUtcNow() - Window, _after, PageSize, cancellation);
            var answers = await Task.WhenAll(page.Select(awaited => gateway.Ask(awaited.Receipt, cancellation).AsTask()));
            foreach (var (awaited, answer) in page.Zip(answers))
            {
                if (answer is null) continue;
                var kind = answer.IsDelivered ? ReceiptKind.Delivered : ReceiptKind.Undelivered;
                if (await receipts.Record(new DeliveryReceipt(awaited.Delivery, kind, target.Name, answer.Status, answer.Reason, clock.GetUtcNow()), cancellation)) told++;
            }

            _after = page.Count < PageSize ? null : page[^1].Delivery;
            if (_after is null) break;
        }

        return told;
    }
}
