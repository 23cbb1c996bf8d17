using System.Collections.Concurrent;
using IspBilling.Outreach.Sending;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace IspBilling.Outreach.Dispatching;

/// <summary>What one attempt at a message has come to.</summary>
internal sealed class SendingAttempt
{
    public static readonly ResiliencePropertyKey<SendingAttempt> Key = new("ispbilling.attempt");

    /// <summary>The outbox knows that it is being sent; from here on, silence means that nobody knows.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Somebody else has the delivery in hand.</summary>
    public bool IsLost { get; set; }
}

/// <summary>
/// How each target is talked to: so many talks at once, each in so much time, tried again shortly while nothing was sent, and left alone for a
/// while when it does not answer. A target that refuses one message answers, and goes on.
/// </summary>
internal sealed class TargetPipelines(DispatcherOptions options, TimeProvider clock)
{
    private const int TalksBeforeBreak = 8;

    private readonly ConcurrentDictionary<string, Target> _targets = new(StringComparer.Ordinal);

    /// <exception cref="BrokenCircuitException">The target is left alone for now.</exception>
    public async ValueTask<SendResult> Send(
        string target, SendingAttempt attempt, Func<CancellationToken, ValueTask<SendResult>> send, CancellationToken cancellation)
    {
        var (pipeline, room) = _targets.GetOrAdd(target, _ => new Target(Build(), new SemaphoreSlim(options.PerTarget)));
        await room.WaitAsync(cancellation);
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(SendingAttempt.Key, attempt);
            return await pipeline.ExecuteAsync(static (context, send) => send(context.CancellationToken), context, send);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            room.Release();
        }
    }

    private ResiliencePipeline<SendResult> Build()
    {
        var pipeline = new ResiliencePipelineBuilder<SendResult> { TimeProvider = clock };
        if (options.ShortRetries > 0) pipeline.AddRetry(ShortRetries());
        return pipeline.AddCircuitBreaker(Breaker()).AddTimeout(options.Timeout).Build();
    }

    private RetryStrategyOptions<SendResult> ShortRetries() => new()
    {
        ShouldHandle = args => new ValueTask<bool>(IsWithoutAnswer(args.Context, args.Outcome.Result) && args.Outcome.Result is SendResult.Refused { After: null }),
        MaxRetryAttempts = options.ShortRetries,
        Delay = options.ShortDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
    };

    private CircuitBreakerStrategyOptions<SendResult> Breaker() => new()
    {
        ShouldHandle = args => new ValueTask<bool>(args.Outcome.Result is SendResult.Unknown || IsWithoutAnswer(args.Context, args.Outcome.Result)),
        MinimumThroughput = TalksBeforeBreak,
        BreakDuration = options.Break,
    };

    /// <summary>Nothing was sent, because the target could not be reached.</summary>
    private static bool IsWithoutAnswer(ResilienceContext context, SendResult? result) =>
        result is SendResult.Refused { IsPermanent: false } && context.Properties.TryGetValue(SendingAttempt.Key, out var attempt) && attempt is { HasBegun: false, IsLost: false };

    private sealed record Target(ResiliencePipeline<SendResult> Pipeline, SemaphoreSlim Room);
}
