using System.Collections.Concurrent;
using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Dispatching;
using IspBilling.Outreach.Sending;
using Microsoft.Extensions.Time.Testing;

namespace IspBilling.Outreach.Tests.Dispatching;

/// <summary>An outbox, a target, and dispatchers between them, in a time of their own.</summary>
internal sealed class DispatcherBench
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; } = new(Noon);

    public InMemoryOutbox Outbox { get; } = new();

    public FakeTarget Target { get; } = new();

    /// <summary>What the accounts answer when they are asked again.</summary>
    public Func<AccountId, AccountReply> Account { get; set; } = _ => MessageHolds.Instance;

    public HashSet<AccountId> HasMoney { get; } = [];

    public Func<Delivery, Composition> Words { get; set; } = _ => new Composition.Written(Messages.Text);

    public SendingHours Hours { get; set; } = new(window: null, dailyCap: null, FreeDays.None, TimeZoneInfo.Utc);

    public List<string> Warnings { get; } = [];

    public async Task SwitchOn() => await Outbox.Switch(MessageChannel.Email, isOn: true, Messages.Clerk, Clock.GetUtcNow(), CancellationToken.None);

    public DeliveryId Write(long account, OutgoingMessage? message = null)
    {
        Outbox.Add(new AccountId(account), 1, [message ?? Messages.Reminder], Clock.GetUtcNow());
        return new DeliveryId(new AccountId(account), 1, 1);
    }

    /// <param name="life">Ends the dispatcher at one of its calls; null lets it live.</param>
    public Dispatcher Dispatcher(Life? life = null, DispatcherOptions? options = null)
    {
        life ??= new Life(int.MaxValue);
        var ports = new MortalPorts(this, life);
        return new Dispatcher(
            ports, new DispatcherPorts(ports, ports, ports, ports, ports, ports, ports), options ?? new DispatcherOptions { ShortRetries = 0 }, Clock,
            (failure, text) =>
            {
                lock (Warnings) Warnings.Add($"{text} {failure}");
            });
    }

    public async Task<Delivery> Find(DeliveryId id) => (await Outbox.Find(id, CancellationToken.None))!;

    /// <summary>A dispatcher that nothing befalls looks again every so often.</summary>
    public async Task LiveOn(TimeSpan time, TimeSpan every)
    {
        var dispatcher = Dispatcher();
        for (var passed = TimeSpan.Zero; passed < time; passed += every)
        {
            while (await dispatcher.Pass(CancellationToken.None) > 0)
            {
            }

            Clock.Advance(every);
        }
    }
}

/// <summary>How many calls a dispatcher makes until its process ends: the call is made, and nobody hears the answer.</summary>
internal sealed class Life(int calls)
{
    private int _made;

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Over => _over.Task;

    public async ValueTask<T> Call<T>(Func<ValueTask<T>> call)
    {
        var number = Interlocked.Increment(ref _made);
        if (number > calls)
        {
            // A call within one that is under way: the process ended meanwhile.
            _over.TrySetResult();
            await Task.Delay(Timeout.Infinite);
        }

        var answer = await call();
        if (number < calls) return answer;
        _over.TrySetResult();
        await Task.Delay(Timeout.Infinite);
        return answer;
    }
}

/// <summary>Accepts what it is sent, unless it is told otherwise.</summary>
internal sealed class FakeTarget
{
    public ConcurrentDictionary<DeliveryId, int> Accepted { get; } = [];

    /// <summary>Called before anything is sent; a result is the answer.</summary>
    public Func<Delivery, CancellationToken, Task<SendResult?>> Reach { get; set; } = (_, _) => Task.FromResult<SendResult?>(null);

    /// <summary>Called when the message has arrived.</summary>
    public Func<Delivery, CancellationToken, Task<SendResult>> Answer { get; set; } = (_, _) => Task.FromResult<SendResult>(new SendResult.Accepted("250 ok"));

    /// <summary>Whether it takes what it is sent.</summary>
    public bool Takes { get; set; } = true;

    public int Reached;

    public async ValueTask<SendResult> Send(ReadyMessage message, Func<CancellationToken, ValueTask<bool>> begin, CancellationToken cancellation)
    {
        Interlocked.Increment(ref Reached);
        if (await Reach(message.Delivery, cancellation) is { } unreached) return unreached;
        if (!await begin(cancellation)) return new SendResult.Refused("lost", IsPermanent: false);
        if (Takes) Accepted.AddOrUpdate(message.Delivery.Id, 1, static (_, count) => count + 1);
        return await Answer(message.Delivery, cancellation);
    }
}

