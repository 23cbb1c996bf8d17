using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Orleans.Accounts;
using Microsoft.Extensions.Logging;
using Orleans;

namespace IspBilling.Orleans.Reviews;

/// <summary>
/// Orleans ticks when a silo is up at the time and not afterwards. What was due while no silo was up, or of an account that has no
/// reminder yet because it comes from a single machine, is found by its date.
/// </summary>
internal sealed class MissedReviewsGrain(IReviewStore store, LiveContext contexts, ReviewClock reviews, ILogger<MissedReviewsGrain> log)
    : Grain, IMissedReviewsGrain
{
    private const int PageSize = 1_024;

    /// <summary>A look ends well before a caller's patience; the next goes on, because who was asked is no longer due.</summary>
    private const int PagesPerLook = 8;

    private bool _looking;

    public async Task<int> CatchUp()
    {
        if (_looking) return 0;
        _looking = true;
        try
        {
            return await AskMissed();
        }
        finally
        {
            _looking = false;
        }
    }

    private async Task<int> AskMissed()
    {
        var (asked, after) = (0, default(DueReview));
        for (var page = 0; page < PagesPerLook; page++)
        {
            var due = await store.DueAfter(contexts.Today, after, PageSize, CancellationToken.None);
            if (due.Count == 0) break;
            after = due[^1];
            var missed = due.Where(review => review.On < contexts.Today || reviews.HasPassed(review.Account)).ToList();
            await Task.WhenAll(missed.Select(review => Ask(review.Account)));
            asked += missed.Count;
        }

        if (asked > 0) log.LogInformation("{Count} accounts were asked whose reminder had not come.", asked);
        return asked;
    }

    /// <summary>One account that is parked or out of reach holds up nobody else; it stays due.</summary>
    private async Task Ask(AccountId account)
    {
        try
        {
            await GrainFactory.GetGrain<IAccountGrain>(account.Value).CatchUp();
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Account {Account} is still due.", account);
        }
    }
}
