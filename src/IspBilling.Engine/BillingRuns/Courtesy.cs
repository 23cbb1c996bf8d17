namespace IspBilling.Engine.BillingRuns;

/// <summary>
/// Whether people wait for answers while bulk work goes on. What bulk work has in hand is what a garbage collection must walk
/// through while everybody waits, so a run takes less in hand while it is not alone.
/// </summary>
public sealed class Courtesy(TimeProvider clock)
{
    /// <summary>Questions a second that one patient person, or a page that follows the run's progress, does not reach.</summary>
    private const int Few = 5;

    private readonly Lock _gate = new();
    private long _second;
    private int _asked;
    private int _askedBefore;

    public bool IsDue
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
