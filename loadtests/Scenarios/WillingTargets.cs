using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Postgres.Outgoing;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>Mail servers and gateways that accept all they are given: who was not told anything has nothing taken away.</summary>
internal sealed class WillingTargets(LoadBed bed)
{
    private static readonly MessageChannel[] Channels = [MessageChannel.Email, MessageChannel.Sms];
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private readonly PostgresOutbox _outbox = new(bed.Database);

    public async Task SwitchOn(CancellationToken cancellation)
    {
        foreach (var channel in Channels) await _outbox.Switch(channel, isOn: true, Actor.System("load test"), bed.Clock.GetUtcNow(), cancellation);
    }

    /// <summary>Accepts what is due, and has the accounts told.</summary>
    public async Task Accept(CancellationToken cancellation)
    {
        var now = bed.Clock.GetUtcNow();
        foreach (var channel in Channels)
        {
            while (await _outbox.Claim(channel, "load test", now, now + Lease, OutboxLimits.MaxClaim, cancellation) is { Count: > 0 } due)
            {
                foreach (var delivery in due)
                {
                    await _outbox.BeginSending(delivery.Lease, now + Lease, cancellation);
                    await _outbox.End(delivery.Lease, DeliveryOutcome.Delivered, now, reason: null, receipt: null, cancellation);
                }
            }
        }

        await new DeliveryReports(_outbox, bed.Accounts, TimeZoneInfo.Utc).Tell(cancellation);
    }
}
