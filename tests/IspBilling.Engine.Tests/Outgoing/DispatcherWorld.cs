using IspBilling.Domain;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Engine.Tests.Outgoing;

/// <summary>
/// Three dispatchers and a target in a time of their own. At every step one of them does the next thing, or stops and starts again as another;
/// what it held it holds no more, and a message on its way has been accepted or has not.
/// </summary>
internal sealed class DispatcherWorld(IOutbox outbox, MessageChannel channel, DateTimeOffset start, int seed)
{
    private const int Dispatchers = 3;

    private static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(60);

    private enum Phase
    {
        Claimed,
        Sending,
        Accepted,
        Refused,
    }

    private readonly Random _dice = new(seed);
    private readonly List<(Lease Lease, Phase Phase)>[] _inHand = [.. Enumerable.Range(0, Dispatchers).Select(_ => new List<(Lease, Phase)>())];
    private readonly int[] _lives = new int[Dispatchers];
    private DateTimeOffset _now = start;

    /// <summary>How often the target accepted each delivery.</summary>
    public Dictionary<DeliveryId, int> Accepted { get; } = [];

    public int Crashes { get; private set; }

    public int Retried { get; private set; }

    public async Task Live(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            // Now and then one stands still for longer than its leases last.
            _now += TimeSpan.FromSeconds(_dice.Next(20) == 0 ? _dice.Next(60, 200) : _dice.Next(0, 8));
            var dispatcher = _dice.Next(Dispatchers);
            if (_dice.Next(12) == 0) Crash(dispatcher);
            else if (_inHand[dispatcher].Count == 0) await Claim(dispatcher, _dice.Next(1, 5));
            else await GoOn(dispatcher, _dice.Next(_inHand[dispatcher].Count));
        }
    }

    /// <summary>All stop; then one that nothing befalls sends whatever may still be sent.</summary>
    public async Task EndCalmly()
    {
        for (var dispatcher = 0; dispatcher < Dispatchers; dispatcher++) Crash(dispatcher);
        for (var round = 0; round < 10; round++)
        {
            _now += TimeSpan.FromHours(1);
            await Claim(0, 100);
            foreach (var (lease, _) in _inHand[0])
            {
                Assert.True(await outbox.BeginSending(lease, _now + LeaseLength, CancellationToken.None));
                Accept(lease);
                Assert.True(await outbox.End(lease, DeliveryOutcome.Delivered, _now, reason: null, receipt: null, CancellationToken.None));
            }

            _inHand[0].Clear();
        }
    }

    private void Crash(int dispatcher)
    {
        // Of what was on its way the target may have taken the last byte.
        foreach (var (lease, phase) in _inHand[dispatcher])
        {
            if (phase == Phase.Sending && _dice.Next(2) == 0) Accept(lease);
        }

        _inHand[dispatcher].Clear();
        _lives[dispatcher]++;
        Crashes++;
    }

    private async Task Claim(int dispatcher, int max)
    {
        var owner = $"world {seed}, dispatcher {dispatcher}, life {_lives[dispatcher]}";
        foreach (var delivery in await outbox.Claim(channel, owner, _now, _now + LeaseLength, max, CancellationToken.None))
            _inHand[dispatcher].Add((delivery.Lease, Phase.Claimed));
    }

    private async Task GoOn(int dispatcher, int item)
    {
        var (lease, phase) = _inHand[dispatcher][item];
        if (_dice.Next(6) == 0 && phase is Phase.Claimed or Phase.Sending)
        {
            await outbox.Renew(lease, _now + LeaseLength, CancellationToken.None);
            return;
        }

        if (await Next(lease, phase) is { } next) _inHand[dispatcher][item] = (lease, next);
        else _inHand[dispatcher].RemoveAt(item);
    }

    /// <returns>Null when the dispatcher has done with it, or lost it.</returns>
    private async Task<Phase?> Next(Lease lease, Phase phase)
    {
        switch (phase)
        {
            case Phase.Claimed when _dice.Next(15) == 0:
                await outbox.End(lease, DeliveryOutcome.Superseded, _now, "paid meanwhile", receipt: null, CancellationToken.None);
                return null;
            case Phase.Claimed:
                return await outbox.BeginSending(lease, _now + LeaseLength, CancellationToken.None) ? Phase.Sending : null;
            case Phase.Sending when _dice.Next(3) == 0:
                return Phase.Refused;
            case Phase.Sending:
                Accept(lease);
                return Phase.Accepted;
            case Phase.Accepted:
                // However late it comes, nobody else may have had the delivery since.
                Assert.True(await outbox.End(lease, DeliveryOutcome.Delivered, _now, reason: null, receipt: "ok", CancellationToken.None));
                return null;
            default:
                if (await outbox.RetryLater(lease, _now.AddSeconds(_dice.Next(5, 90)), "busy", CancellationToken.None)) Retried++;
                return null;
        }
    }

    private void Accept(Lease lease) => Accepted[lease.Delivery] = Accepted.GetValueOrDefault(lease.Delivery) + 1;
}
