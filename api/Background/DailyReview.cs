using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;

namespace IspBilling.Api.Background;

/// <summary>Wakes the accounts of which something falls due, once a business day and once after every start.</summary>
internal sealed class DailyReview(ReviewPump pump, LiveContext contexts, TimeProvider clock, ILogger<DailyReview> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateOnly? reviewed = null;
        while (true)
        {
            var today = contexts.Today;
            if (today != reviewed && await Review(today, stoppingToken)) reviewed = today;
            await Task.Delay(Look, clock, stoppingToken);
        }
    }

    private async Task<bool> Review(DateOnly today, CancellationToken cancellation)
    {
        try
        {
            var summary = await pump.RunDay(cancellation);
            if (summary.Reviewed > 0) log.LogInformation("Reviews of {Day:yyyy-MM-dd}: {Summary}.", today, summary);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not HostStoppingException)
        {
            // Whoever was reviewed stays so; the rest is found again at the next look.
            log.LogError(failure, "Reviews of {Day:yyyy-MM-dd} stopped and are tried again.", today);
            return false;
        }
    }
}
