using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Coordination;

/// <summary>Completes the runs of days on which accounts bill in their turns, one look at a time.</summary>
/// <param name="asked">Told how many accounts a look had to ask, when it had to ask any.</param>
/// <param name="stopped">Told why a look ended early; the next one goes on.</param>
public sealed class DailyRunsCoordinator(
    DailyRuns days, IAccounts accounts, IDayTurns turns, Aside aside, Action<int> asked, Action<Exception> stopped) : IDisposable
{
    private readonly LongWork _work = new();

    /// <summary>Begins a look unless one is under way; returns at once.</summary>
    public void Look()
    {
        if (!_work.IsUnderWay) _work.Begin(LookAround);
    }

    public Task Stop() => _work.Stop();

    public void Dispose() => _work.Dispose();

    private async Task LookAround(CancellationToken stopping)
    {
        try
        {
            await aside(async () =>
            {
                var count = await days.Look(accounts, turns, stopping);
                if (count > 0) asked(count);
            });
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            stopped(failure);
        }
    }
}
