using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Sending;
using Polly.CircuitBreaker;

namespace IspBilling.Outreach.Dispatching;

/// <summary>What a dispatcher stands on.</summary>
public sealed record DispatcherPorts(
    IOutbox Outbox, IAccounts Accounts, IUnassignedMoney Money, IMessageFacts Facts, IMessageComposer Composer, IDocumentPrints Prints, ISendingTimes Times)
{
    /// <summary>Where mails are kept that no address takes; null where nobody looks for another way.</summary>
    public IMailReturns? Returns { get; init; }
}

/// <summary>When messages may go, as the provider's rules say now.</summary>
public interface ISendingTimes
{
    SendingHours Of(MessageChannel channel);
}

/// <summary>
/// Delivers what is due on one channel. Any number of them work beside each other on any number of nodes: a lease makes each delivery one's own.
/// <code>
///   claim ▶ ask the account again ▶ read facts ▶ compose ▶ print ▶ begin ▶ send ▶ end
///                  │                                          │
///                  └─ superseded, or wait                     └─ from here on, silence means unknown
/// </code>
/// </summary>
public sealed class Dispatcher
{
    /// <summary>After a claim that failed: the database is away, or about to be back.</summary>
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(5);

    private static readonly Actor By = Actor.System("outbox");

    private readonly IMessageSender _sender;
    private readonly DispatcherPorts _ports;
    private readonly DispatcherOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<Exception?, string> _warn;
    private readonly TargetPipelines _pipelines;
    private readonly string _owner;

    /// <param name="clock">Tells when a delivery is due, and measures leases, timeouts and breaks.</param>
    /// <param name="warn">Writes to the log what an operator should see.</param>
    public Dispatcher(IMessageSender sender, DispatcherPorts ports, DispatcherOptions options, TimeProvider clock, Action<Exception?, string> warn)
    {
        (_sender, _ports, _options, _clock, _warn) = (sender, ports, options, clock, warn);
        _pipelines = new TargetPipelines(options, clock);
        _owner = $"{Environment.MachineName}/{sender.Channel}/{Guid.NewGuid():n}";
    }

    /// <summary>Delivers until it is told to stop; then ends what it has in hand.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var pause = _options.Idle;
            try
            {
                if (await Pass(stop) == _options.Claim) continue;
            }
            catch (Exception outage) when (!stop.IsCancellationRequested)
            {
                _warn(outage, $"Messages by {_sender.Channel} are not looked for; what waits goes on waiting.");
                pause = OutagePause;
            }

