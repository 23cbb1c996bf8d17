using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>The outbox without a database, for simulation; one conformance suite runs on both.</summary>
public sealed class InMemoryOutbox : IOutbox
{
    private readonly Lock _gate = new();
    private readonly List<DeliveryId> _written = [];
    private readonly Dictionary<DeliveryId, Delivery> _deliveries = [];
    private readonly HashSet<DeliveryId> _unreported = [];
    private readonly Dictionary<MessageChannel, ChannelSwitch> _switches = [];
    private ChannelSet _on;

    /// <summary>Called by the journal with the commit.</summary>
    /// <param name="version">Of the account after the commit.</param>
    public void Add(AccountId account, long version, ImmutableArray<OutgoingMessage> messages, DateTimeOffset at)
    {
        lock (_gate)
        {
            var ordinal = 0;
            foreach (var message in messages)
            {
                foreach (var channel in message.GoesBy())
                {
                    var status = _on.StatusOf(channel);
                    var id = new DeliveryId(account, version, ++ordinal);
                    _deliveries.Add(id, new Delivery(id, channel, message, status, at, DueAt: status == DeliveryStatus.Waiting ? at : null));
                    _written.Add(id);
                }
            }
        }
    }

    /// <summary>As they stand now, those that were written behind the first so many, in the order in which they were written.</summary>
    public IReadOnlyList<Delivery> After(int written)
    {
        lock (_gate) return written == _written.Count ? [] : [.. _written[written..].Select(id => _deliveries[id])];
    }

    public ValueTask<IReadOnlyList<Delivery>> Claim(
        MessageChannel channel, string owner, DateTimeOffset now, DateTimeOffset until, int max, CancellationToken cancellation)
    {
        Invariant.Require(max is >= 1 and <= OutboxLimits.MaxClaim);
        lock (_gate)
        {
            if (!_on.Contains(channel) || _switches[channel].IsPaused) return ValueTask.FromResult<IReadOnlyList<Delivery>>([]);
            var due = _deliveries.Values
                .Where(delivery => delivery.Channel == channel && delivery.DueAt <= now)
                .OrderBy(delivery => delivery.DueAt).ThenBy(delivery => delivery.Id, InOrder).Take(max).ToList();
            var claimed = new List<Delivery>(due.Count);
            foreach (var delivery in due)
            {
                if (delivery.Status == DeliveryStatus.Sending) Ended(delivery, DeliveryStatus.Unknown, now, OutboxWords.LeaseRanOut, receipt: null);
                else if (delivery.Attempts - delivery.AttemptsBefore >= OutboxLimits.MaxAttempts) Ended(delivery, DeliveryStatus.Dead, now, OutboxWords.TooManyAttempts, receipt: null);
                else claimed.Add(_deliveries[delivery.Id] = delivery with { Status = DeliveryStatus.Claimed, Owner = owner, Attempts = delivery.Attempts + 1, DueAt = until });
            }

            return ValueTask.FromResult<IReadOnlyList<Delivery>>(claimed);
        }
    }

    public ValueTask<bool> Renew(Lease lease, DateTimeOffset until, CancellationToken cancellation) =>
        Change(lease, [DeliveryStatus.Claimed, DeliveryStatus.Sending], held => _deliveries[held.Id] = held with { DueAt = until });

    public ValueTask<bool> BeginSending(Lease lease, DateTimeOffset until, CancellationToken cancellation) => Change(
        lease, [DeliveryStatus.Claimed, DeliveryStatus.Sending], held => _deliveries[held.Id] = held with { Status = DeliveryStatus.Sending, DueAt = until });

    public ValueTask<bool> RetryLater(Lease lease, DateTimeOffset nextAttempt, string reason, CancellationToken cancellation) => Change(
        lease, [DeliveryStatus.Claimed, DeliveryStatus.Sending, DeliveryStatus.Waiting],
        held => _deliveries[held.Id] = held with { Status = DeliveryStatus.Waiting, DueAt = nextAttempt, Reason = OutboxWords.Cut(reason) });

    public ValueTask<bool> End(Lease lease, DeliveryOutcome outcome, DateTimeOffset at, string? reason, string? receipt, CancellationToken cancellation) =>
        Change(lease, DeliveryStates.Before(outcome), held => Ended(held, DeliveryStates.After(outcome), at, reason, receipt));

