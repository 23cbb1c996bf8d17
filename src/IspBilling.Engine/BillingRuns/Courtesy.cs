namespace IspBilling.Engine.BillingRuns;

/// <summary>
/// Whether people wait for answers while bulk work goes on. A garbage collection walks through whatever bulk work has in hand, and everybody
/// waits meanwhile; so a run takes less in hand while it is not alone. A worker, which nobody asks, is told by the nodes that people ask.
/// </summary>
public sealed class Courtesy(TimeProvider clock)
{
    /// <summary>Questions a second that one patient person, or a page that follows the run's progress, does not reach.</summary>
    private const int Few = 5;

    /// <summary>Longer than the pause after which it is said again.</summary>
    private static readonly TimeSpan SaidFor = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private long _second;
    private int _asked;
    private int _askedBefore;
    private long? _saidAt;

    public bool IsDue => IsDueHere || IsDueElsewhere;

    /// <summary>People ask this process.</summary>
    public bool IsDueHere
    {
        get
        {
            lock (_gate)
            {
                TurnSecond();
                return Math.Max(_asked, _askedBefore) >= Few;
            }
        }
    }

    private bool IsDueElsewhere
    {
        get
        {
            lock (_gate) return _saidAt is { } at && clock.GetElapsedTime(at) < SaidFor;
        }
    }

    /// <summary>Another process says whether people ask it.</summary>
    public void Hear(bool peopleWait)
    {
        if (!peopleWait) return;
        lock (_gate) _saidAt = clock.GetTimestamp();
    }

    /// <summary>Somebody asked something and waits.</summary>
    public void Asked()
    {
        lock (_gate)
        {
            TurnSecond();
            _asked++;
        }
    }

    private void TurnSecond()
    {
        var second = clock.GetTimestamp() / clock.TimestampFrequency;
        if (second == _second) return;
        (_askedBefore, _asked) = (second == _second + 1 ? _asked : 0, 0);
        _second = second;
    }
}