/// <summary>Every way out of a dispatcher, as long as it lives.</summary>
internal sealed class MortalPorts(DispatcherBench bench, Life life)
    : IOutbox, IAccounts, IUnassignedMoney, IMessageFacts, IMessageComposer, IDocumentPrints, IMessageSender, ISendingTimes
{
    private readonly InMemoryOutbox _outbox = bench.Outbox;

    public MessageChannel Channel => MessageChannel.Email;

    public ValueTask<IReadOnlyList<Delivery>> Claim(
        MessageChannel channel, string owner, DateTimeOffset now, DateTimeOffset until, int max, CancellationToken cancellation) =>
        life.Call(() => _outbox.Claim(channel, owner, now, until, max, cancellation));

    public ValueTask<bool> Renew(Lease lease, DateTimeOffset until, CancellationToken cancellation) => life.Call(() => _outbox.Renew(lease, until, cancellation));

    public ValueTask<bool> BeginSending(Lease lease, DateTimeOffset until, CancellationToken cancellation) =>
        life.Call(() => _outbox.BeginSending(lease, until, cancellation));

    public ValueTask<bool> RetryLater(Lease lease, DateTimeOffset nextAttempt, string reason, CancellationToken cancellation) =>
        life.Call(() => _outbox.RetryLater(lease, nextAttempt, reason, cancellation));

    public ValueTask<bool> End(Lease lease, DeliveryOutcome outcome, DateTimeOffset at, string? reason, string? receipt, CancellationToken cancellation) =>
        life.Call(() => _outbox.End(lease, outcome, at, reason, receipt, cancellation));

    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation) =>
        life.Call(() => ValueTask.FromResult(envelope.Command is ConfirmMessage ? bench.Account(account) : throw new NotSupportedException()));

    public ValueTask<bool> MayBeOf(AccountId account, CancellationToken cancellation) => life.Call(() => ValueTask.FromResult(bench.HasMoney.Contains(account)));

    public ValueTask<MessageFacts?> Of(Delivery delivery, CancellationToken cancellation) =>
        life.Call(() => ValueTask.FromResult<MessageFacts?>(Messages.Facts(delivery.Id.Account)));

    public ValueTask<Composition> Compose(Delivery delivery, MessageFacts facts, CancellationToken cancellation) => life.Call(() => ValueTask.FromResult(bench.Words(delivery)));

    public ValueTask<DocumentPrint?> Of(AccountId account, int document, CancellationToken cancellation) =>
        life.Call(() => ValueTask.FromResult<DocumentPrint?>(new DocumentPrint("2600000001", new byte[] { 1, 2, 3 })));

    /// <summary>Counts as a call when the target has answered: what it calls itself counts before.</summary>
    public async ValueTask<SendResult> Send(ReadyMessage message, Func<CancellationToken, ValueTask<bool>> begin, CancellationToken cancellation)
    {
        var result = await bench.Target.Send(message, begin, cancellation);
        return await life.Call(() => ValueTask.FromResult(result));
    }

    public ValueTask<bool> Return(DeliveryId id, int attempt, DateTimeOffset at, string reason, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Delivery>> Unreported(DeliveryId? after, int max, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask Reported(IReadOnlyCollection<Delivery> deliveries, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Delivery>> History(AccountId account, DeliveryId? before, int max, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ChannelSwitch>> Channels(CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask Turn(ChannelChange change, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<long> SentSince(MessageChannel channel, DateTimeOffset from, CancellationToken cancellation) =>
        life.Call(() => _outbox.SentSince(channel, from, cancellation));

    public SendingHours Of(MessageChannel channel) => bench.Hours;

    public ValueTask<DeliveryCounts> Count(MessageChannel channel, DateTimeOffset? writtenFrom, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Delivery>> Standing(
        DeliveryStatus status, MessageChannel? channel, DeliveryId? after, int max, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Delivery?> Find(DeliveryId id, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<bool> SendAgain(DeliveryId id, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<int> Stop(
        MessageChannel channel, DateTimeOffset? writtenFrom, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation) => throw new NotSupportedException();
}
