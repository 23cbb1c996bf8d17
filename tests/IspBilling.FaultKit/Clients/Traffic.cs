using System.Collections.Concurrent;
using IspBilling.FaultKit.Processes;

namespace IspBilling.FaultKit.Clients;

public enum ErrandState
{
    /// <summary>Asked for, and no answer says what became of it.</summary>
    Unknown,

    /// <summary>Answered with success.</summary>
    Acknowledged,

    /// <summary>Answered with something that asking again does not mend.</summary>
    Refused,
}

/// <summary>
/// Callers of the API who go on whatever happens behind it: each runs errands one after the other, repeats an errand under its key
/// until it is answered, and reads in between.
/// </summary>
public sealed class Traffic : IAsyncDisposable
{
    private const int Callers = 6;

    /// <summary>Callers who repeat an unanswered errand only after its effects were counted.</summary>
    private const int PatientCallers = 2;

    private const double ReadShare = 0.5;
    private const double RepeatShare = 0.1;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ThinkTime = TimeSpan.FromMilliseconds(4);

    private readonly EngineClient _caller;
    private readonly IReadOnlyList<KnownClient> _clients;
    private readonly ConcurrentDictionary<Marker, ErrandState> _errands = new();
    private readonly PauseGate _gate = new();
    private readonly Task _running;
    private readonly int _seed;
    private Errand? _probe;
    private int _number;
    private volatile bool _stopping;
    private TaskCompletionSource _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Traffic(EngineClient caller, IReadOnlyList<KnownClient> clients, int seed)
    {
        (_caller, _clients, _seed) = (caller, clients, seed);
        _running = Task.WhenAll(Enumerable.Range(0, Callers).Select(Call));
    }

    /// <summary>What was ever asked for, and what is known of it.</summary>
    public IReadOnlyDictionary<Marker, ErrandState> Errands => _errands;

    /// <summary>Returns when no request is under way; none begins until <see cref="Resume"/>.</summary>
    public Task Pause() => _gate.Close();

    public void Resume()
    {
        Interlocked.Exchange(ref _counted, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        _gate.Open();
    }

    /// <summary>Ends when every errand under way has been answered. Not while paused.</summary>
    public async Task Finish()
    {
        _stopping = true;
        _counted.TrySetResult();
        await _running;
    }

    /// <summary>An errand of the harness itself: whether the engine serves writes again. Repeated until it is answered.</summary>
    public async Task<Attempt> Probe(DateOnly today)
    {
        var isRepeated = _probe is not null;
        var errand = _probe ??= Next(new Random(_seed), today) with { Kind = ErrandKind.Charge };
        _errands.TryAdd(errand.Marker, ErrandState.Unknown);
        var attempt = await Attempt(errand, isRepeated);
        if (_errands[errand.Marker] != ErrandState.Unknown) _probe = null;
        return attempt;
    }

    /// <summary>An errand each for so many clients, spread over all of them; ends when every one is done.</summary>
    public Task ProbeAll(int clients, DateOnly today)
    {
        var random = new Random(_seed);
        return Task.WhenAll(Enumerable.Range(0, clients).Select(async i =>
        {
            var errand = Next(random, today) with { Kind = ErrandKind.Charge, Client = _clients[(int)((long)i * _clients.Count / clients)] };
            await Run(errand, new Random(i), isPatient: false);
        }));
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await Finish();
        _gate.Dispose();
    }

    private async Task Call(int number)
    {
        await Task.Yield();
        var random = new Random((_seed * 31) + number);
        while (!_stopping)
        {
            if (random.NextDouble() < ReadShare) await Read(random);
            else await Run(Next(random, TrialTime.Today), random, isPatient: number < PatientCallers);
            await Task.Delay(ThinkTime);
        }
    }

    private Errand Next(Random random, DateOnly today) =>
        new(Marker.Of(Interlocked.Increment(ref _number)), Kind(random), _clients[random.Next(_clients.Count)], today);

    private static ErrandKind Kind(Random random) => random.Next(10) switch
    {
        < 5 => ErrandKind.Charge,
        < 7 => ErrandKind.Payment,
        < 8 => ErrandKind.Agreement,
        _ => ErrandKind.Push,
    };

    private async Task Read(Random random)
    {
        var client = _clients[random.Next(_clients.Count)].Reference;
        var path = random.Next(4) switch
        {
            0 => $"/v1/clients/{client}/documents",
            1 => $"/v1/clients/{client}/payments",
            _ => $"/v1/clients/{client}",
        };
        await _gate.Enter();
        try
        {
            if (!(await _caller.Get(path)).IsSuccess) await Task.Delay(RetryPause);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private async Task Run(Errand errand, Random random, bool isPatient)
    {
        _errands[errand.Marker] = ErrandState.Unknown;
        for (var isRepeated = false; ; isRepeated = true)
        {
            var counted = _counted.Task;
            var attempt = await Attempt(errand, isRepeated);
            if (_errands[errand.Marker] != ErrandState.Unknown) break;
            if (isPatient && attempt.Status is null) await counted;
            await Task.Delay(RetryPause);
        }

        // A caller who is not sure asks again although there was an answer.
        if (random.NextDouble() < RepeatShare) await Attempt(errand, isRepeated: true);
    }

    private async Task<Attempt> Attempt(Errand errand, bool isRepeated)
    {
        await _gate.Enter();
        try
        {
            using var request = await errand.Request();
            var attempt = await _caller.Send(request, isRepeated);
            if (attempt.IsSuccess) _errands[errand.Marker] = ErrandState.Acknowledged;
            else if (!attempt.MayBeRepeated) _errands.TryUpdate(errand.Marker, ErrandState.Refused, ErrandState.Unknown);
            return attempt;
        }
        finally
        {
            _gate.Leave();
        }
    }
}