            await Task.Delay(pause, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One claim, and what was claimed dealt with.</summary>
    /// <returns>How many deliveries were claimed.</returns>
    public async Task<int> Pass(CancellationToken stop)
    {
        var now = _clock.GetUtcNow();
        if (await Room(now, stop) is not (> 0 and var room)) return 0;
        var claimed = await _ports.Outbox.Claim(_sender.Channel, _owner, now, now + _options.Lease, Math.Min(room, _options.Claim), stop);
        await Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = _options.Workers }, async (delivery, _) => await Attempt(delivery, stop));
        return claimed.Count;
    }

    /// <summary>How many messages may go now. Dispatchers that look at the same moment may pass a cap by one claim of each other.</summary>
    private async Task<int> Room(DateTimeOffset now, CancellationToken stop)
    {
        var times = _ports.Times.Of(_sender.Channel);
        return times.Room(now, times.HasCap ? await _ports.Outbox.SentSince(_sender.Channel, times.DayBegan(now), stop) : 0);
    }

    private async Task Attempt(Delivery delivery, CancellationToken stop)
    {
        var started = _clock.GetTimestamp();
        var ending = "failure";
        try
        {
            await using var lease = new KeptLease(_ports.Outbox, delivery.Lease, _options.Lease, _clock);
            ending = await Deliver(delivery, lease, stop);
        }
        catch (Exception failure)
        {
            // Its lease runs out, and it is claimed again.
            _warn(failure, $"The attempt at message {delivery.Id} broke off; it is taken in hand again when its lease has run out.");
        }

        OutreachTelemetry.Attempted(delivery.Channel, ending, _clock.GetElapsedTime(started));
    }

    /// <returns>What became of it, in a word.</returns>
    private async Task<string> Deliver(Delivery delivery, KeptLease lease, CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return await RetryAt(delivery, _clock.GetUtcNow(), "the dispatcher was told to stop");
        if (await AskAgain(delivery, lease.Lost) is { } ended) return ended;
        if (await _ports.Facts.Of(delivery, lease.Lost) is not { } facts) return await End(delivery, DeliveryOutcome.Superseded, "the account is not there any more");
        switch (await _ports.Composer.Compose(delivery, facts, lease.Lost))
        {
            case Composition.Impossible impossible:
                return await Retry(delivery, impossible.Reason);
            case Composition.Written written when await Attachments(delivery, lease.Lost) is { } attachments:
                return await Send(new ReadyMessage(delivery, facts, written.Text, attachments), lease);
            default:
                return await Retry(delivery, "the document cannot be printed");
        }
    }

    /// <summary>Whether what the message says still holds, right before it is said.</summary>
    /// <returns>What became of the delivery; null when it goes on.</returns>
    private async Task<string?> AskAgain(Delivery delivery, CancellationToken cancellation)
    {
        var id = CommandIds.Derive("confirm-delivery", string.Create(CultureInfo.InvariantCulture, $"{delivery.Id} {delivery.Attempts}"));
        var reply = await _ports.Accounts.Ask(delivery.Id.Account, new Envelope(id, new ConfirmMessage(delivery.Message), By, Bulk: true), cancellation);
        switch (reply)
        {
            case MessageHoldsNoMore gone:
                return await End(delivery, DeliveryOutcome.Superseded, gone.Reason);
            case MessageHolds when delivery.Message is SendReminder && await _ports.Money.MayBeOf(delivery.Id.Account, cancellation):
                return await RetryAt(delivery, _clock.GetUtcNow() + _options.MoneyWait, "money that may be the client's waits to be assigned");
            case MessageHolds:
                return null;
            case Parked parked:
                return await Retry(delivery, $"the account could not say whether it still holds: {parked.Reason}");
            default:
                return await Retry(delivery, $"the account could not say whether it still holds: {reply}");
        }
    }

    private async Task<ImmutableArray<Attachment>?> Attachments(Delivery delivery, CancellationToken cancellation)
    {
        if (delivery.Message is not DeliverDocument document) return ImmutableArray<Attachment>.Empty;
        return await _ports.Prints.Of(delivery.Id.Account, document.Document, cancellation) is { } print
            ? [new Attachment($"{print.Number}.pdf", "application/pdf", print.Pdf)]
            : null;
    }

    private async Task<string> Send(ReadyMessage message, KeptLease lease)
    {
        var (delivery, attempt) = (message.Delivery, new SendingAttempt());
        SendResult result;
        try
        {
            result = await _pipelines.Send($"{delivery.Channel}/{message.Facts.Sender.Issuer}", attempt, token => Talk(message, attempt, token), lease.Lost);
        }
        catch (BrokenCircuitException open)
        {
            return await Retry(delivery, "the target does not answer and is left alone for a while", open.RetryAfter);
        }

        if (attempt.IsLost) return "lost";
        return result switch
        {
            SendResult.Accepted accepted => await End(delivery, DeliveryOutcome.Delivered, reason: null, accepted.Receipt),
            SendResult.Refused { IsPermanent: true } refused => await Refuse(message, refused),
            SendResult.Refused refused => await Retry(delivery, refused.Reason, refused.After),
            SendResult.Unknown unknown => await End(delivery, DeliveryOutcome.Unknown, unknown.Reason),
            _ => throw new InvariantBrokenException($"no such result {result}"),
        };
    }

    /// <summary>Kept before it ends: a process that dies between the two ends it by its next attempt, and nobody is forgotten.</summary>
    private async Task<string> Refuse(ReadyMessage message, SendResult.Refused refused)
    {
        if (refused.Address is { } address && _ports.Returns is { } returns)
        {
            ImmutableArray<string> recipients = message.Facts.Email is { } email ? [email] : [];
            await returns.Keep(
                new MailReturn(
                    message.Delivery.Id, address.Kind, "server", address.Status, refused.Reason, recipients, address.SoftLimit, WasAccepted: false, _clock.GetUtcNow()),
                CancellationToken.None);
        }

        return await End(message.Delivery, DeliveryOutcome.Failed, refused.Reason);
    }

    private async ValueTask<SendResult> Talk(ReadyMessage message, SendingAttempt attempt, CancellationToken cancellation)
    {
        try
        {
            return await _sender.Send(message, Begin, cancellation);
        }
        catch (OperationCanceledException)
        {
            return WithoutAnswer(attempt, "the target did not answer in time");
        }
        catch (Exception fault)
        {
            _warn(fault, $"Message {message.Delivery.Id} met a fault while it was being sent.");
            return WithoutAnswer(attempt, $"{fault.GetType().Name}: {fault.Message}");
        }

        async ValueTask<bool> Begin(CancellationToken token)
        {
            if (await _ports.Outbox.BeginSending(message.Delivery.Lease, _clock.GetUtcNow() + _options.Lease, token)) return attempt.HasBegun = true;
            attempt.IsLost = true;
            return false;
        }
    }

    private static SendResult WithoutAnswer(SendingAttempt attempt, string reason) =>
        attempt.HasBegun ? new SendResult.Unknown(reason) : new SendResult.Refused(reason, IsPermanent: false);

    private async Task<string> Retry(Delivery delivery, string reason, TimeSpan? after = null)
    {
        if (RetryTable.After(delivery.Attempts - delivery.AttemptsBefore, Random.Shared.NextDouble(), after) is not { } delay)
            return await End(delivery, DeliveryOutcome.Dead, reason);
        return await RetryAt(delivery, _clock.GetUtcNow() + delay, reason);
    }

    private async Task<string> RetryAt(Delivery delivery, DateTimeOffset at, string reason) =>
        await _ports.Outbox.RetryLater(delivery.Lease, at, reason, CancellationToken.None) ? "retry" : "lost";

    private async Task<string> End(Delivery delivery, DeliveryOutcome outcome, string? reason, string? receipt = null)
    {
        if (await _ports.Outbox.End(delivery.Lease, outcome, _clock.GetUtcNow(), reason, receipt, CancellationToken.None)) return outcome.ToString();
        _warn(null, $"Message {delivery.Id} ended as {outcome}, and somebody else had taken it in hand meanwhile.");
        return "lost";
    }
}
