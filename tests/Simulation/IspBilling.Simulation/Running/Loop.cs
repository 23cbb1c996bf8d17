using IspBilling.Domain;

namespace IspBilling.Simulation.Running;

/// <summary>
/// Runs everything of a simulation on one thread, one step after another. What is ready runs in order; when nothing is, the dice
/// choose whose waiting ends, and that is how commands, commits and replies overtake each other.
/// </summary>
public sealed class Loop : SynchronizationContext
{
    private readonly Dice _dice;
    private readonly SimulatedClock _clock;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly List<(TaskCompletionSource Waiting, DateTimeOffset NotBefore)> _waiting = [];

    public Loop(Dice dice, SimulatedClock clock)
    {
        (_dice, _clock) = (dice, clock);
        clock.WaitUntil = WaitUntil;
    }

    /// <summary>Steps run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Called after every step.</summary>
    public Action AfterStep { get; set; } = static () => { };

    /// <summary>Called before somebody's waiting ends: here faults of the world happen.</summary>
    public Action BeforeWaking { get; set; } = static () => { };

    /// <summary>Called when work that nobody waits for failed.</summary>
    public Action<string, Exception> Broke { get; set; } = static (_, _) => { };

    /// <summary>Pieces of work begun and not ended that nobody waits for.</summary>
    public int Outstanding { get; private set; }

    /// <summary>How long virtual time goes on while somebody waits.</summary>
    public TimeSpan Pace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a while: a message on its way, a disk, a caller who tries again later.</summary>
    public Task Wait() => WaitUntil(DateTimeOffset.MinValue);

    /// <summary>Waits for a while that lasts at least until a moment.</summary>
    public Task WaitUntil(DateTimeOffset moment)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((waiting, moment));
        return waiting.Task;
    }

    /// <summary>Begins work that nobody waits for.</summary>
    public async void Begin(string what, Func<Task> work)
    {
        Outstanding++;
        try
        {
            await work();
        }
        catch (Exception failure)
        {
            Broke(what, failure);
        }
        finally
        {
            Outstanding--;
        }
    }

    /// <summary>Runs until a task has ended; whatever it left waiting stays.</summary>
    /// <exception cref="InvalidOperationException">Nothing is left to run and the task has not ended, or it ran beyond all bounds.</exception>
    public void RunUntilEnded(Func<Task> start, long maxSteps)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = start();
            while (!task.IsCompleted)
            {
                if (Steps >= maxSteps) throw new InvalidOperationException($"still running after {maxSteps} steps");
                if (!Step()) throw new InvalidOperationException("everybody waits for somebody: nothing can go on");
            }

            if (task.Exception is { } failed) throw failed.InnerException ?? failed;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        // Somebody continued on another thread: then the seed no longer decides everything.
        Invariant.Require(Environment.CurrentManagedThreadId == _thread);
        _ready.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    private bool Step()
    {
        if (_ready.TryDequeue(out var next))
        {
            Steps++;
            next.Callback(next.State);
            AfterStep();
            return true;
        }

        if (_waiting.Count == 0) return false;
        BeforeWaking();
        _clock.Advance(Pace * _dice.Below(3));
        var at = _dice.Below(_waiting.Count);
        var (waiting, notBefore) = _waiting[at];
        _clock.MoveTo(notBefore);
        _waiting[at] = _waiting[^1];
        _waiting.RemoveAt(_waiting.Count - 1);
        waiting.SetResult();
        return true;
    }
}