    public ValueTask<bool> Return(DeliveryId id, int attempt, DateTimeOffset at, string reason, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_deliveries.TryGetValue(id, out var ended) || ended.Attempts != attempt || !DeliveryStates.Returnable.Contains(ended.Status)) return ValueTask.FromResult(false);
            _deliveries[id] = ended with { Status = DeliveryStatus.Failed, EndedAt = at, Reason = OutboxWords.Cut(reason) };
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<Delivery>> Unreported(DeliveryId? after, int max, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<Delivery>>(
            [
                .. _unreported.Order(InOrder).Where(id => after is not { } last || InOrder.Compare(id, last) > 0).Take(max).Select(id => _deliveries[id]),
            ]);
        }
    }

    public ValueTask Reported(IReadOnlyCollection<Delivery> deliveries, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var known in deliveries)
            {
                if (_deliveries[known.Id].Status == known.Status) _unreported.Remove(known.Id);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Delivery>> History(AccountId account, DeliveryId? before, int max, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<Delivery>>(
            [
                .. _deliveries.Values.Where(delivery => delivery.Id.Account == account && (before is not { } next || InOrder.Compare(delivery.Id, next) < 0))
                    .OrderByDescending(delivery => delivery.Id, InOrder).Take(max),
            ]);
        }
    }

    public ValueTask<IReadOnlyList<ChannelSwitch>> Channels(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ChannelSwitch>>(
                [.. Enum.GetValues<MessageChannel>().Order().Select(channel => _switches.GetValueOrDefault(channel, new ChannelSwitch(channel, IsOn: false, null, null)))]);
        }
    }

    public ValueTask Turn(ChannelChange change, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var isOn = change.State != ChannelState.Off;
            if (isOn && !_on.Contains(change.Channel)) LeaveBehind(change.Channel);
            _switches[change.Channel] = new ChannelSwitch(change.Channel, isOn, change.At, change.By)
            {
                IsPaused = change.State == ChannelState.Paused,
                Reason = OutboxWords.Cut(change.Reason),
            };
            _on = isOn ? _on.With(change.Channel) : _on.Without(change.Channel);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<DeliveryCounts> Count(MessageChannel channel, DateTimeOffset? writtenFrom, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(new DeliveryCounts(_deliveries.Values
                .Where(delivery => delivery.Channel == channel && !(delivery.WrittenAt < writtenFrom))
                .GroupBy(delivery => delivery.Status).ToImmutableDictionary(same => same.Key, same => same.LongCount())));
        }
    }

    public ValueTask<long> SentSince(MessageChannel channel, DateTimeOffset from, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_deliveries.Values.LongCount(delivery => delivery.Channel == channel && (
                delivery.Status is DeliveryStatus.Claimed or DeliveryStatus.Sending
                || (delivery.Status is DeliveryStatus.Delivered or DeliveryStatus.Unknown && delivery.EndedAt >= from))));
        }
    }

    public ValueTask<IReadOnlyList<Delivery>> Standing(
        DeliveryStatus status, MessageChannel? channel, DeliveryId? after, int max, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<Delivery>>(
            [
                .. _deliveries.Values
                    .Where(delivery => delivery.Status == status && (channel is null || delivery.Channel == channel))
                    .Where(delivery => after is not { } last || InOrder.Compare(delivery.Id, last) > 0)
                    .OrderBy(delivery => delivery.Id, InOrder).Take(max),
            ]);
        }
    }

    public ValueTask<Delivery?> Find(DeliveryId id, CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult(_deliveries.GetValueOrDefault(id));
    }

    public ValueTask<bool> SendAgain(DeliveryId id, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_deliveries.TryGetValue(id, out var ended) || !DeliveryStates.Resendable.Contains(ended.Status)) return ValueTask.FromResult(false);
            _deliveries[id] = ended with
            {
                Status = DeliveryStatus.Waiting,
                DueAt = at,
                EndedAt = null,
                Receipt = null,
                AttemptsBefore = ended.Attempts,
                MayArriveTwice = ended.MayArriveTwice || ended.Status == DeliveryStatus.Unknown,
                Reason = OutboxWords.Cut(OutboxWords.Again(by, reason)),
            };
            _unreported.Remove(id);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<int> Stop(MessageChannel channel, DateTimeOffset? writtenFrom, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var waiting = _deliveries.Values.Where(delivery =>
                delivery.Channel == channel && delivery.Status is DeliveryStatus.Waiting or DeliveryStatus.Claimed
                && !(delivery.WrittenAt < writtenFrom)).ToList();
            foreach (var delivery in waiting) Ended(delivery, DeliveryStatus.Superseded, at, OutboxWords.Stopped(by, reason), receipt: null);
            return ValueTask.FromResult(waiting.Count);
        }
    }

    /// <summary>What waited when the channel was switched off is as old as what was written while it was.</summary>
    private void LeaveBehind(MessageChannel channel)
    {
        foreach (var delivery in _deliveries.Values.Where(delivery =>
            delivery.Channel == channel && delivery.Status is DeliveryStatus.Waiting or DeliveryStatus.Claimed).ToList())
        {
            _deliveries[delivery.Id] = delivery with { Status = DeliveryStatus.BeforeDelivery, DueAt = null, Reason = OutboxWords.OlderThanSwitchOn };
        }
    }

    private static readonly Comparer<DeliveryId> InOrder = Comparer<DeliveryId>.Create(
        static (one, other) => (one.Account.Value, one.Version, one.Ordinal).CompareTo((other.Account.Value, other.Version, other.Ordinal)));

    private ValueTask<bool> Change(Lease lease, DeliveryStatus[] from, Action<Delivery> change)
    {
        lock (_gate)
        {
            if (!_deliveries.TryGetValue(lease.Delivery, out var held) || held.Owner != lease.Owner || held.Attempts != lease.Attempt || !from.Contains(held.Status))
                return ValueTask.FromResult(false);
            change(held);
            return ValueTask.FromResult(true);
        }
    }

    private void Ended(Delivery delivery, DeliveryStatus status, DateTimeOffset at, string? reason, string? receipt)
    {
        _deliveries[delivery.Id] = delivery with
        {
            Status = status,
            DueAt = null,
            EndedAt = at,
            Reason = OutboxWords.Cut(reason),
            Receipt = OutboxWords.Cut(receipt),
        };
        if (delivery.Message.WantsOutcome()) _unreported.Add(delivery.Id);
    }
}
