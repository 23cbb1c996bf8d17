namespace IspBilling.Engine.BillingRuns;

/// <summary>
/// Makes a run that was just stored begin at once. The run waits in the database and not here: if nobody hears the bell, it is found a
/// moment later.
/// </summary>
public sealed class RunBell
{
    private Action? _ring;

    /// <param name="ring">Returns at once; it does not wait for the run.</param>
    public void Connect(Action ring) => _ring += ring;

    public void Ring() => _ring?.Invoke();
}
